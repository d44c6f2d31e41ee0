package document_test

import (
	"fmt"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// A document has the words of the resume's language, in the order in which they
// are shown.
func ExampleNew() {
	d, err := document.New(resume.Resume{
		Language: "de",
		Person:   resume.Person{FirstName: "Käthe", LastName: "Müller"},
		Sections: []resume.Section{{Type: resume.SectionExperience, Experience: []resume.Experience{{
			JobTitle: "Technikerin", CompanyName: "Beispiel AG", Duration: resume.Duration{Start: resume.Date{Year: 2019, Month: 9}, Current: true},
		}}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.FileName)
	for _, s := range d.Sections {
		fmt.Println(s.Title)
		for _, e := range s.Entries {
			fmt.Println(e.Title.Text, "|", e.Parts[0].Text, "|", e.Dates())
		}
	}
	fields, _ := d.Fields(false)
	for _, f := range fields {
		fmt.Println(f.Path, "=", f.Text)
	}
	// Output:
	// Käthe Müller Lebenslauf
	// Berufserfahrung
	// Technikerin | Beispiel AG | 09/2019 – heute
	// person.name = Käthe Müller
	// experience.heading = Berufserfahrung
	// experience[0].title = Technikerin
	// experience[0].when[0] = 09/2019
	// experience[0].when[1] = heute
	// experience[0].parts[0] = Beispiel AG
}
