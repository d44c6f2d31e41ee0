package render

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// heavy is a kind of resume that takes long to print when it is large.
type heavy struct {
	name string
	make func(n int) resume.Resume
	// The size that is about the limit, by BenchmarkEstimate, and part of the message
	// for larger ones.
	n       int
	tooMuch string
}

// profile returns a function that makes a resume with text repeated n times as summary.
func profile(text string) func(n int) resume.Resume {
	return func(n int) resume.Resume {
		return resume.Resume{Person: resume.Person{FirstName: "Ada", LastName: "Example", ProfileText: resume.RichText(strings.Repeat(text, n))}}
	}
}

// sections returns a function that makes a resume with this section.
func sections(s func(n int) resume.Section) func(n int) resume.Resume {
	return func(n int) resume.Resume {
		r := profile("")(0)
		r.Sections = []resume.Section{s(n)}
		return r
	}
}

// characters makes a resume with n distinct characters.
func characters(n int) resume.Resume {
	var b strings.Builder
	for i := range n {
		r := rune(0x3400 + i)
		if r >= 0xd800 {
			r += 0x20000 - 0xd800
		}
		b.WriteRune(r)
		if i%200 == 199 {
			b.WriteString("<p>")
		}
	}
	return profile(b.String())(1)
}

func heavies() []heavy {
	return []heavy{
		{"list items", profile("<li>x"), 3500, "more than 50 pages"},
		{"nested lists", profile("<ul><li>x<ul><li>x<ul><li>x</ul></ul></ul>"), 1200, "more than 50 pages"},
		{"paragraphs", profile("<p>x"), 3500, "more than 50 pages"},
		{"lines", profile("x<br>"), 2100, "more than 50 pages"},
		{"prose", profile("<p>" + strings.Repeat("Nothing stood still for a day. ", 20) + "</p>"), 800, "more than 50 pages"},
		{"Chinese", profile("<p>" + strings.Repeat("漢字仮名交じり文、東京大学。", 20) + "</p>"), 600, "more than 50 pages"},
		{"bold words", profile("<b>x</b> "), 2100, "One paragraph"},
		{"links", profile(`<a href="https://example.com/">x</a> `), 2100, "One paragraph"},
		{"one long link", func(n int) resume.Resume {
			r := profile("")(0)
			r.Person.Email = strings.Repeat("x", n) + "@example.com"
			return r
		}, 37_000, "elements"},
		{"combining marks", profile("\u0301"), 6_900, "One paragraph"},
		{"two directions", profile("aש"), 9_000, "changes of script"},
		{"Thai without a paragraph", profile("วิศวกรซอฟต์แวร์กรุงเทพมหานคร"), 960, "One paragraph"},
		{"distinct characters", characters, 8_800, "different characters"},
		{"skills of one category", sections(func(n int) resume.Section {
			return resume.Section{Type: resume.SectionSkill, Skills: slices.Repeat([]resume.Skill{{Name: "x"}}, n)}
		}), 2100, "One paragraph"},
		{"positions", sections(func(n int) resume.Section {
			e := resume.Experience{JobTitle: "x", CompanyName: "y", City: "z", Duration: resume.Duration{Start: resume.Date{Year: 2020, Month: 2}, End: resume.Date{Year: 2021}}}
			return resume.Section{Type: resume.SectionExperience, Experience: slices.Repeat([]resume.Experience{e}, n)}
		}), 1600, "elements"},
	}
}

// TestPrepare_PageTooExpensive: Prepare rejects the page, without a browser.
func TestPrepare_PageTooExpensive(t *testing.T) {
	t.Parallel()
	for _, h := range heavies() {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			for _, tmpl := range html.Templates() {
				o := Options{Format: export.PDF, Template: tmpl.Name, Paper: export.A4, MaxPages: 50}
				_, err := Prepare(h.make(2*h.n), o)
				if f := export.FailureOf(err); err == nil || f.Code != export.DocumentTooLarge || !strings.Contains(f.Message, h.tooMuch) {
					t.Errorf("%s: %v, %q", tmpl.Name, err, f.Message)
				}
				if _, err := Prepare(h.make(h.n/10), o); err != nil {
					t.Errorf("%s: a tenth of it: %v", tmpl.Name, err)
				}
			}
		})
	}
}

