package render

import (
	"bytes"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/samples"
)

// TestGoldenFiles_NoticeSmallChange: the tolerances reject small visible changes.
func TestGoldenFiles_NoticeSmallChange(t *testing.T) {
	t.Parallel()
	s, err := samples.Get("german")
	if err != nil {
		t.Fatal(err)
	}
	golden := readPages(t)
	for name, c := range map[string]struct {
		old, new string
		says     string // part of a complaint
	}{
		"nothing":                    {"<body", "<body", ""},
		"a margin 1 mm wider":        {"margin: 13mm 18mm 11mm", "margin: 13mm 18mm 11mm 19mm", "brightness"},
		"text a hundredth larger":    {"font-size: 9.75pt", "font-size: 9.85pt", "brightness"},
		"a rule of another colour":   {".head { padding-top: 2mm;", ".head { border-color: #3d1d63 !important; padding-top: 2mm;", "ness"},
		"hairlines of another grey":  {"--hair: #b7c0cb", "--hair: #cbc0b7", "ness"},
		"headings in another colour": {"color: var(--accent); border-bottom", "color: #3d1d63; border-bottom", "redness"},
		"a line less":                {"Schichtübergabe auf eine Seite gekürzt", "", "words"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := printGolden(t, s, "classic", export.A4, func(page []byte) []byte {
				if !bytes.Contains(page, []byte(c.old)) {
					t.Fatalf("the page has no %q to change", c.old)
				}
				return bytes.Replace(page, []byte(c.old), []byte(c.new), 1)
			})
			complaints := append(p.checkPages(golden), p.checkText(t)...)
			complaints = append(complaints, p.checkLooks(looksOf(t, p.path))...)
			all := strings.Join(complaints, "\n")
			t.Log(all)
			if (c.says == "") != (all == "") || !strings.Contains(all, c.says) {
				t.Errorf("want a complaint about %q, got %q", c.says, all)
			}
		})
	}
}
