package render

import (
	"bytes"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/pdf"
	"github.com/letrazapp/letraz-export/internal/pdf/pdfwrite"
)

func TestLookAtText(t *testing.T) {
	t.Parallel()
	line := func(page int, size, y float64, text string) pdf.Cluster {
		return pdf.Cluster{Page: page, Size: size, Y: y, Text: text}
	}
	first := []pdf.Cluster{line(0, 24, 800, "A Name"), line(0, 10.001, 700, strings.Repeat("body ", 40)), line(0, 9, 50, "a note")}
	three := append(first[:3:3], line(1, 5, 10, "nobody looks here"), line(2, 8, 820, "A Name"), line(2, 10, 780, "the end"))
	for name, c := range map[string]struct {
		text  []pdf.Cluster
		pages int
		want  textMetrics
	}{
		"three pages":              {three, 3, textMetrics{body: 10, smallest: 8, top: 800, bottom: 50, end: 780}},
		"one page":                 {first, 1, textMetrics{body: 10, smallest: 9, top: 800, bottom: 50, end: 50}},
		"no text":                  {nil, 2, textMetrics{}},
		"no text on the last page": {first, 2, textMetrics{body: 10, smallest: 9, top: 800, bottom: 50, end: 800}},
	} {
		if got := metricsOf(c.text, c.pages); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestLookAtText_Unreadable(t *testing.T) {
	t.Parallel()
	file, err := pdfwrite.Parse(bytes.ReplaceAll(printed(t), []byte("/Type /Page\n"), []byte("/Type /Cage\n")))
	if err != nil {
		t.Fatal(err)
	}
	at := printedPDF{file: file, pages: 1}
	if got := export.FailureOf(at.measure()); got.Code != export.Internal {
		t.Errorf("%v", at.measure())
	}
}

// The file that other tests print with.
func TestLookAtText_ChromeFile(t *testing.T) {
	t.Parallel()
	if look, err := measureText(printed(t), 3); err != nil || look != (textMetrics{}) { // its pages are drawn on
		t.Errorf("%+v, %v", look, err)
	}
}
