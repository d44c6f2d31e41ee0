package resume

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/letrazapp/letraz-export/internal/resume/builders"
)

// problemsOf returns the problems of a document, each as "path: problem".
func problemsOf(t *testing.T, doc string) []string {
	t.Helper()
	_, err := ParseJSONResume([]byte(doc))
	if err == nil {
		return nil
	}
	input, ok := errors.AsType[*InputError](err)
	if !ok {
		t.Fatalf("%v is no InputError", err)
	}
	var list []string
	for _, p := range input.Problems {
		list = append(list, p.String())
	}
	return list
}

func TestParse_Syntax(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, doc, want string }{
		{"empty", " \n", "line 2, column 1: the document is empty"},
		{"unclosed", "{", "line 1, column 2: expected a member's name in double quotes, found the end of the document"},
		{"single quotes", "{\n  'basics': {}}", `line 2, column 3: expected a member's name in double quotes, found '\''`},
		{"no colon", `{"a" 1}`, `line 1, column 6: expected ":" after the member's name, found '1'`},
		{"no comma", `{"é":1 "b":2}`, `line 1, column 8: expected "," or "}" after the member, found '"'`},
		{"comma too many", `{"a":[1,]}`, `line 1, column 9: expected a value, found ']'`},
		{"list unclosed", `{"a":[1 2]}`, `line 1, column 9: expected "," or "]" after the entry, found '2'`},
		{"word", `{"a":True}`, `line 1, column 6: expected a value, found 'T'`},
		{"number", `{"a":1.}`, `line 1, column 8: expected a digit, found '}'`},
		{"leading zero", `{"a":01}`, `line 1, column 7: expected "," or "}" after the member, found '1'`},
		{"text unclosed", `{"a":"b`, `line 1, column 8: expected a closing quote, found the end of the document`},
		{"raw line break", "{\"a\":\"b\nc\"}", `line 1, column 8: expected '\n' to be escaped inside a text`},
		{"escape", `{"a":"\x"}`, `line 1, column 8: expected one of "\/bfnrtu after the backslash, found 'x'`},
		{"hex", `{"a":"\u12g4"}`, `line 1, column 11: expected four hexadecimal digits, found 'g'`},
		{"trailing", `{"basics":{"name":"A"}} x`, `line 1, column 25: expected the end of the document, found 'x'`},
		{"UTF-8", "{\"a\":\"\xff\"}", `line 1, column 7: the text is not valid UTF-8`},
		{"surrogate in UTF-8", "{\"a\":\"\xed\xa0\x80\"}", `line 1, column 7: the text is not valid UTF-8`},
		{"depth", `{"x":` + strings.Repeat("[", 1_000_000), "line 1, column 69: lists and objects nest deeper than 64 levels"},
		{"list", `[1]`, "this is a list; the formats that are read are " + builders.Understood},
		{"null", `null`, "this is null; the formats that are read are " + builders.Understood},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff([]string{test.want}, problemsOf(t, test.doc)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestParse_Problems: all problems are reported at once, each with its path.
func TestParse_Problems(t *testing.T) {
	t.Parallel()
	got := problemsOf(t, `{
	  "basics": {"label": 5, "email": "a\u0000b", "phone": "\ud800", "location": "Paris", "label": "x"},
	  "works": [],
	  "work": [
	    {"startDate": "2020", "endDate": "Present"},
	    {"startDate": "2020-05", "endDate": "2020-04", "highlights": ["a", 1]},
	    "Acme"
	  ],
	  "education": {"institution": "E"},
	  "projects": [{"startDate": "2021-13"}, {"endDate": "2021-02-30"}, {"endDate": "0999"}],
	  "awards": [{"date": "2020/01"}],
	  "volunteer": [{"startDate": "2021", "endDate": "2020-12"}],
	  "favourite things": 1
	}`)
	want := []string{
		`basics.email: the character \u0000 cannot be stored`,
		`basics.phone: half of a surrogate pair is not a character`,
		`basics.label: this member stands twice in one object`,
		`basics.label: a number where a text is expected`,
		`basics.location: a text where an object is expected`,
		`basics.name: a resume needs a name`,
		`works: not a member of a JSON Resume; did you mean "work"?`,
		`work[0].endDate: "Present" is not a date (YYYY, YYYY-MM or YYYY-MM-DD); leave it out for a current position`,
		`work[1].endDate: "2020-04" is before the startDate "2020-05"`,
		`work[1].highlights[1]: a number where a text is expected`,
		`work[2]: a text where an object is expected`,
		`education: an object where a list is expected`,
		`projects[0].startDate: "2021-13" is not a date: there is no month 13`,
		`projects[1].endDate: "2021-02-30" is not a date: 2021-02 has no day 30; leave it out for a current position`,
		`projects[2].endDate: "0999" is not a date: the year must be 1000 to 9999; leave it out for a current position`,
		`awards[0].date: "2020/01" is not a date (YYYY, YYYY-MM or YYYY-MM-DD)`,
		`volunteer[0].endDate: "2020-12" is before the startDate "2021"`,
		`["favourite things"]: not a member of a JSON Resume`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParse_LetrazProblems(t *testing.T) {
	t.Parallel()
	got := problemsOf(t, `{"basics": {"name": "A", "n": 1e999, "\u0000": 1}, "meta": {"letraz": {
	  "job": {"salary": {"min": 1.5, "max": "x"}, "requirements": "r"}, "strengths": {"name": "s"}, "custom": [{"items": [1]}], "sections": [{"type": 1}]
	}}}`)
	want := []string{
		`basics.n: the number "1e999" is out of range`,
		`basics: the character \u0000 cannot be stored`,
		`meta.letraz.job.requirements: a text where a list is expected`,
		`meta.letraz.job.salary.min: "1.5" is not a whole number`,
		`meta.letraz.job.salary.max: a text where a number is expected`,
		`meta.letraz.strengths: an object where a list is expected`,
		`meta.letraz.custom[0].items[0]: a number where an object is expected`,
		`meta.letraz.sections[0].type: a number where a text is expected`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	got = problemsOf(t, `{"basics": {"name": "A"}, "meta": {"letraz": {"job": {"salary": {"min": 2, "max": 1}}}}}`)
	if diff := cmp.Diff([]string{"meta.letraz.job.salary: max is less than min"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParse_NameRequired(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{
		`{}`, `{"basics": null}`, `{"basics": {}}`, `{"basics": []}`, `{"basics": {"name": ""}}`, `{"basics": {"name": " \t\u00a0"}}`,
		`{"basics": {"name": null}}`, `{"basics": {"name": {}}}`,
	} {
		if diff := cmp.Diff([]string{"basics.name: a resume needs a name"}, problemsOf(t, doc)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", doc, diff)
		}
	}
}

func TestParse_ProblemLimit(t *testing.T) {
	t.Parallel()
	doc := `{"basics": {"name": "A"}, "awards": [` + strings.Repeat(`{"date": "`+strings.Repeat("é", 100_000)+`"},`, 29) + `{}]}`
	_, err := ParseJSONResume([]byte(doc))
	input, ok := errors.AsType[*InputError](fmt.Errorf("importing: %w", err))
	if !ok || len(input.Problems) != 20 || input.Omitted != 9 {
		t.Fatalf("%v", err)
	}
	if n := len(input.Error()); n > 5000 {
		t.Errorf("a message of %d bytes", n)
	}
	if !strings.HasSuffix(input.Error(), "; and 9 more") {
		t.Errorf("%v", input)
	}
}

func TestSuggestion(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Work": "work", "experience": "work", "skill": "skills", "certifications": "certificates", "project": "projects",
		"volunteering": "", "hobbies": "interests", "x": "", "schema": "$schema", strings.Repeat("work", 1000): "",
	} {
		if want != "" {
			want = `; did you mean "` + want + `"?`
		}
		if got := suggestion(name); got != want {
			t.Errorf("%.20q: %q, want %q", name, got, want)
		}
	}
}

// TestParse_HostileInput parses inputs that take a second, and would take minutes in
// quadratic time. It is not parallel, because the load of other tests would count.
func TestParse_HostileInput(t *testing.T) {
	const count = 100_000
	var members strings.Builder
	for i := range count {
		fmt.Fprintf(&members, `"m%d":%d,`, i, i)
	}
	many := func(s string) string { return strings.Repeat(s+",", count) + s }
	for name, doc := range map[string]string{
		"members":  `{"basics":{` + members.String() + `"name":"A"},"work":[{` + members.String() + `"name":"A"}]}`,
		"rows":     `{"basics":{"name":"A"},"work":[` + many("{}") + `]}`,
		"keywords": `{"basics":{"name":"A"},"skills":[{"years":1,"keywords":[` + many(`"k"`) + `]}]}`,
		"skills":   `{"basics":{"name":"A"},"skills":[` + many(`{"keywords":["k"]}`) + `]}`,
		"custom":   `{"basics":{"name":"A"},"meta":{"letraz":{"custom":[` + many(`{"title":"k"}`) + `]}}}`,
		"sections": `{"basics":{"name":"A"},"meta":{"letraz":{"sections":[` + many(`{"type":"k"}`) + `]}}}`,
		"twice":    `{"basics":{"name":"A"},` + many(`"work":[]`) + `}`,
		"name":     `{"basics":{"name":"` + strings.Repeat("A  ", count) + `"}}`,
		"escapes":  `{"basics":{"name":"` + strings.Repeat(`\ud83d\ude00 `, count) + `"}}`,
	} {
		start := time.Now()
		r, err := ParseJSONResume([]byte(doc))
		if err == nil {
			_ = mustMarshal(t, r)
		}
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s take %v", name, took)
		} else {
			t.Logf("%s %v", name, took)
		}
	}
}
