package pdfwrite

import (
	"testing"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/samples"
)

// BenchmarkWrite finishes a page with everything that is written differently, and samples.
func BenchmarkWrite(b *testing.B) {
	b.Run("everything", func(b *testing.B) { benchmarkWrite(b, page) })
	for _, slug := range []string{"first-job", "japanese"} {
		b.Run(slug, func(b *testing.B) { benchmarkWrite(b, samplePage(b, slug)) })
	}
}

func benchmarkWrite(b *testing.B, html string) {
	data := printed(b, html)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := finish(data, Info{Title: "T", Date: changed}); err != nil {
			b.Fatal(err)
		}
	}
}

// samplePage returns the HTML of a sample in the default template.
func samplePage(tb testing.TB, slug string) string {
	tb.Helper()
	all, err := samples.All()
	if err != nil {
		tb.Fatal(err)
	}
	for _, s := range all {
		if s.Slug != slug {
			continue
		}
		r, err := resume.ParseJSONResume(s.JSON)
		if err != nil {
			tb.Fatal(err)
		}
		d, err := document.New(r)
		if err != nil {
			tb.Fatal(err)
		}
		page, err := html.Write(d, html.Options{})
		if err != nil {
			tb.Fatal(err)
		}
		return string(page)
	}
	tb.Fatalf("no sample %s", slug)
	return ""
}
