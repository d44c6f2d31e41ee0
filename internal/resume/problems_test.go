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
		{"single quotes, nothing in it", "{\n  'basics': {}}", "there is nothing of a resume in this file"},
		{"single quotes, no resume", "{\n  'a': 1}", `line 2, column 3: expected a member's name in double quotes, found '\''`},
		{"two resumes", `{"basics":{"name":"A"}} {"basics":{"name":"B"}}`, `line 1, column 25: expected the end of the document, found '{'`},
		{"no colon", `{"a" 1}`, `line 1, column 6: expected ":" after the member's name, found '1'`},
		{"no comma", `{"é":1 "b":2}`, `line 1, column 8: expected "," or "}" after the member, found '"'`},
		{"list unclosed", `{"a":[1 2]}`, `line 1, column 9: expected "," or "]" after the entry, found '2'`},
		{"word", `{"a":True}`, `line 1, column 6: expected a value, found 'T'`},
		{"number", `{"a":1.}`, `line 1, column 8: expected a digit, found '}'`},
		{"leading zero", `{"a":01}`, `line 1, column 7: expected "," or "}" after the member, found '1'`},
		{"text unclosed", `{"a":"b`, `line 1, column 6: the text that begins here has no closing quote`},
		{"hex", `{"a":"\u12g4"}`, `line 1, column 11: expected four hexadecimal digits, found 'g'`},
		{"trailing", `{"basics":{"name":"A"}} x`, `line 1, column 25: expected the end of the document, found 'x'`},
		{"depth", `{"x":` + strings.Repeat("[", 1_000_000), "line 1, column 69: lists and objects nest deeper than 64 levels"},
		{"list", `[1]`, "this is a list; the formats that are read are " + builders.Understood},
		{"null", `null`, "this is null; the formats that are read are " + builders.Understood},
		{"text", `"Ada"`, "this is plain text; the formats that are read are " + builders.Understood},
		{"nothing", `{}`, "there is nothing of a resume in this file"},
		{"nothing in it", `{"basics": {}, "work": [], "meta": {"theme": "x"}}`, "there is nothing of a resume in this file"},
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

// TestParse_Problems: the strict form reports all notes at once, each with its path.
func TestParse_Problems(t *testing.T) {
	t.Parallel()
	got := problemsOf(t, `{"basics": {"name": "A", "label": 5}, "works": [{"startDate": "March 2011"}]}`)
	want := []string{
		`works: read as work; call it work`,
		`works[0].startDate: "March 2011" was read as 2011-03; write 2011-03`,
		`basics.label: a number where a text is expected: read as the text "5"; write a text`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestParse_LetrazProblems: members of meta.letraz of another type are kept.
func TestParse_LetrazProblems(t *testing.T) {
	t.Parallel()
	const doc = `{"basics": {"name": "A"}, "meta": {"letraz": {
	  "job": {"salary": {"min": 1.5, "max": "x"}, "requirements": "r"}, "strengths": {"name": "s"}, "custom": [{"items": [1]}], "sections": [{"type": 1}], "person": 5
	}}}`
	want := []string{
		`meta.letraz.person: a number where an object is expected: kept, but not read; write an object`,
		`meta.letraz.job.requirements: a text where a list is expected: kept, but not read; write a list`,
		`meta.letraz.job.salary.min: a number where a whole number is expected: kept, but not read; write a whole number`,
		`meta.letraz.job.salary.max: a text where a whole number is expected: kept, but not read; write a whole number`,
		`meta.letraz.strengths: an object where a list is expected: kept, but not read; write a list`,
		`meta.letraz.custom[0].items[0]: a number where an object is expected: kept, but not read; write an object`,
		`meta.letraz.sections[0].type: a number where a text is expected: kept, but not read; write a text`,
	}
	if diff := cmp.Diff(want, problemsOf(t, doc)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	r, err := Read([]byte(doc), ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	wantData(t, r, doc)
}

func TestParse_ProblemLimit(t *testing.T) {
	t.Parallel()
	doc := `{"basics": {"name": "A"}, "awards": [` + strings.Repeat(`{"date": "`+strings.Repeat("é", 10_000)+`"},`, 29) + `{}]}`
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
		"objects":  `{"basics":{"name":"A"},` + many(`"x":{`+members.String()[:2000]+`"y":1}`) + `}`,
		"texts":    `{"basics":{"name":"A",` + many(`"label":"x"`) + `}}`,
		"roles":    `{"work":[{"name":"` + strings.Repeat("A", count) + `","roles":[` + many(`{"position":"p"}`) + `]}]}`,
		"unknown":  `{` + members.String() + `"x":[` + many(`{"a":"b"}`) + `]}`,
		"escapes":  `{"basics":{"name":"` + strings.Repeat(`\ud83d\ude00 `, count) + `"}}`,
	} {
		start := time.Now()
		r, err := Read([]byte(doc), ReadOptions{})
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
