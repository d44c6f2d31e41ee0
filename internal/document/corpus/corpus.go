// Package corpus has resumes for the tests of documents and of their writers: the
// samples, a few of its own, and texts that try to be more than text.
package corpus

import (
	"encoding/json"

	"github.com/letrazapp/letraz-export/internal/resume"
)

// Jane is a one-page resume with something in most sections.
func Jane() resume.Resume {
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

// Layla writes from right to left, with Latin names in between.
func Layla() resume.Resume {
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

// Joerg has every section that has no table of its own.
func Joerg() resume.Resume {
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
