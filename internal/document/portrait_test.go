package document_test

import (
	"testing"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume"
)

func TestDocument_PortraitNote(t *testing.T) {
	t.Parallel()
	const small = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw=="
	for name, c := range map[string]struct {
		image         string
		shown, remark bool
	}{
		"none":    {"", false, false},
		"shown":   {small, true, false},
		"address": {"https://example.com/me.jpg", false, true},
		"damaged": {small[:40], false, true},
	} {
		d, err := document.New(resume.Resume{Person: resume.Person{FirstName: "Ada", Image: c.image}})
		if err != nil {
			t.Fatal(err)
		}
		n, ok := d.PortraitNote()
		if shown := d.Portrait().URI() != ""; shown != c.shown || ok != c.remark {
			t.Errorf("%s: shown %t, noted %t", name, shown, ok)
		}
		if ok && (n.Path != "basics.image" || n.Code != note.PictureNotUsed || n.Message == "" || n.Hint == "") {
			t.Errorf("%s: %+v", name, n)
		}
	}
}