// TestPrepare_PageTooExpensive_NoPageLimit: the time is limited without a limit of pages
// and for pictures too.
func TestPrepare_PageTooExpensive_NoPageLimit(t *testing.T) {
	t.Parallel()
	for _, format := range []export.Format{export.PDF, export.PNG} {
		o := Options{Format: format, Template: "classic", Paper: export.A4}
		_, err := Prepare(profile("<li>x")(20_000), o)
		if f := export.FailureOf(err); err == nil || f.Code != export.DocumentTooLarge {
			t.Errorf("%s: %v", format, err)
		}
		if _, err := Prepare(profile("<li>x")(5_000), o); err != nil {
			t.Errorf("%s: %v", format, err)
		}
	}
}

func TestPrepare_ResumeTooLarge(t *testing.T) {
	t.Parallel()
	for _, format := range export.Formats() {
		for _, r := range []resume.Resume{profile("<li>x")(200_000), profile("x")(60 << 20)} {
			_, err := Prepare(r, Options{Format: format, Template: "classic", Paper: export.A4})
			if f := export.FailureOf(err); err == nil || f.Code != export.DocumentTooLarge || !strings.Contains(f.Message, "more than") {
				t.Errorf("%s of %d bytes: %v, %q", format, len(r.Person.ProfileText), err, f.Message)
			}
		}
	}
}

// longResume returns the sample with the entries of its sections repeated.
func longResume(t testing.TB, slug string, times int) resume.Resume {
	t.Helper()
	r := sample(t, slug)
	for i, s := range r.Sections {
		s.Experience = slices.Repeat(s.Experience, times)
		s.Education = slices.Repeat(s.Education, times)
		s.Projects = slices.Repeat(s.Projects, times)
		s.Other.Items = slices.Repeat(s.Other.Items, times)
		r.Sections[i] = s
	}
	return r
}

func TestPrepare_LongResumes(t *testing.T) {
	t.Parallel()
	for _, s := range allSamples(t) {
		for _, tmpl := range html.Templates() {
			// Some 40 pages of most.
			d, err := Prepare(longResume(t, s.Slug, 12), Options{Format: export.PDF, Template: tmpl.Name, Paper: export.A4, MaxPages: 50})
			if err != nil {
				t.Errorf("%s in %s: %v", s.Slug, tmpl.Name, err)
			}
			if d.tries < 1 {
				t.Errorf("%s in %s cannot be fitted", s.Slug, tmpl.Name)
			}
		}
	}
	a, err := Render(t.Context(), testenv.Engine(t), longResume(t, "academic", 14), Options{Format: export.PDF, Template: "academic", Paper: export.A4, MaxPages: 50})
	if err != nil || a.Pages < 35 {
		t.Errorf("%v, %d pages", err, a.Pages)
	}
}

// TestEstimate_Pages: the estimated number of pages is a lower bound.
func TestEstimate_Pages(t *testing.T) {
	t.Parallel()
	for _, s := range allSamples(t) {
		for _, tmpl := range html.Templates() {
			r := sample(t, s.Slug)
			page := pageIn(t, r, tmpl.Name, export.A4)
			a := renderIn(t, r, tmpl.Name, export.A4)
			if got := float64(workloadOf(page.HTML).lines) / linesPerPage; got > float64(a.Pages) {
				t.Errorf("%s in %s: %.1f pages are foreseen, %d printed", s.Slug, tmpl.Name, got, a.Pages)
			}
		}
	}
	for name, r := range map[string]resume.Resume{
		"list items": profile("<li>x")(1000), "prose": profile("<p>" + strings.Repeat("Still. ", 20) + "</p>")(500), "narrow": profile("l")(100_000),
		"Chinese": profile("漢字")(10_000), "bold words": profile("<b>x</b> ")(2000),
	} {
		page := pageIn(t, r, "compact", export.A4)
		a := renderIn(t, r, "compact", export.A4)
		if got := float64(workloadOf(page.HTML).lines) / linesPerPage; got > float64(a.Pages) {
			t.Errorf("%s: %.1f pages are foreseen, %d printed", name, got, a.Pages)
		}
	}
}

