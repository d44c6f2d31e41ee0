package render

import (
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
)

func TestCheckFormats(t *testing.T) {
	t.Parallel()
	if err := CheckFormats(); err != nil {
		t.Error(err)
	}
}

// TestPrepare_EveryFormat: every format of the table can be prepared, with its media type
// and extension.
func TestPrepare_EveryFormat(t *testing.T) {
	t.Parallel()
	for _, f := range export.FormatTable() {
		d, err := Prepare(sample(t, "german"), Options{Format: f.Name, Template: "classic", Paper: export.A4})
		if err != nil {
			t.Errorf("%s: %v", f.Name, err)
			continue
		}
		if made := d.file.Data != nil; made == f.Browser || d.toPrint != f.Browser || d.file.ContentType != f.MediaType || d.file.Filename != d.file.Document.FileName+f.Ending {
			t.Errorf("%s: made without a browser: %t; type %q; name %q", f.Name, made, d.file.ContentType, d.file.Filename)
		}
	}
	if _, err := Prepare(sample(t, "german"), Options{Format: "rtf", Template: "classic", Paper: export.A4}); export.FailureOf(err).Code != export.InvalidRequest {
		t.Errorf("an unknown format: %v", err)
	}
}
