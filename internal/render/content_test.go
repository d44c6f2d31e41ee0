package render

import (
	"context"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

const browser = "HeadlessChrome/156.0.1.2"

func contentOf(t *testing.T, r resume.Resume, o Options, browser string) [32]byte {
	t.Helper()
	d, err := Prepare(r, o)
	if err != nil {
		t.Fatal(err)
	}
	return d.ContentHash(browser)
}

func TestContent_CoversInputs(t *testing.T) {
	t.Parallel()
	pdf := Options{Format: export.PDF, Template: "classic", Paper: export.A4}
	seen := map[[32]byte]string{}
	check := func(name string, r resume.Resume, o Options, browser string) {
		c := contentOf(t, r, o, browser)
		if again := contentOf(t, r, o, browser); again != c || c == [32]byte{} {
			t.Errorf("%s: %x, then %x", name, c, again)
		}
		if other, ok := seen[c]; ok {
			t.Errorf("%s has the content of %s", name, other)
		}
		seen[c] = name
	}
	for _, s := range allSamples(t) {
		r := sampleResume(t, s)
		check(s.Slug, r, pdf, browser)
		check(s.Slug+" on letter", r, Options{Format: export.PDF, Template: "classic", Paper: export.Letter}, browser)
		check(s.Slug+" in another browser", r, pdf, browser+"0")
		r.UpdatedAt = r.UpdatedAt.Add(time.Second)
		check(s.Slug+" a second later", r, pdf, browser)
	}
	r := sample(t, "german")
	for name, edit := range map[string]func(*resume.Resume){
		"language": func(r *resume.Resume) { r.Language = "en" },
		"name":     func(r *resume.Resume) { r.Person.LastName += "x" },
		"text":     func(r *resume.Resume) { r.Person.ProfileText += "<p>more</p>" },
		"emphasis": func(r *resume.Resume) { r.Person.ProfileText = "<p><b>more</b></p>" },
		"order": func(r *resume.Resume) {
			r.Sections = append(append([]resume.Section{}, r.Sections[1:]...), r.Sections[0])
		},
	} {
		edited := r
		edit(&edited)
		check("german with another "+name, edited, pdf, browser)
	}
}

func TestContent_IgnoresUnshown(t *testing.T) {
	t.Parallel()
	pdf := Options{Format: export.PDF, Template: "classic", Paper: export.A4}
	r := sample(t, "german")
	want := contentOf(t, r, pdf, browser)
	r.ID, r.Title, r.Base, r.UpdatedAt = "rsm_other", "Renamed", !r.Base, r.UpdatedAt.UTC()
	if got := contentOf(t, r, pdf, browser); got != want {
		t.Error("the content is another")
	}
	for _, format := range []export.Format{export.HTML, export.DOCX, export.JSON, export.Text, export.Markdown, export.TeX} {
		if got := contentOf(t, r, Options{Format: format, Template: "classic", Paper: export.A4}, browser); got != [32]byte{} {
			t.Errorf("%s: %x for a file that is not printed", format, got)
		}
	}
}

// TestContent_SameBytes: the same hash means the same bytes, which reuse relies on.
func TestContent_SameBytes(t *testing.T) {
	t.Parallel()
	for _, slug := range []string{"german", "arabic"} {
		r := sample(t, slug)
		first := renderPDF(t, r, export.A4)
		r.Title = "Renamed"
		second := renderAnew(t, r, "classic", export.A4)
		if string(first.Data) != string(second.Data) {
			t.Errorf("%s: %d bytes, then %d others", slug, len(first.Data), len(second.Data))
		}
	}
}

func BenchmarkContent(b *testing.B) {
	r := sample(b, "german")
	b.Run("prepare", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Prepare(r, Options{Format: export.PDF, Template: "classic", Paper: export.A4}); err != nil {
				b.Fatal(err)
			}
		}
	})
	d, err := Prepare(r, Options{Format: export.PDF, Template: "classic", Paper: export.A4})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("content", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			d.ContentHash(browser)
		}
	})
	b.Run("complete", func(b *testing.B) {
		b.ReportAllocs()
		data, err := testenv.Engine(b).Print(b.Context(), d.document)
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if _, err := d.Render(b.Context(), printerFunc(func(context.Context, chrome.Document) ([]byte, error) { return data, nil })); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("finish", func(b *testing.B) {
		engine := testenv.Engine(b)
		for b.Loop() {
			if _, err := d.Render(b.Context(), engine); err != nil {
				b.Fatal(err)
			}
		}
	})
}
