package theme

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
)

var update = flag.Bool("update", false, "write the golden pages anew")

// The golden pages hold the stylesheet too: a change of looks shows in a
// review, and is accepted with go test -run Golden -update.
func TestGolden(t *testing.T) {
	cases := []struct {
		name   string
		resume resume.Resume
		paper  export.Paper
	}{
		{"one-page", jane(), export.A4},
		{"arabic", layla(), export.A4},
		{"german", joerg(), export.Letter},
		{"nearly-empty", resume.Resume{Person: resume.Person{FirstName: "Sam", LastName: "Fairweather"}}, export.A4},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := render(t, c.resume, Options{Paper: c.paper})
			file := filepath.Join("testdata", c.name+".html")
			if *update {
				if err := os.MkdirAll("testdata", 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("the page differs from %s:\n%s", file, got)
			}
			checkTidy(t, got)
			checkSafe(t, got)
		})
	}
}

// layla writes from right to left, with Latin names in between.
func layla() resume.Resume {
	return resume.Resume{
		Language: "ar-JO",
		Person: resume.Person{
			FirstName: "ليلى", LastName: "القصار", Headline: "مهندسة بيانات", Phone: "+962 6 000 0000",
			City: "عمان", Country: "JO", Email: "layla@example.com",
		},
		Sections: []resume.Section{
			{Type: resume.SectionExperience, Experience: []resume.Experience{{
				JobTitle: "مهندسة بيانات أولى", CompanyName: "Acme (MENA)", EmploymentType: resume.FullTime,
				Duration:    resume.Duration{Start: resume.Date{Year: 2020, Month: 9}, Current: true},
				Description: "<ul><li>نقلت 42 تيرابايت إلى Kubernetes</li><li>Led the Kafka team</li></ul>",
			}}},
			{Type: resume.SectionSkill, Skills: []resume.Skill{{Name: "PostgreSQL", Proficiency: resume.Expert}, {Name: "Go"}}},
		},
	}
}

// joerg has every section that has no table of its own.
func joerg() resume.Resume {
	item := func(kind string, it resume.Item) resume.Section {
		return resume.Section{Type: resume.SectionOther, Other: resume.Other{Kind: kind, Items: []resume.Item{it}}}
	}
	return resume.Resume{
		Language: "de",
		Person: resume.Person{
			Title: "Dr.", FirstName: "Jörg", LastName: "Strößner", Address: "Gärtnerstraße 14", Postal: "38100",
			City: "Braunschweig", Country: "DE", Nationality: "AT",
		},
		Sections: []resume.Section{
			{Type: resume.SectionStrength, Strengths: []resume.Strength{{Name: "Ruhe", Description: "Erst messen, dann schrauben."}}},
			{Type: resume.SectionProject, Projects: []resume.Project{{
				Name: "Windrad", Role: "Leitung", Category: "Energie", LiveURL: "https://windrad.example/", GithubURL: "github.com/x/windrad",
				SkillsUsed: []string{"Go", "Regelung"}, Duration: resume.Duration{Start: resume.Date{Year: 2021, Month: 4}},
			}}},
			item("volunteer", resume.Item{Name: "Feuerwehr", Subtitle: "Gruppenführer", Duration: resume.Duration{Start: resume.Date{Year: 2010}, Current: true}}),
			item("certificates", resume.Item{Name: "AEVO", Subtitle: "IHK", URL: "https://ihk.example/1", Date: resume.Date{Year: 2018, Month: 5, Day: 17}}),
			item("publications", resume.Item{Name: "Über Räder", Subtitle: "Fachblatt", Date: resume.Date{Year: 2017}, Summary: "Zwölf Seiten."}),
			item("languages", resume.Item{Name: "Deutsch", Level: "Muttersprache"}),
			item("interests", resume.Item{Name: "Radio", Keywords: []string{"Röhren", "Kurzwelle"}}),
			item("references", resume.Item{Name: "Frau Weiß", Summary: "„Unersetzlich.“"}),
			item("custom", resume.Item{Name: "Führerschein", Level: "Klasse B"}),
		},
	}
}
