package resume

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const editable = `{
  "basics": {"name": "Ada Lovelace"},
  "work": [{"name": "A", "startDate": "2020-03-15", "endDate": "2021-04-30", "employmentType": "Full-time", "summary": "s"}],
  "skills": [{"name": "Go", "level": "EXPERT"}, {"name": "C", "level": "Master"}],
  "projects": [{"name": "P", "roles": ["a, b", "c"], "githubUrl": "https://github.com/a"}],
  "meta": {"letraz": {"sections": [{"type": "work", "title": "Jobs", "x": 1}], "job": {"employment_type": "Full-time", "x": 1}}}
}`

// TestMarshal_ColumnsWinOverDetails: a changed field takes precedence over its text in the
// source document.
func TestMarshal_ColumnsWinOverDetails(t *testing.T) {
	t.Parallel()
	r := mustParse(t, editable)
	work := &r.Sections[0].Experience[0]
	work.Duration.Start.Month = 4
	work.Duration.End = Date{}
	work.Duration.Current = true
	work.EmploymentType = PartTime
	r.Sections[0].Title = "Work"
	skills := r.Sections[1].Skills
	skills[0].Proficiency = ""
	skills[1].Proficiency = Beginner
	project := &r.Sections[2].Projects[0]
	project.Role = "d, e"
	project.GithubURL = "https://github.com/b"
	r.Job.EmploymentType = ""
	if skills[0].Level() != "" || skills[1].Level() != "beginner" {
		t.Errorf("levels %q and %q", skills[0].Level(), skills[1].Level())
	}

	want := `{
	  "basics": {"name": "Ada Lovelace"},
	  "work": [{"name": "A", "startDate": "2020-04", "employmentType": "part_time", "summary": "s"}],
	  "skills": [{"name": "Go"}, {"name": "C", "level": "Beginner"}],
	  "projects": [{"name": "P", "roles": ["d", "e"], "url": "https://github.com/b"}],
	  "meta": {"letraz": {"sections": [{"type": "work", "title": "Work"}, {"type": "skills"}, {"type": "projects"}], "job": {"x": 1}}}
	}`
	wantData(t, r, want)
	again := mustParse(t, mustMarshal(t, r))
	wantData(t, again, want)

	r.Job = nil
	r.Sections[2].Projects[0].Role = ""
	r.Sections[0].Title = ""
	wantData(t, r, `{
	  "basics": {"name": "Ada Lovelace"},
	  "work": [{"name": "A", "startDate": "2020-04", "employmentType": "part_time", "summary": "s"}],
	  "skills": [{"name": "Go"}, {"name": "C", "level": "Beginner"}],
	  "projects": [{"name": "P", "url": "https://github.com/b"}]
	}`)
}

func TestMarshal_RichText(t *testing.T) {
	t.Parallel()
	html := RichText("<p>One <b>bold</b></p><ul><li><p>two</p></li></ul><p>three</p>")
	r := Resume{
		Person: Person{FirstName: "A", ProfileText: html},
		Sections: []Section{
			{Type: SectionExperience, Experience: []Experience{{Description: html}}},
			{Type: SectionEducation, Education: []Education{{Description: html}}},
			{Type: SectionProject, Projects: []Project{{Description: html}}},
			{Type: SectionStrength, Strengths: []Strength{{Description: html}}},
		},
	}
	wantData(t, r, `{
	  "basics": {"name": "A", "summary": "One **bold**\n• two\n\nthree"},
	  "work": [{"summary": "One **bold**\n\nthree", "highlights": ["two"]}],
	  "education": [{"description": "One **bold**\n\nthree", "highlights": ["two"]}],
	  "projects": [{"description": "One **bold**\n\nthree", "highlights": ["two"]}],
	  "meta": {"letraz": {
	    "strengths": [{"description": "One **bold**\n\nthree", "highlights": ["two"]}],
	    "sections": [{"type": "work"}, {"type": "education"}, {"type": "projects"}, {"type": "strengths"}]
	  }}
	}`)
}

