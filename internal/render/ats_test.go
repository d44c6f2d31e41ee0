package render

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"

	"github.com/letrazapp/letraz-export/internal/ats"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// TestCheck_Samples: the checker finds every field of every sample in every template on
// every paper, with no word broken. With -v it prints a table.
func TestCheck_Samples(t *testing.T) {
	t.Parallel()
	type row struct {
		name   string
		pages  int
		report export.ATSReport
	}
	var mu sync.Mutex
	var rows []row
	t.Cleanup(func() {
		slices.SortFunc(rows, func(a, b row) int { return strings.Compare(a.name, b.name) })
		var table strings.Builder
		w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(w, "document\tpages\tfields\tfound\twords\tbroken\tjoined\tlinks\tfound\theadings\tbookmarks\t")
		for _, r := range rows {
			c := r.report
			fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", r.name, r.pages, c.Fields, c.Found, c.Words, c.BrokenWords,
				c.JoinedWords, c.Links, c.LinksFound, c.Headings, c.Bookmarks)
		}
		_ = w.Flush()
		t.Log("\n" + table.String())
	})
	for _, s := range allSamples(t) {
		for _, tmpl := range html.Templates() {
			for _, paper := range export.Papers() {
				name := s.Slug + "/" + tmpl.Name + "/" + string(paper)
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					r := sampleResume(t, s)
					a := renderIn(t, r, tmpl.Name, paper)
					report, err := ats.Check(a.Data, a.Document, tmpl.Name)
					if err != nil {
						t.Fatal(err)
					}
					if problems := report.Problems(); len(problems) > 0 {
						t.Errorf("%q\n%+v", problems, report)
					}
					mu.Lock()
					defer mu.Unlock()
					rows = append(rows, row{name, a.Pages, report})
				})
			}
		}
	}
}

// A line that holds both directions is found, whichever it runs in as a whole:
// names of products in Hebrew and Arabic, foreign names in English.
func TestCheck_MixedDirections(t *testing.T) {
	t.Parallel()
	for language, lines := range map[string][]string{
		"he": {"ניהול צוות (חיפה) של 12 מהנדסים.", "צוות Kubernetes (GKE) בענן", "מעבר ל-AWS (2021) הושלם", "פיתוח ב-Go, C++ ו-Python", "עלות: $5M בשנה, 30% (חיפה) פחות"},
		"ar": {"إدارة فريق (عمان) من 12 مهندساً.", "فريق Kubernetes (GKE) في السحابة", "الانتقال إلى AWS (2021) اكتمل", "تطوير Go و C++ و Python", "التكلفة: $5M سنوياً", "مُدَرِّس إِلَى z0"},
		"en": {"Worked at בנק הפועלים in Haifa, then (חיפה) 30% done.", "office وإدارة", "שלום Ltd", "and שלום ™", "At العربية and بنك in 2020, and (قطر) again",
			"Names: שלום (עולם) אבג and more", "חיפה 2020", "Arabic (العربية)", "צוות Kubernetes"},
	} {
		r := resume.Resume{Language: language, Person: resume.Person{FirstName: "Dana", LastName: "Levi"}}
		var x resume.Experience
		s := resume.Section{Type: resume.SectionSkill}
		for _, line := range lines {
			x.Description += resume.RichText("<p>" + line + "</p>")
			s.Skills = append(s.Skills, resume.Skill{Name: line, Category: lines[0]})
		}
		x.JobTitle, x.CompanyName, x.City = lines[1], lines[2], lines[3]
		r.Sections = []resume.Section{{Type: resume.SectionExperience, Experience: []resume.Experience{x}}, s}
		for _, tmpl := range html.Templates() {
			report, err := checkFile(t, renderIn(t, r, tmpl.Name, export.A4), tmpl.Name)
			if problems := report.Problems(); err != nil || len(problems) > 0 {
				t.Errorf("%s/%s: %v, %q\n%+v", language, tmpl.Name, err, problems, report)
			}
		}
	}
}

// TestCheck_BreaksAtDashes: a line may end before or after a dash between words.
func TestCheck_BreaksAtDashes(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for n := range 60 {
		text.WriteString("<p>" + strings.Repeat("x", n+1) + strings.Repeat(" slow but yes—no", 12) + "</p>")
	}
	r := resume.Resume{Language: "en", Person: resume.Person{FirstName: "Rolf'", LastName: "Wolf” f’", ProfileText: resume.RichText(text.String())}}
	report, err := checkFile(t, renderPDF(t, r, export.A4), "classic")
	if problems := report.Problems(); err != nil || len(problems) > 0 {
		t.Errorf("%v, %q\n%+v", err, problems, report)
	}
}

// A long address goes on in the next line, behind a sign of its own.
func TestCheck_BreaksInAddresses(t *testing.T) {
	t.Parallel()
	r := resume.Resume{Language: "en", Person: resume.Person{FirstName: "Ada"}}
	s := resume.Section{Type: resume.SectionProject}
	for n := range 25 {
		address := "example.net/reports" + strings.Repeat("/of", n) + "?year=2024&quarter=3&format=html&language=en-GB&page=1"
		s.Projects = append(s.Projects, resume.Project{Name: fmt.Sprint("Report ", n), Role: "Author", LiveURL: address})
	}
	r.Sections = []resume.Section{s}
	for _, tmpl := range html.Templates() {
		report, err := checkFile(t, renderIn(t, r, tmpl.Name, export.A4), tmpl.Name)
		if problems := report.Problems(); err != nil || len(problems) > 0 {
			t.Errorf("%s: %v, %q\n%+v", tmpl.Name, err, problems, report)
		}
	}
}

// checkFile checks a file against the document it was made from.
func checkFile(t *testing.T, a Artifact, template string) (export.ATSReport, error) {
	t.Helper()
	return ats.Check(a.Data, a.Document, template)
}
