package coverage_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/coverage"
	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/samples"
)

// compared compares a source with the document that is made of another, usually the same.
func compared(t *testing.T, source, shown string) coverage.Result {
	t.Helper()
	leaves, err := resume.Leaves([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	r, err := resume.Read([]byte(shown), resume.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := document.New(r)
	if err != nil {
		t.Fatal(err)
	}
	return coverage.Compare(leaves, d, nil)
}

func TestCompare_Samples(t *testing.T) {
	t.Parallel()
	all, err := samples.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		r := compared(t, string(s.JSON), string(s.JSON))
		if len(r.Missing) > 0 || r.Shown != r.Values || r.Values < 2 {
			t.Errorf("%s: %d of %d, not %q", s.Slug, r.Shown, r.Values, r.Missing)
		}
	}
}

// Each member is added to the source only, so that the document cannot show it.
func TestCompare_LostValue(t *testing.T) {
	t.Parallel()
	const shown = `{"basics": {"name": "Ana Lima", "label": "Nurse", "url": "https://example.org/ana", "location": {"city": "Porto", "countryCode": "PT"}},
		"work": [{"name": "Acme Ltd", "position": "Head of 5 wards", "startDate": "2011-03", "endDate": "2014-01", "summary": "Led **teams** of 12 people & more.\n\nWrote rosters in Go and C."}],
		"skills": [{"name": "Languages", "keywords": ["Go", "C"]}]}`
	for name, tc := range map[string]struct {
		member string
		found  bool
	}{
		"a word":                          {`"zebra"`, false},
		"a sentence":                      {`"She led teams of zebras"`, false},
		"a number in a year":              {`"1"`, false},
		"a number inside another value":   {`"5"`, false},
		"a number":                        {`12`, false},
		"a letter with a sign":            {`"C++"`, false},
		"a boolean":                       {`true`, false},
		"another date":                    {`"2011-04"`, false},
		"another year":                    {`"2012"`, false},
		"another address":                 {`"https://example.org/other"`, false},
		"the words in another order":      {`"wards 5 of Head"`, false},
		"a part of a word":                {`"eam"`, false},
		"another paragraph":               {`"Led teams of 12 people & more.\n\nNothing else."`, false},
		"the same text":                   {`"Head of 5 wards"`, true},
		"the same text with markup":       {`"<b>Head</b> of&nbsp;5 <i>war</i>ds"`, true},
		"the same text in other letters":  {`"HEAD  of ５ wards!"`, true},
		"the same paragraphs":             {`"Led __teams__ of 12 people &amp; more.\n\n- Wrote rosters in Go and C."`, true},
		"the same word":                   {`"Go"`, true},
		"the same date in other spelling": {`"March 2011"`, true},
		"the day of a date":               {`"2011-03-15"`, true},
		"a date with a time":              {`"2014-01-31T00:00:00.000Z"`, true},
		"the year of a date":              {`"2011"`, true},
		"the same address":                {`"http://www.example.org/ana/"`, true},
		"signs":                           {`"★ – …"`, true},
		"nothing":                         {`""`, true},
	} {
		source := strings.TrimSuffix(shown, "}") + `, "x-more": ` + tc.member + "}"
		r := compared(t, source, shown)
		if found := !slices.Contains(r.Missing, "x-more"); found != tc.found || len(r.Missing) > 1 {
			t.Errorf("%s: found is %t, missing %q", name, found, r.Missing)
		}
		if !tc.found && (len(r.Notes) != 1 || r.Notes[0].Path != "x-more" || r.Notes[0].Code != note.NotShown || r.Notes[0].Hint == "") {
			t.Errorf("%s: the notes are %v", name, r.Notes)
		}
	}
}

func TestCompare_OtherWords(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]string{
		"employment type":         `{"basics": {"name": "Eva Roth"}, "work": [{"name": "Werk", "position": "Leiterin", "employmentType": "full-time", "startDate": "2019-02", "summary": "Leitung der Abteilung und der Ausbildung"}], "meta": {"language": "de"}}`,
		"level":                   `{"basics": {"name": "Eva Roth"}, "skills": [{"name": "Excel", "level": "Advanced"}], "meta": {"language": "de"}}`,
		"country":                 `{"basics": {"name": "Eva Roth", "location": {"city": "Wien", "countryCode": "AT"}}, "meta": {"language": "de"}}`,
		"months":                  `{"basics": {"name": "Jo Abe"}, "work": [{"name": "工場", "position": "部長", "startDate": "2019-02", "endDate": "2020-12"}], "meta": {"language": "ja"}}`,
		"settings":                `{"$schema": "https://example.org/schema.json", "basics": {"name": "Jo Abe"}, "meta": {"version": "v1.0.0", "theme": "flat", "canonical": "https://example.org/x.json", "lastModified": "2020-01-02T03:04:05"}}`,
		"settings of several":     `{"en": {"$schema": "https://example.org/schema.json", "basics": {"name": "Jo Abe"}, "meta": {"language": "en", "theme": "flat"}}, "de": {"basics": {"name": "Jo Abe"}}}`,
		"years in Korean":         `{"basics": {"name": "Jo Abe"}, "skills": [{"name": "Go", "years": "5"}], "meta": {"language": "ko"}}`,
		"date of birth":           `{"basics": {"name": "Eva Roth", "birthDate": "14. Juli 1988"}, "certificates": [{"name": "Kran", "expires": "May 2029"}], "meta": {"language": "sk"}}`,
		"a date as an object":     `{"basics": {"name": "Jo Abe"}, "work": [{"name": "A", "position": "P", "startDate": {"year": 1999, "month": 5}, "endDate": {"year": 2001}}]}`,
		"a range":                 `{"basics": {"name": "Jo Abe"}, "work": [{"name": "A", "position": "P", "dates": "Sept 2010 - present"}]}`,
		"a number of an item":     `{"basics": {"name": "Jo Abe"}, "work": [{"name": "A", "position": "P", "highlights": ["1. First", "2. Second"]}]}`,
		"addresses with a scheme": `{"basics": {"name": "Jo Abe", "phone": "tel:+1-555-0100", "email": "jo@example.org", "url": "mailto:abe@example.org"}}`,
		"a city with its country": `{"basics": {"name": "Jo Abe", "location": {"city": "Gijón, Spain", "region": "Spain"}}}`,
	} {
		if r := compared(t, source, source); len(r.Missing) > 0 {
			t.Errorf("%s: missing %q", name, r.Missing)
		}
	}
}

func TestCompare_NotedValues(t *testing.T) {
	t.Parallel()
	const source = `{"basics": {"name": "Ana Lima"}, "x-a": {"b": ["one", "two"], "c": "three"}, "x-ab": "four", "x-list": ["five", "six"]}`
	leaves, err := resume.Leaves([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	d, err := document.New(resume.Resume{Person: resume.Person{FirstName: "Ana", LastName: "Lima"}})
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		noted []note.Note
		want  []string
	}{
		"no note":                  {nil, []string{"x-a.b", "x-a.c", "x-ab", "x-list"}},
		"on the value":             {[]note.Note{{Path: "x-a.c", Code: note.Repaired}}, []string{"x-a.b", "x-ab", "x-list"}},
		"on what is around it":     {[]note.Note{{Path: "x-a", Code: note.Dropped}}, []string{"x-ab", "x-list"}},
		"on a repair around it":    {[]note.Note{{Path: "x-a", Code: note.Repaired}}, []string{"x-a.b", "x-a.c", "x-ab", "x-list"}},
		"on the whole":             {[]note.Note{{Code: note.Imported}}, []string{"x-a.b", "x-a.c", "x-ab", "x-list"}},
		"on one value of the list": {[]note.Note{{Path: "x-list[0]", Code: note.NotShown}}, []string{"x-a.b", "x-a.c", "x-ab", "x-list[1]"}},
	} {
		var got []string
		for _, n := range coverage.Missing(leaves, d, tc.noted) {
			got = append(got, n.Path)
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: notes on %q, want %q", name, got, tc.want)
		}
	}
}

// The address of a link is noted where its words are shown without it.
func TestCompare_Links(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		source string
		noted  []string
	}{
		"shown":                  {`{"basics": {"name": "A", "summary": "See [this](https://a.example/x)."}, "work": [{"name": "B", "position": "C", "keywords": ["<a href='https://b.example'>Go</a>"]}]}`, nil},
		"headline":               {`{"basics": {"name": "A", "label": "Maker of [this](https://a.example/x)"}}`, nil},
		"two links in one line":  {`{"basics": {"name": "A", "label": "Maker of [this](https://a.example/x) and [that](https://a.example/y)"}}`, []string{"basics.label"}},
		"elsewhere":              {`{"basics": {"name": "A", "label": "Maker of [this](https://a.example/x)", "url": "https://a.example/x"}}`, nil},
		"its text":               {`{"basics": {"name": "A", "label": "Maker of [a.example](https://a.example)"}}`, nil},
		"no link":                {`{"basics": {"name": "A", "label": "Arrays [i](j) and <T>"}}`, nil},
		"an address that is not": {`{"basics": {"name": "A", "label": "[x](javascript:alert)"}}`, nil},
	} {
		var noted []string
		for _, n := range compared(t, tc.source, tc.source).Notes {
			noted = append(noted, n.Path)
		}
		if !slices.Equal(noted, tc.noted) {
			t.Errorf("%s: notes on %q, want %q", name, noted, tc.noted)
		}
	}
}

func TestPlace(t *testing.T) {
	t.Parallel()
	made := []note.Note{{Path: "meta.language", Code: note.Guessed}, {Path: "basics.image", Code: note.PictureNotUsed}}
	for source, want := range map[string]string{
		`{"basics": {"name": "A", "image": "https://a.example/x.png"}}`:                                    "basics.image",
		`{"basics": {"name": "A", "photo": "https://a.example/x.png"}}`:                                    "basics.photo",
		`{"basics": {"name": "A", "picture": {"alt": "me", "url": "https://a.example/x.png"}}}`:            "basics.picture.url",
		`[{"basics": {"name": "A", "avatar": "x.png"}}]`:                                                   "[0].basics.avatar",
		`{"basics": {"name": "A"}, "projects": [{"name": "B", "image": "https://a.example/project.png"}]}`: "",
	} {
		leaves, err := resume.Leaves([]byte(source))
		if err != nil {
			t.Fatal(err)
		}
		if got := coverage.Place(made, leaves); got[1].Path != want || got[0].Path != "meta.language" || made[1].Path != "basics.image" {
			t.Errorf("%s: the path is %q, want %q", source, got[1].Path, want)
		}
	}
}
