package theme

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/samples"
)

// jane is a one-page resume with something in most sections.
func jane() resume.Resume {
	return resume.Resume{
		Language: "en",
		Person: resume.Person{
			FirstName: "Jane", LastName: "Doe", Headline: "Software Engineer",
			Email: "jane@example.com", Phone: "+1 503 555 0142", Website: "https://jane.example.com/",
			City: "Portland", Region: "OR", Postal: "97205", Country: "US",
			ProfileText: "<p>Builds <strong>storage</strong> that others can forget about.</p>",
			Profiles:    []resume.Profile{{Network: "GitHub", Username: "jane", URL: "https://github.com/jane"}},
		},
		Sections: []resume.Section{
			{Type: resume.SectionExperience, Experience: []resume.Experience{{
				CompanyName: "Acme", JobTitle: "Senior Engineer", EmploymentType: resume.FullTime,
				City: "Berlin", Country: "DE",
				Duration:    resume.Duration{Start: resume.Date{Year: 2019, Month: 9}, Current: true},
				Description: "<ul><li>Cut p99 from 480 to 35 ms</li><li>Led <a href=\"https://acme.example/x\">six engineers</a></li></ul>",
				Details:     resume.Details{"url": json.RawMessage(`"https://acme.example"`)},
			}}},
			{Type: resume.SectionExperience, Experience: []resume.Experience{{
				CompanyName: "Widgets", JobTitle: "Engineer",
				Duration:    resume.Duration{Start: resume.Date{Year: 2015}, End: resume.Date{Year: 2019, Month: 8}},
				Description: "Kept the lights on.\n\n- Two\n- bullets",
			}}},
			{Type: resume.SectionEducation, Education: []resume.Education{{
				InstitutionName: "MIT", Degree: "BSc", FieldOfStudy: "Computer Science", Country: "US",
				Duration: resume.Duration{Start: resume.Date{Year: 2011}, End: resume.Date{Year: 2015}},
			}}},
			{Type: resume.SectionSkill, Skills: []resume.Skill{
				{Name: "Go", Category: "Languages", Proficiency: resume.Expert},
				{Name: "SQL", Category: "Languages", Proficiency: resume.Advanced},
				{Name: "Patience"},
			}},
			{Type: resume.SectionOther, Other: resume.Other{Kind: "awards", Items: []resume.Item{{
				Name: "Best Paper", Subtitle: "ACM", Date: resume.Date{Year: 2020, Month: 3, Day: 14},
			}}}},
		},
	}
}

func render(t *testing.T, r resume.Resume, o Options) string {
	t.Helper()
	p, err := Render(r, o)
	if err != nil {
		t.Fatalf("Render: %v", err)
	}
	return string(p.HTML)
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

func TestRenderMetadata(t *testing.T) {
	p, err := Render(jane(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Title != "Jane Doe – Resume" || p.Author != "Jane Doe" || p.Subject != "Software Engineer" || p.Language != "en" {
		t.Errorf("metadata: %q, %q, %q, %q", p.Title, p.Author, p.Subject, p.Language)
	}
	if got := strings.Join(p.Keywords, "|"); got != "Go|SQL|Patience" {
		t.Errorf("keywords: %s", got)
	}
	for _, want := range []string{`<html lang="en" dir="ltr">`, "<title>Jane Doe – Resume</title>", `<meta name="author" content="Jane Doe">`} {
		if !bytes.Contains(p.HTML, []byte(want)) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestRenderIsDeterministic(t *testing.T) {
	first := render(t, jane(), Options{})
	for range 20 {
		if render(t, jane(), Options{}) != first {
			t.Fatal("the same resume gave other bytes")
		}
	}
}

func TestRenderDoesNotChangeTheResume(t *testing.T) {
	r := jane()
	before, _ := json.Marshal(r)
	render(t, r, Options{})
	if after, _ := json.Marshal(r); !bytes.Equal(before, after) {
		t.Error("Render changed its argument")
	}
}

func TestOptions(t *testing.T) {
	if !strings.Contains(render(t, jane(), Options{}), "size: A4") {
		t.Error("the default paper is not A4")
	}
	if !strings.Contains(render(t, jane(), Options{Paper: export.Letter}), "size: letter") {
		t.Error("letter paper is not in the page")
	}
	if _, err := Render(jane(), Options{Paper: "foolscap"}); err == nil {
		t.Error("an unknown paper was accepted")
	}
	if _, err := Render(jane(), Options{Template: "nope"}); !errors.Is(err, ErrUnknownTemplate) {
		t.Errorf("unknown template: %v", err)
	}
	for _, tm := range Templates() {
		if got, ok := Lookup(tm.Name); !ok || got != tm || tm.Title == "" || tm.Description == "" {
			t.Errorf("template %q is incomplete or not found", tm.Name)
		}
		render(t, jane(), Options{Template: tm.Name})
	}
	if tm, ok := Lookup(""); !ok || tm.Name != Default {
		t.Error("no name is not the default template")
	}
}

// A page must not fetch anything: neither the stylesheets nor an attribute that
// loads may name an address.
func TestNothingIsLoaded(t *testing.T) {
	page := render(t, jane(), Options{Standalone: true})
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
	if !strings.Contains(render(t, jane(), Options{}), "@media screen { body { display: none; } }") {
		t.Error("a page to be printed is laid out for a screen first")
	}
	// The engine that prints brings its own, and takes a page with one for unusual.
	if strings.Contains(render(t, jane(), Options{}), "http-equiv") {
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
	for _, bad := range []string{"· </", "· <bdi></bdi>", "<bdi>, ", ": </b></li>", "()", "null", "%!", "ZgotmplZ", ">0<", "–  –"} {
		if strings.Contains(page, bad) {
			t.Errorf("dangling %q", bad)
		}
	}
}

func TestEmptiesLeaveNoTrace(t *testing.T) {
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

// BenchmarkRender lays out every sample once per operation.
func BenchmarkRender(b *testing.B) {
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
			if _, err := Render(r, Options{}); err != nil {
				b.Fatal(err)
			}
		}
	}
}
