package resume

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

func TestCheckSize(t *testing.T) {
	t.Parallel()
	text := func(s string) Resume { return Resume{Person: Person{ProfileText: RichText(s)}} }
	raw := func(s string) Resume {
		return Resume{Sections: []Section{{Type: SectionOther, Other: Other{Kind: "awards", Items: []Item{NewItem("awards", Details{"x": json.RawMessage(s)})}}}}}
	}
	skills := func(n int) Resume {
		return Resume{Sections: []Section{{Type: SectionSkill, Skills: make([]Skill, n)}}}
	}
	for _, tc := range []struct {
		name   string
		within Resume
		beyond Resume
		what   string
	}{
		{"text", text(strings.Repeat("x", MaxText)), text(strings.Repeat("x", MaxText+1)), "bytes of text"},
		{"text of many fields", skills(2), Resume{Sections: []Section{{Type: SectionSkill, Skills: []Skill{
			{Name: strings.Repeat("x", MaxText/2)}, {Category: strings.Repeat("x", MaxText/2+1)}}}}}, "bytes of text"},
		{"text in raw values", raw(`"x"`), raw(`"` + strings.Repeat("x", MaxText) + `"`), "bytes of text"},
		{"portrait", Resume{Person: Person{Image: strings.Repeat("x", MaxImage)}}, Resume{Person: Person{Image: strings.Repeat("x", MaxImage+1)}}, "bytes of the portrait"},
		{"sections", Resume{Sections: make([]Section, MaxSections)}, Resume{Sections: make([]Section, MaxSections+1)}, "sections"},
		{"entries", skills(MaxEntries), skills(MaxEntries + 1), "entries"},
		{"values of a list", Resume{Job: &Job{Benefits: make([]string, MaxEntries)}}, Resume{Job: &Job{Benefits: make([]string, MaxEntries+1)}}, "entries"},
		{"values in raw values", raw("[" + strings.Repeat("1,", MaxEntries/2) + "1]"), raw("[" + strings.Repeat("1,", MaxEntries) + "1]"), "entries"},
		{"list items", text(strings.Repeat("<li>x", MaxMarks)), text(strings.Repeat("<li>x", MaxMarks+1)), "tags, line breaks and changes of script"},
		{"lines", text(strings.Repeat("x\n", MaxMarks)), text(strings.Repeat("x\n", MaxMarks+1)), "tags, line breaks and changes of script"},
		{"lines in raw values", raw(`"` + strings.Repeat(`x\n`, MaxMarks) + `"`), raw(`"` + strings.Repeat(`x\n`, MaxMarks+1) + `"`), "tags, line breaks and changes of script"},
		{"scripts", text(strings.Repeat("aש", MaxMarks/2)), text(strings.Repeat("aש", MaxMarks/2+1)), "tags, line breaks and changes of script"},
		{"scripts of Asia", text(strings.Repeat("कก", MaxMarks/2)), text(strings.Repeat("कก", MaxMarks/2+1)), "tags, line breaks and changes of script"},
		{"languages", text(strings.Repeat("Ünïcode l’été où çà ", 20_000)), text(strings.Repeat("aя", MaxMarks)), "tags, line breaks and changes of script"},
		{"one script", text(strings.Repeat("Русский ёж, Ђорђе. ", 20_000)), text(strings.Repeat("漢字a", MaxMarks)), "tags, line breaks and changes of script"},
		{"Chinese and Arabic", text(strings.Repeat("漢字仮名かな한국어、。！", 20_000) + strings.Repeat("السيرة الذاتية ", 10_000)), text(strings.Repeat("漢字aا", MaxMarks)), "tags, line breaks and changes of script"},
		{"depth", raw(strings.Repeat("[", 64) + strings.Repeat("]", 64)), raw(strings.Repeat("[", 65) + strings.Repeat("]", 65)), "levels of nested values"},
		{"brackets in a text", raw(`"` + strings.Repeat(`[\"`, 100) + `"`), raw(`{"\"":` + strings.Repeat("[", 64) + strings.Repeat("]", 64) + "}"), "levels of nested values"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if err := tc.within.CheckSize(); err != nil {
				t.Errorf("within the limit: %v", err)
			}
			err := tc.beyond.CheckSize()
			if tooLarge, ok := errors.AsType[*TooLargeError](err); !ok || tooLarge.What != tc.what {
				t.Errorf("beyond the limit: %v, want one of %s", err, tc.what)
			}
		})
	}
}

func TestParse_TooLarge(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ document, problem string }{
		"text":           {`{"basics": {"name": "A B", "summary": "` + strings.Repeat("x", MaxText) + `"}}`, "bytes of text"},
		"values":         {`{"basics": {"name": "A B"}, "x": [` + strings.Repeat("1,", tree.MaxValues) + `1]}`, "values"},
		"200,000 points": {`{"basics": {"name": "A B"}, "work": [{"highlights": [` + strings.Repeat(`"x",`, 199_999) + `"x"]}]}`, "values"},
		"20,000 points":  {`{"basics": {"name": "A B"}, "work": [{"highlights": [` + strings.Repeat(`"x",`, 19_999) + `"x"]}]}`, "tags, line breaks and changes of script"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := ParseJSONResume([]byte(tc.document))
			input, ok := errors.AsType[*InputError](err)
			if !ok || len(input.Problems) != 1 || !strings.Contains(input.Problems[0].Problem, tc.problem) {
				t.Errorf("got %v, want one problem with the %s", err, tc.problem)
			}
		})
	}
}