func TestMarshal_JoinsSectionsOfOneType(t *testing.T) {
	t.Parallel()
	award := func(title string) Item {
		raw, _ := json.Marshal(title)
		return NewItem("awards", Details{"title": raw})
	}
	first := make([]Experience, 1, 8)
	first[0].CompanyName = "A"
	r := Resume{
		Person: Person{LastName: "Z"},
		Sections: []Section{
			{Type: SectionOther, Other: Other{Kind: "awards", Items: []Item{award("1")}}},
			{Type: SectionExperience, Experience: first},
			{Type: SectionEducation, Title: "nothing in it"},
			{Type: SectionExperience, Title: "More", Experience: []Experience{{CompanyName: "B"}}},
			{Type: SectionOther, Other: Other{Kind: "awards", Items: []Item{award("2")}}},
			{Type: SectionOther, Title: "No kind", Other: Other{Items: []Item{award("3")}}},
		},
	}
	wantData(t, r, `{
	  "basics": {"name": "Z"},
	  "awards": [{"title": "1"}, {"title": "2"}],
	  "work": [{"name": "A"}, {"name": "B"}],
	  "meta": {"letraz": {
	    "custom": [{"title": "No kind", "items": [{"title": "3"}]}],
	    "sections": [{"type": "awards"}, {"type": "work", "title": "More"}, {"type": "custom"}]
	  }}
	}`)
	if first[:2][1].CompanyName != "" {
		t.Error("the caller's rows were written to")
	}
}

func TestMarshal_RowsWithoutDocument(t *testing.T) {
	t.Parallel()
	r := Resume{
		Person: Person{FirstName: "A"},
		Sections: []Section{
			{Type: SectionExperience, Experience: []Experience{
				{Country: "Spain", Duration: Duration{Current: true, Start: Date{2020, 13, 1}, End: Date{Year: 2021}}},
				{Duration: Duration{Start: Date{Year: 7}, End: Date{Month: 5}}},
			}},
			{Type: SectionProject, Projects: []Project{{GithubURL: "https://gitlab.example/a"}, {LiveURL: "https://github.com/a"}}},
		},
	}
	want := `{
	  "basics": {"name": "A"},
	  "work": [{"location": "Spain", "country": "Spain", "startDate": "2020"}, {}],
	  "projects": [{"githubUrl": "https://gitlab.example/a"}, {"url": "https://github.com/a"}]
	}`
	wantData(t, r, want)
	wantData(t, mustParse(t, mustMarshal(t, r)), want)
}

func TestMarshal_InvalidDetails(t *testing.T) {
	t.Parallel()
	r := Resume{Sections: []Section{{Type: SectionExperience, Experience: []Experience{{}, {Details: Details{"url": json.RawMessage("{")}}}}}}
	_, err := MarshalJSONResume(r)
	const want = `details of work entry 1: member "url": line 1, column 2: expected a member's name in double quotes, found the end of the document`
	if err == nil || err.Error() != want {
		t.Errorf("error %v", err)
	}
}

func TestNewItem(t *testing.T) {
	t.Parallel()
	raw := Details{
		"name": json.RawMessage(`"N"`), "title": json.RawMessage(`"T"`), "issuer": json.RawMessage(`"I"`), "awarder": json.RawMessage(`"W"`),
		"date": json.RawMessage(`"2020-05"`), "startDate": json.RawMessage(`"2019"`), "url": json.RawMessage(`7`),
		"summary": json.RawMessage(`"S"`), "keywords": json.RawMessage(`["k"]`), "reference": json.RawMessage(`"R"`), "endDate": json.RawMessage(`"x"`),
	}
	base := Item{
		Date: Date{Year: 2020, Month: 5}, Duration: Duration{Start: Date{Year: 2019}}, URL: "7", Summary: "<p>S</p>", Keywords: []string{"k"}, Raw: raw,
	}
	tests := map[string]func(*Item){
		"awards":       func(i *Item) { i.Name, i.Subtitle = "T", "W" },
		"certificates": func(i *Item) { i.Name, i.Subtitle = "N", "I" },
		"references":   func(i *Item) { i.Name, i.Summary = "N", "<p>R</p>" },
		"custom":       func(i *Item) { i.Name, i.Subtitle = "N", "I" },
		"languages":    func(i *Item) { i.Name = "N" },
	}
	for kind, set := range tests {
		want := base
		set(&want)
		if diff := cmp.Diff(want, NewItem(kind, raw)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
	}
	if diff := cmp.Diff(Item{}, NewItem("custom", nil)); diff != "" {
		t.Errorf("nothing (-want +got):\n%s", diff)
	}
}
