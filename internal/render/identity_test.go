package render

import (
	"bytes"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// TestRender_SameBytesInAnotherBrowser makes files of every format and template in the
// shared browser and later in a new one: the bytes are the same and do not contain the
// time.
func TestRender_SameBytesInAnotherBrowser(t *testing.T) {
	t.Parallel()
	used := testenv.Engine(t)
	fresh, err := chrome.Start(t.Context(), chrome.Options{Slots: 1, NoStandby: true, TempDir: os.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := fresh.Close(); err != nil {
			t.Error(err)
		}
	})
	today := time.Now().UTC()
	files := func(p Printer) map[string][]byte {
		made := map[string][]byte{}
		for _, slug := range []string{"german", "arabic", "designer"} {
			r := sample(t, slug)
			for _, template := range html.Templates() {
				for _, format := range export.Formats() {
					o := Options{Format: format, Template: template.Name, Paper: export.A4}
					if format == export.PDF && slug == "german" {
						o.Fit, o.EmbedSource = export.Fit{MaxPages: 1, MinFontPt: 7}, true
					}
					a, err := Render(t.Context(), p, r, o)
					if err != nil {
						t.Fatal(err)
					}
					made[fmt.Sprintf("%s in %s as %s", slug, template.Name, format)] = a.Data
				}
			}
		}
		return made
	}
	first := files(used)
	second := files(fresh)
	if len(first) != 3*len(html.Templates())*len(export.Formats()) {
		t.Fatalf("%d files", len(first))
	}
	for name, data := range first {
		if !bytes.Equal(data, second[name]) {
			t.Errorf("%s: %d bytes, then %d others", name, len(data), len(second[name]))
		}
		for _, clock := range []string{today.Format("D:20060102"), today.Format("2006-01-02T")} {
			if bytes.Contains(data, []byte(clock)) {
				t.Errorf("%s holds the date of today", name)
			}
		}
	}
}
