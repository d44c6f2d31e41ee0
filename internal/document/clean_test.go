package document

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/letrazapp/letraz-export/internal/resume"
)

// Fields of one line show no markup, and lead where the links in them do.
func TestNew_MarkupInFields(t *testing.T) {
	t.Parallel()
	d, err := New(resume.Resume{
		Language: "en",
		Person: resume.Person{FirstName: "**Ada**", LastName: "O&#39;Test", Headline: "Dev &amp; <b>Ops</b>", Email: "a_b_@x.example", Website: "[Home](https://ada.example)",
			Address: "1 Main St<br>Floor 2", Profiles: []resume.Profile{{Network: "Pics", Username: "_ada_"}}},
		Sections: []resume.Section{
			{Type: resume.SectionExperience, Title: "**Work**", Experience: []resume.Experience{{JobTitle: "[Dev](https://job.example)", CompanyName: `<a href="https://acme.example">Acme</a>`}}},
			{Type: resume.SectionSkill, Title: "R&D", Skills: []resume.Skill{{Name: "C\\#"}, {Name: "snake_case"}, {Name: "`go`"}, {Name: "C++"}}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := []any{d.Heading, d.Headline, d.Contact, d.Sections[0].Title, d.Sections[0].Entries[0].Title, d.Sections[0].Entries[0].Parts[0], d.Sections[1].Title, d.Keywords}
	want := []any{"Ada O'Test", "Dev & Ops", []Contact{
		{Link: Link{Text: "a_b_@x.example", URL: "mailto:a_b_@x.example", Kind: "email"}},
		{Link: Link{Text: "1 Main St, Floor 2"}},
		{Link: Link{Text: "Home", URL: "https://ada.example"}},
		{Label: "Pics: ", Link: Link{Text: "_ada_"}},
	}, "Work", Link{Text: "Dev", URL: "https://job.example"}, Link{Text: "Acme", URL: "https://acme.example"}, "R&D", []string{"C#", "snake_case", "go", "C++"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
