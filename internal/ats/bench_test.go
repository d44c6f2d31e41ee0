package ats

import (
	"testing"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/pdf"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/samples"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func BenchmarkCheck(b *testing.B) {
	for _, slug := range []string{"first-job", "german", "academic", "arabic", "hindi", "japanese"} {
		d, data := printed(b, slug, html.Options{}, "")
		b.Run(slug, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Check(data, d, ""); err != nil {
					b.Fatal(err)
				}
			}
			f, err := pdf.Open(data)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N)/float64(f.Pages()), "ms/page")
		})
	}
}

// printed prints a sample with more rules in its stylesheet.
func printed(t testing.TB, slug string, o html.Options, css string) (*document.Document, []byte) {
	t.Helper()
	s, err := samples.Get(slug)
	if err != nil {
		t.Fatal(err)
	}
	r, err := resume.ParseJSONResume(s.JSON)
	if err != nil {
		t.Fatal(err)
	}
	d, err := document.New(r)
	if err != nil {
		t.Fatal(err)
	}
	page, err := html.Write(d, o)
	if err != nil {
		t.Fatal(err)
	}
	return d, printedHTML(t, page, css)
}

func printedHTML(t testing.TB, page []byte, css string) []byte {
	t.Helper()
	data, err := testenv.Engine(t).Print(t.Context(), chrome.Document{
		HTML: styled(page, css), PreferCSSPageSize: true, Tagged: true, Outline: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return data
}
