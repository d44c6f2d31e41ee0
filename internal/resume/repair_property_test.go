package resume

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/dates"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// names of members of real files, known and unknown.
var anyNames = []string{
	"name", "title", "position", "role", "roles", "positions", "company", "employer", "organization", "institution", "school", "degree", "major", "area",
	"studyType", "startDate", "endDate", "start_date", "end", "date", "dates", "period", "year", "current", "summary", "description", "highlights",
	"responsibilities", "bullets", "keywords", "technologies", "location", "city", "state", "country", "countryCode", "url", "website", "github", "links",
	"level", "fluency", "language", "category", "gpa", "courses", "honors", "authors", "issuer", "awarder", "id", "releaseDate", "reference", "contact",
	"email", "phone", "x-tag", "X", "a b", "", "é", "item", "item_", "firstName", "lastName", "profiles", "label", "basics", "meta", "letraz", "custom",
}

var rootMemberNames = []string{
	"basics", "work", "volunteer", "education", "awards", "certificates", "publications", "skills", "languages", "interests", "references", "projects",
	"meta", "$schema", "experience", "hobbies", "certifications", "Work", "x-military-service", "patents", "name", "email", "summary", "location", "contact",
	"personalInfo", "theme", "social", "objective", "jobs", "", "a b",
}

// arbitrary draws a value of any type, whose objects have names that people use.
func (g gen) arbitrary(depth int) *tree.Value {
	switch n := rapid.IntRange(0, 19).Draw(g.T, "kind"); {
	case n == 0:
		return &tree.Value{Kind: tree.Null}
	case n == 1:
		return &tree.Value{Kind: tree.Bool, Text: g.pick("true", "false")}
	case n == 2:
		return &tree.Value{Kind: tree.Number, Text: g.pick("0", "2011", "-15", "1.50", "80", "2E3")}
	case n < 8 && depth < 4:
		list := &tree.Value{Kind: tree.List}
		for range rapid.IntRange(0, 3).Draw(g.T, "n") {
			list.Items = append(list.Items, g.arbitrary(depth+1))
		}
		return list
	case n < 15 && depth < 4:
		object := &tree.Value{Kind: tree.Object}
		for range rapid.IntRange(0, 5).Draw(g.T, "n") {
			object.Set(g.pick(anyNames...), g.arbitrary(depth+1))
		}
		return object
	}
	return tree.NewText(g.pick("", "word", "Ada Test", "Go, SQL", "one\ntwo", "- one\n- two", "2011", "2011-03", "2011-03-15", "March 2011", "Present", "2011 – 2013",
		"Summer 2015", "never", "https://example.org/a", "github.com/ada", "Berlin", "Berlin, DE", "DE", "CA", "Full-time", "Expert", "Languages: Go, SQL", "Dr.", " "))
}

// TestRead_AnyDocument: any object is read without an error but for limits, nothing of it
// is lost, and what is written is read as the same resume.
func TestRead_AnyDocument(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		g := gen{rt}
		root := &tree.Value{Kind: tree.Object}
		for range rapid.IntRange(1, 5).Draw(rt, "members") {
			root.Set(g.pick(rootMemberNames...), g.arbitrary(0))
		}
		if g.chance(50) {
			root.Set("basics", tree.NewObject(tree.Member{Name: "name", Value: tree.NewText("Ada Test")}))
		}
		checkAny(rt, root.Append(nil))
	})
}

func checkAny(t rapid.TB, doc []byte) {
	t.Helper()
	r, err := Read(doc, ReadOptions{})
	if err != nil {
		if strings.Contains(err.Error(), "nothing of a resume") || strings.Contains(err.Error(), "this is an object with") {
			return
		}
		t.Fatalf("%v\n%s", err, doc)
	}
	out, err := MarshalJSONResume(r)
	if err != nil {
		t.Fatalf("%v\n%s", err, doc)
	}
	again, err := Read(out, ReadOptions{})
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, doc, out)
	}
	if diff := cmp.Diff(r, again, cmpopts.IgnoreFields(Resume{}, "Notes")); diff != "" {
		t.Fatalf("read again (-first +second):\n%s\n%s\n%s", diff, doc, out)
	}
	wantWords(t, doc, out, r.Notes)
}

// wantWords fails the test unless the words of every leaf of doc are in out, or it is a
// date, which may have another spelling there.
func wantWords(t rapid.TB, doc, out []byte, notes []note.Note) {
	t.Helper()
	source, err := Leaves(doc)
	if err != nil {
		t.Fatal(err)
	}
	written, err := Leaves(out)
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, leaf := range written {
		for _, word := range wordsOf(leaf.Text) {
			have[word] = true
		}
	}
	for _, leaf := range source {
		if slices.ContainsFunc(notes, func(n note.Note) bool { return n.Code == note.Dropped && n.Path == leaf.Path }) {
			continue
		}
		kind := dates.Read(leaf.Text).Kind
		if _, _, split := dates.Split(leaf.Text); split || kind == dates.Whole || kind == dates.Present {
			continue // written in another way
		}
		for _, word := range wordsOf(leaf.Text) {
			if !have[word] && leaf.Text != "true" && leaf.Text != "false" {
				t.Fatalf("%q of %s is lost\n%s\n%s", word, leaf.Path, doc, out)
			}
		}
	}
}

func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
