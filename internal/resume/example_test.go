package resume_test

import (
	"fmt"

	"github.com/letrazapp/letraz-export/internal/resume"
)

// A JSON Resume is read with all that it holds, and written again.
func ExampleParseJSONResume() {
	r, err := resume.ParseJSONResume([]byte(`{
		"basics": {"name": "Jane Doe", "label": "Engineer"},
		"work": [{"name": "Acme", "position": "Lead", "startDate": "2019-09", "highlights": ["Shipped it"]}]
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	job := r.Sections[0].Experience[0]
	fmt.Println(r.Person.FullName(), "|", job.JobTitle, "|", job.CompanyName, "|", job.Duration.Start.Year)
	fmt.Println(job.Description)
	// Output:
	// Jane Doe | Lead | Acme | 2019
	// <ul><li>Shipped it</li></ul>
}

// What is wrong with a file is told by the path to it.
func ExampleParseJSONResume_problems() {
	_, err := resume.ParseJSONResume([]byte(`{"basics": {"name": "Jane Doe"}, "work": [{"name": "Acme", "startDate": "soon"}]}`))
	fmt.Println(err)
	// Output:
	// not a JSON Resume document: work[0].startDate: "soon" is not a date and is shown as written; write YYYY, YYYY-MM or YYYY-MM-DD
}

// Rich text splits into the summary and the highlights that JSON Resume has.
func ExampleRichText_Split() {
	summary, highlights := resume.RichText("<p>Led <b>five</b> people.</p><ul><li>Shipped it</li></ul>").Split()
	fmt.Printf("%q %q\n", summary, highlights)
	// Output:
	// "Led **five** people." ["Shipped it"]
}
