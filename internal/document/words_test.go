package document

import (
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/resume"
)

func TestLocales_Complete(t *testing.T) {
	all, err := loadLocales()
	if err != nil {
		t.Fatal(err)
	}
	for tag, l := range all {
		for _, e := range resume.EmploymentTypes() {
			if l.Employment[string(e)] == "" {
				t.Errorf("%s: no name for employment type %s", tag, e)
			}
		}
		for _, p := range resume.Proficiencies() {
			if l.Proficiency[string(p)] == "" {
				t.Errorf("%s: no name for proficiency %s", tag, p)
			}
		}
		for key := range all["en"].Headings {
			if l.Headings[key] == "" {
				t.Errorf("%s: no heading %s", tag, key)
			}
		}
		for key := range all["en"].Terms {
			if l.Terms[key] == "" {
				t.Errorf("%s: no term %s", tag, key)
			}
		}
		if l.Resume == "" || l.Present == "" || l.Year == "" || l.Month == "" || l.Day == "" {
			t.Errorf("%s: a text is missing", tag)
		}
		if strings.Contains(l.Month+l.Day, "{M}") && len(l.Months) != 12 {
			t.Errorf("%s: %d months", tag, len(l.Months))
		}
	}
}
