package document

import (
	"testing"

	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/samples"
)

// BenchmarkNew makes the documents of a short and a long resume, in the language that is
// stated, and in the one that is found.
func BenchmarkNew(b *testing.B) {
	for _, name := range []string{"first-job", "academic"} {
		s, err := samples.Get(name)
		if err != nil {
			b.Fatal(err)
		}
		r, err := resume.ParseJSONResume(s.JSON)
		if err != nil {
			b.Fatal(err)
		}
		for _, language := range []struct{ name, tag string }{{"stated", "en"}, {"detected", ""}} {
			b.Run(name+"/"+language.name, func(b *testing.B) {
				r.Language = language.tag
				benchmarkNew(b, r)
			})
		}
	}
}

// BenchmarkNew_FewWords makes the document of a resume with so few words that the statistics
// of letters decide on its language.
func BenchmarkNew_FewWords(b *testing.B) {
	benchmarkNew(b, resume.Resume{Sections: []resume.Section{{Type: resume.SectionExperience, Experience: []resume.Experience{{
		JobTitle: "Lagerleiter", Description: resume.RichTextFromPlain("", []string{"Schichten geplant", "Waren geprüft, Bestände gezählt", "neue Kräfte angelernt"}),
	}}}}})
}

func benchmarkNew(b *testing.B, r resume.Resume) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(r); err != nil {
			b.Fatal(err)
		}
	}
}