// TestFit_SlowPage: a fit prints a slow page fewer times and still reports whether it
// fits.
func TestFit_SlowPage(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		layout time.Duration
		want   int
	}{
		{0, maxTries}, {100 * time.Millisecond, maxTries}, {300 * time.Millisecond, 4}, {700 * time.Millisecond, 1}, {800 * time.Millisecond, 0}, {maxLayout, 0},
	} {
		if got := (workload{layout: tc.layout}).tries(); got != tc.want {
			t.Errorf("%s: %d tries, want %d", tc.layout, got, tc.want)
		}
	}
	o := Options{Format: export.PDF, Template: "classic", Paper: export.A4}
	o.Fit = export.Fit{MaxPages: 1, MinFontPt: 8}
	d, err := Prepare(sample(t, "senior-engineer"), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, tries := range []int{0, 1} {
		prints := 0
		d.tries = tries
		a, err := d.Render(t.Context(), printerFunc(func(ctx context.Context, doc chrome.Document) ([]byte, error) {
			prints++
			return testenv.Engine(t).Print(ctx, doc)
		}))
		if err != nil || prints > 1+tries || a.Report.Fit == nil {
			t.Errorf("%d tries: %v, %d prints, %+v", tries, err, prints, a.Report.Fit)
		}
	}
}

// BenchmarkEstimate prints the largest resume of each kind and reports the estimate and
// the measured time: go test ./internal/render -run none -bench Estimate -benchtime 1x.
func BenchmarkEstimate(b *testing.B) {
	for _, h := range heavies() {
		for _, part := range []int{1, 4, 16} {
			b.Run(fmt.Sprintf("%s/%d", strings.ReplaceAll(h.name, " ", "_"), h.n/part), func(b *testing.B) {
				page := pageIn(b, h.make(h.n/part), "classic", export.A4)
				for b.Loop() {
					d := chrome.Document{HTML: page.HTML, Tagged: true, Outline: true, PreferCSSPageSize: true, MaxPages: 51}
					if _, err := testenv.Engine(b).Print(b.Context(), d); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(workloadOf(page.HTML).layout.Milliseconds()), "estimated-ms")
				b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "printed-ms")
			})
		}
	}
}

// TestWorkload_TooLarge: the time of one block is limited more tightly than that of the page.
func TestWorkload_TooLarge(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		w    workload
		want string // in the message; "" is none
	}{
		"at the limits":  {workload{layout: maxLayout, longest: maxBlock}, ""},
		"block too long": {workload{layout: maxLayout, longest: maxBlock + 1}, "One paragraph"},
		"page too long":  {workload{layout: maxLayout + 1, longest: maxBlock}, "elements"},
		"too many pages": {workload{lines: 51 * linesPerPage}, "more than 50 pages"},
		"pages allowed":  {workload{lines: 50 * linesPerPage}, ""},
	} {
		err := c.w.tooLarge(50)
		if c.want == "" && err == nil {
			continue
		}
		if f := export.FailureOf(err); err == nil || f.Code != export.DocumentTooLarge || c.want == "" || !strings.Contains(f.Message, c.want) {
			t.Errorf("%s: error %v, message %q, want %q", name, err, f.Message, c.want)
		}
	}
}
