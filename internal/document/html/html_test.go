package html

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"regexp"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/document/corpus"
	"github.com/letrazapp/letraz-export/internal/document/documenttest"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/samples"
)

func render(t testing.TB, r resume.Resume, o Options) string {
	t.Helper()
	page, err := Write(documenttest.New(t, r), o)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// body is what a reader of the page meets, without head and stylesheet.
func body(t *testing.T, r resume.Resume) string {
	t.Helper()
	_, b, ok := strings.Cut(render(t, r, Options{}), "<body")
	if !ok {
		t.Fatal("the page has no body")
	}
	return b
}

func TestWrite_SaysWhatTheDocumentIs(t *testing.T) {
	page := render(t, corpus.Jane(), Options{})
	for _, want := range []string{`<html lang="en" dir="ltr">`, "<title>Jane Doe – Resume</title>", `<meta name="author" content="Jane Doe">`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestWrite_Portrait(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 4))); err != nil {
		t.Fatal(err)
	}
	r := corpus.Jane()
	r.Person.Image = "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())
	if page := render(t, r, Options{}); !strings.Contains(page, `alt="Jane Doe"`) {
		t.Error("the portrait is not in the page, or has no text for who cannot see it")
	}
	r.Person.Image = "https://example.com/a.png"
	if page := render(t, r, Options{}); strings.Contains(page, "<img") {
		t.Error("a remote picture is in the page")
	}
}

func TestWrite_Deterministic(t *testing.T) {
	first := render(t, corpus.Jane(), Options{})
	for range 20 {
		if render(t, corpus.Jane(), Options{}) != first {
			t.Fatal("the same resume gave other bytes")
		}
	}
}

func TestWrite_LeavesResumeUnchanged(t *testing.T) {
	r := corpus.Jane()
	before, _ := json.Marshal(r)
	render(t, r, Options{})
	if after, _ := json.Marshal(r); !bytes.Equal(before, after) {
		t.Error("Write changed its argument")
	}
}

func TestOptions(t *testing.T) {
	if !strings.Contains(render(t, corpus.Jane(), Options{}), "size: A4") {
		t.Error("the default paper is not A4")
	}
	if !strings.Contains(render(t, corpus.Jane(), Options{Paper: export.Letter}), "size: letter") {
		t.Error("letter paper is not in the page")
	}
	if _, err := Write(documenttest.New(t, corpus.Jane()), Options{Paper: "foolscap"}); err == nil {
		t.Error("an unknown paper was accepted")
	}
	if _, err := Write(documenttest.New(t, corpus.Jane()), Options{Template: "nope"}); !errors.Is(err, ErrUnknownTemplate) {
		t.Errorf("unknown template: %v", err)
	}
	for _, tm := range Templates() {
		if got, ok := Lookup(tm.Name); !ok || got != tm || tm.Title == "" || tm.Description == "" {
			t.Errorf("template %q is incomplete or not found", tm.Name)
		}
		render(t, corpus.Jane(), Options{Template: tm.Name})
	}
	if tm, ok := Lookup(""); !ok || tm.Name != Default {
		t.Error("no name is not the default template")
	}
}

// A page must not fetch anything: neither the stylesheets nor an attribute that
// loads may name an address.
func TestWrite_LoadsNothing(t *testing.T) {
	page := render(t, corpus.Jane(), Options{Standalone: true})
	for _, bad := range []string{"url(", "@import", "@font-face", "<script", "<link", "src=\"http", "srcset"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page contains %s", bad)
		}
	}
	if !strings.Contains(page, `content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`) {
		t.Error("no content security policy")
	}
	if !strings.Contains(page, "@media screen { body { max-width") {
		t.Error("no looks on a screen")
	}
	if !strings.Contains(render(t, corpus.Jane(), Options{}), "@media screen { body { display: none; } }") {
		t.Error("a page to be printed is laid out for a screen first")
	}
	// The engine that prints brings its own, and takes a page with one for unusual.
	if strings.Contains(render(t, corpus.Jane(), Options{}), "http-equiv") {
		t.Error("a page to be printed has a content security policy")
	}
}

// emptyElement finds elements that hold nothing.
var emptyElement = regexp.MustCompile(`<(p|h[1-6]|ul|li|b|bdi|div|span|a|section|article|header|address|time)( [^>]*)?>\s*</`)

func checkTidy(t *testing.T, page string) {
	t.Helper()
	if m := emptyElement.FindString(page); m != "" {
		t.Errorf("an empty element: %q", m)
	}
	for _, bad := range []string{"· </p", "· </bdi", "· </span></div", "· </span></ul", "· <bdi></bdi>", "<bdi>, ", ": </b></li>", "()", "null", "%!", "ZgotmplZ", ">0<", "–  –"} {
		if strings.Contains(page, bad) {
			t.Errorf("dangling %q", bad)
		}
	}
}

