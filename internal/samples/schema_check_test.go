package samples

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestSchemaCheck_Problems: the schema checker finds each kind of mistake.
func TestSchemaCheck_Problems(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ doc, want string }{
		{`{"basics": {"name": "A", "headline": "B"}}`, `unknown property "headline"`},
		{`{"letraz": {}}`, `unknown property "letraz"`},
		{`{"basics": {"name": 7}}`, "resume.basics.name: want a string"},
		{`{"basics": {"name": " "}}`, "empty text"},
		{`{"basics": {"email": "a@example.dev"}}`, "reserved example domain"},
		{`{"basics": {"email": "A <a@example.com>"}}`, "bare address"},
		{`{"basics": {"email": "example.com"}}`, "missing"},
		{`{"basics": {"url": "example.com"}}`, "not an https address"},
		{`{"basics": {"url": "https://notexample.com"}}`, "not an https address"},
		{`{"basics": {"url": "https://example.com.evil.net/"}}`, "not an https address"},
		{`{"basics": {"phone": "+1 212-556-0147"}}`, "no range kept for fiction"},
		{`{"basics": {"image": "https://example.com/me.png"}}`, "PNG data URI"},
		{`{"basics": {"location": {"countryCode": "Germany"}}}`, "ISO 3166-1"},
		{`{"work": {}}`, "want a list"},
		{`{"work": [{"highlights": []}]}`, "not empty"},
		{`{"work": [{"startDate": "2020-1"}]}`, "is not YYYY"},
		{`{"work": [{"startDate": "2021-02-29"}]}`, "not in the calendar"},
		{`{"work": [{"startDate": "2026-07"}]}`, "lies after"},
		{`{"work": [{"startDate": "2020-05", "endDate": "2020-04-30"}]}`, "before its start"},
		{`{"meta": {"language": "German"}}`, "BCP 47"},
		{`{"meta": {"letraz": {"sections": [{"type": "jobs", "title": "Jobs"}]}}}`, "not a section"},
		{`{"meta": {"letraz": {"job": {"salary": {"min": "1"}}}}}`, "want a number"},
	} {
		var doc any
		if err := json.Unmarshal([]byte(tc.doc), &doc); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(problems("resume", doc, resumeSchema), "\n"); !strings.Contains(got, tc.want) {
			t.Errorf("%s\n got %q\nwant %q", tc.doc, got, tc.want)
		}
	}
}

func TestSchemaCheck_ValidValues(t *testing.T) {
	t.Parallel()
	const doc = `{
		"basics": {"name": "A", "email": "a+b@mail.example.org", "url": "https://a.example.net/x?y=1#z",
			"phone": "+44 20 7946 0123"},
		"work": [{"startDate": "2020", "endDate": "2020-02-29"}, {"startDate": "2026-06-30"}],
		"meta": {"version": "v1.0.0", "language": "zh-Hans"}
	}`
	var v any
	if err := json.Unmarshal([]byte(doc), &v); err != nil {
		t.Fatal(err)
	}
	if got := problems("resume", v, resumeSchema); len(got) > 0 {
		t.Error(got)
	}
}

func TestSchemaCheck_DuplicateKeys(t *testing.T) {
	t.Parallel()
	for doc, want := range map[string]string{
		`{"a": 1, "b": {"a": "a"}, "c": [{"a": 1}, {"a": 2}]}`:         "",
		`{"a": [{"x": 1, "y": ["x"], "x": 2}], "b": {"a": {}}, "a":1}`: "x a",
	} {
		if got := strings.Join(duplicateKeys(t, []byte(doc)), " "); got != want {
			t.Errorf("%s: got %q, want %q", doc, got, want)
		}
	}
}
