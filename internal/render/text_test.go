package render

import (
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
)

// None of these takes a browser, and none may be mistaken for a page.
func TestRender_TextFormats(t *testing.T) {
	t.Parallel()
	for format, want := range map[export.Format]struct{ begin, contentType string }{
		export.Text:     {"Käthe Strößner-Müller\n=====================\n", "text/plain; charset=utf-8"},
		export.Markdown: {"# Käthe Strößner-Müller\n\nIndustriemeisterin Elektrotechnik\n", "text/markdown; charset=utf-8; variant=CommonMark"},
		export.TeX:      {"\\documentclass[10pt,letterpaper]{article}\n", "application/x-tex"},
	} {
		a, err := Render(t.Context(), noPrinter(t), sample(t, "german"), Options{Format: format, Template: "classic", Paper: export.Letter})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(a.Data), want.begin) {
			t.Errorf("%s begins %.80q", format, a.Data)
		}
		if a.ContentType != want.contentType || !strings.HasSuffix(a.Filename, "Lebenslauf."+string(format)) || a.Pages != 0 {
			t.Errorf("%s: type %q, file name %q, %d pages", format, a.ContentType, a.Filename, a.Pages)
		}
	}
	_, err := Render(t.Context(), noPrinter(t), sample(t, "german"), Options{Format: export.TeX, Paper: "a5"})
	if f := export.FailureOf(err); err == nil || f.Code != export.InvalidRequest {
		t.Errorf("an unknown paper: %v", err)
	}
}
