package builders

import (
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// parse parses JSON.
func parse(t *testing.T, data string) *tree.Value {
	t.Helper()
	var notes note.List
	root, err := tree.Parse([]byte(data), &notes)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func TestConvert_LeavesJSONResumeAlone(t *testing.T) {
	for name, data := range map[string]string{
		"basics":           `{"basics": {"name": "Ada"}}`,
		"sections":         `{"work": [], "education": [], "skills": []}`,
		"old names":        `{"basics": {"name": "Ada", "picture": "x", "website": "y"}, "work": [{"company": "A"}]}`,
		"unknown sections": `{"basics": {"name": "Ada"}, "sections": ["work"], "metadata": {}}`,
		"empty":            `{}`,
		"list":             `[]`,
		"text":             `"x"`,
	} {
		t.Run(name, func(t *testing.T) {
			if r, ok := Convert(parse(t, data), Options{}); ok {
				t.Errorf("converted as %s", r.Format)
			}
		})
	}
}

func TestConvert_Locales(t *testing.T) {
	const data = `{"en-US": {"basics": {"name": "Ada", "label": "Pilot"}}, "de": {"basics": {"name": "Ada", "label": "Pilotin"}},
		"pt-BR": {"basics": {"name": "Ada", "label": "Piloto"}, "meta": {"language": "pt"}}, "title": "mine"}`
	for _, test := range []struct {
		ask, label, language string
		says                 string
	}{
		{"", "Pilot", "en-US", ""},
		{"de", "Pilotin", "de", ""},
		{"de-AT", "Pilotin", "de", ""},
		{"DE", "Pilotin", "de", ""},
		{"pt", "Piloto", "pt", ""},
		{"en", "Pilot", "en-US", ""},
		{"fr", "Pilot", "en-US", `none in "fr"`},
	} {
		t.Run(test.ask, func(t *testing.T) {
			r, ok := Convert(parse(t, data), Options{Language: test.ask})
			if !ok {
				t.Fatal("not recognised")
			}
			if got := r.Resume.Get("basics").Get("label").Text; got != test.label {
				t.Errorf("label %q, want %q", got, test.label)
			}
			if got := r.Resume.Get("meta").Get("language").Text; got != test.language {
				t.Errorf("language %q, want %q", got, test.language)
			}
			if !strings.Contains(r.Notes[0].Message, test.says) {
				t.Errorf("note %q does not say %q", r.Notes[0].Message, test.says)
			}
			paths := map[string]bool{}
			for _, n := range r.Notes {
				paths[n.Path] = true
			}
			if len(paths) != 4 || !paths["title"] {
				t.Errorf("notes on %v, want one on the whole, one on each other language and on title", paths)
			}
		})
	}
}

func TestConvert_Wrapped(t *testing.T) {
	r, ok := Convert(parse(t, `{"id": 7, "title": "Mine", "data": {"basics": {"name": "Ada"}}}`), Options{})
	if !ok || r.Resume.Get("basics").Get("name").Text != "Ada" {
		t.Fatalf("not read: %v", r)
	}
	if len(r.Notes) != 3 || r.Notes[0].Path != "data" || r.Notes[0].Code != note.Imported {
		t.Errorf("notes %v", r.Notes)
	}
}

func TestConvert_WrongTypesAreKept(t *testing.T) {
	for name, data := range map[string]string{
		"reactive": `{"basics": {"name": ["Ada"], "url": [1], "customFields": {"a": "b"}, "picture": "p.jpg", "location": [5]}, "sections": {
			"experience": {"items": ["Acme", 5, {"company": {"x": "Deep"}, "roles": "many", "date": ["2020"], "visible": "no"}]},
			"skills": [{"name": "Go"}], "custom": {"a": "b"}, "summary": {"content": ["c"]}}, "metadata": "gone", "customSections": "none"}`,
		"rendercv": `{"cv": {"name": {"first": "Ada"}, "email": [["x"]], "phone": {"a": 1}, "social_networks": "x", "sections": {"a": "text", "b": {"c": "d"},
			"experience": [["list"], {"company": ["C"], "start_date": {"y": 2}, "highlights": "one"}], "skills": [{"label": 1, "details": [2]}]}}}`,
		"fresh": `{"name": "Ada", "info": {"label": 5, "brief": ["b"]}, "employment": {"history": [{"employer": ["E"], "start": {"y": 3}}, "Acme"], "summary": {"z": "s"}},
			"skills": {"sets": ["x"], "list": [{"name": ["n"]}]}, "languages": {"language": "French"}, "disposition": ["travel"], "social": "me", "contact": "mail",
			"references": [{"name": "R", "contact": ["c", {"value": ["v"]}]}]}`,
		"bio": `{"bio": {"firstName": ["A"], "email": ["e"], "profiles": ["p"], "location": "here"}, "work": "none", "hobbies": [1, "x", {"name": ["y"]}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			root := parse(t, data)
			r, ok := Convert(root, Options{})
			if !ok {
				t.Fatal("not recognised")
			}
			for _, l := range missing(leaves(root, ""), r.Resume, r.Notes) {
				t.Errorf("%s is lost: %q in %s", l.path, l.text, r.Resume.Append(nil))
			}
		})
	}
}