func TestWrite_OmitsEmptyParts(t *testing.T) {
	text := resume.RichText("<p>Something.</p>")
	cases := map[string]resume.Section{
		"no rows":          {Type: resume.SectionExperience, Title: "Gone"},
		"blank rows":       {Type: resume.SectionExperience, Title: "Gone", Experience: make([]resume.Experience, 2)},
		"blank education":  {Type: resume.SectionEducation, Title: "Gone", Education: make([]resume.Education, 1)},
		"blank project":    {Type: resume.SectionProject, Title: "Gone", Projects: make([]resume.Project, 1)},
		"blank skill":      {Type: resume.SectionSkill, Title: "Gone", Skills: []resume.Skill{{Category: "x"}}},
		"blank strength":   {Type: resume.SectionStrength, Title: "Gone", Strengths: make([]resume.Strength, 1)},
		"blank award":      {Type: resume.SectionOther, Title: "Gone", Other: resume.Other{Kind: "awards", Items: make([]resume.Item, 1)}},
		"blank language":   {Type: resume.SectionOther, Title: "Gone", Other: resume.Other{Kind: "languages", Items: make([]resume.Item, 1)}},
		"blank text":       {Type: resume.SectionStrength, Title: "Gone", Strengths: []resume.Strength{{Description: "<p>&nbsp;</p><ul><li></li></ul>"}}},
		"only a date":      {Type: resume.SectionExperience, Experience: []resume.Experience{{Duration: resume.Duration{End: resume.Date{Year: 2001}}}}},
		"only a month":     {Type: resume.SectionExperience, Experience: []resume.Experience{{JobTitle: "x", Duration: resume.Duration{Start: resume.Date{Month: 5}}}}},
		"only a company":   {Type: resume.SectionExperience, Experience: []resume.Experience{{CompanyName: "x"}}},
		"only a country":   {Type: resume.SectionExperience, Experience: []resume.Experience{{Country: "x"}}},
		"only a text":      {Type: resume.SectionExperience, Experience: []resume.Experience{{Description: text}}},
		"only a field":     {Type: resume.SectionEducation, Education: []resume.Education{{FieldOfStudy: "x"}}},
		"only a project":   {Type: resume.SectionProject, Projects: []resume.Project{{Name: "x"}}},
		"only a link":      {Type: resume.SectionProject, Projects: []resume.Project{{GithubURL: "https://x.example"}}},
		"only a strength":  {Type: resume.SectionStrength, Strengths: []resume.Strength{{Description: text}}},
		"only a summary":   {Type: resume.SectionOther, Other: resume.Other{Kind: "references", Items: []resume.Item{{Summary: text}}}},
		"only an interest": {Type: resume.SectionOther, Other: resume.Other{Kind: "interests", Items: []resume.Item{{Name: "x"}}}},
	}
	for name, s := range cases {
		t.Run(name, func(t *testing.T) {
			got := body(t, resume.Resume{Person: resume.Person{FirstName: "A"}, Sections: []resume.Section{s}})
			checkTidy(t, got)
			if strings.Contains(got, "Gone") {
				t.Errorf("a heading over nothing: %s", got)
			}
		})
	}
	t.Run("nothing at all", func(t *testing.T) {
		got := body(t, resume.Resume{})
		checkTidy(t, got)
		if !strings.Contains(got, "<h1 dir=\"auto\">Resume</h1>") {
			t.Errorf("the page has no title: %s", got)
		}
	})
}

// BenchmarkWrite lays out every sample once per operation.
func BenchmarkWrite(b *testing.B) {
	all, err := samples.All()
	if err != nil {
		b.Fatal(err)
	}
	var resumes []resume.Resume
	for _, s := range all {
		r, err := resume.ParseJSONResume(s.JSON)
		if err != nil {
			b.Fatal(err)
		}
		resumes = append(resumes, r)
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, r := range resumes {
			render(b, r, Options{})
		}
	}
}

func TestWrite_GroupsSkills(t *testing.T) {
	got := body(t, resume.Resume{Language: "en", Sections: []resume.Section{{Type: resume.SectionSkill, Skills: []resume.Skill{
		{Name: "Go", Category: "Code", Proficiency: resume.Expert},
		{Name: "Patience"},
		{Name: "SQL", Category: "Code", Proficiency: resume.Expert},
		{Name: "Figma", Category: "Design", Proficiency: resume.Beginner},
	}}}})
	for _, want := range []string{
		// A level that all share is said once.
		`<b class="label"><bdi>Code</bdi> <span class="remark">(<bdi>expert</bdi>)</span></b>: <bdi>Go</bdi>, <bdi>SQL</bdi></li>`,
		`<li><bdi>Patience</bdi></li>`,
		`<b class="label"><bdi>Design</bdi></b>: <bdi>Figma</bdi> <span class="remark">(<bdi>beginner</bdi>)</span></li>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("missing %s in %s", want, got)
		}
	}
}

func TestBreakable(t *testing.T) {
	path := strings.Repeat("x", document.LongAddress)
	for text, want := range map[string]string{
		"jane.example/a?b=c&d":         "jane.example/a?b=c&amp;d",
		"jane.example/a?b=c&d" + path:  "jane.example/<wbr>a?<wbr>b=<wbr>c&amp;<wbr>d" + path,
		"jane.example/<" + path + "/>": "jane.example/<wbr>&lt;" + path + "/<wbr>&gt;",
	} {
		if got := breakable(document.Link{Text: text, Kind: "web"}); string(got) != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	if name := path + "/" + path; string(breakable(document.Link{Text: name})) != name {
		t.Error("a name got breaks")
	}
}
