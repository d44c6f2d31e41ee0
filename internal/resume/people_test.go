package resume_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/letrazapp/letraz-export/internal/coverage"
	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/document/text"
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/render"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// wanted is what a file of testdata/people says of the file beside it.
type wanted struct {
	has   []string // in the text of the document
	not   []string // not in it
	notes []string // "code path" of each note; not checked if there is no such line
	lang  string   // empty: not checked
	noted bool
}

// readWanted reads the lines of a .want file: "has:" and "not:" with words between bars,
// "notes:" with codes and paths between commas, "lang:".
func readWanted(t *testing.T, path string) wanted {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var w wanted
	for line := range strings.Lines(string(data)) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), ":")
		value = strings.TrimSpace(value)
		switch {
		case name == "has":
			w.has = strings.Split(value, "|")
		case name == "not":
			w.not = strings.Split(value, "|")
		case name == "lang":
			w.lang = value
		case name == "notes":
			w.noted = true
			for n := range strings.SplitSeq(value, ", ") {
				if n != "" {
					w.notes = append(w.notes, n)
				}
			}
		case ok || name != "":
			t.Fatalf("%s: unknown line %q", path, line)
		}
	}
	return w
}

// shown is what became of a file.
type shown struct {
	text   string // of the document, with single spaces and without the lines below headings
	lang   string
	notes  []note.Note
	result coverage.Result
}

// show reads a file and makes its document, as the commands do.
func show(t *testing.T, data []byte) shown {
	t.Helper()
	r, err := resume.Read(data, resume.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	leaves, err := resume.Leaves(data)
	if err != nil {
		t.Fatal(err)
	}
	d, err := document.New(r)
	if err != nil {
		t.Fatal(err)
	}
	words := slices.DeleteFunc(strings.Fields(string(text.Write(d, 0))), func(w string) bool {
		return len(w) > 1 && strings.Trim(w, "-=") == "" // below a heading
	})
	s := shown{text: strings.Join(words, " "), lang: d.Lang}
	s.notes = append(s.notes, r.Notes...)
	s.notes = append(s.notes, coverage.Place(render.Notes(d), leaves)...)
	s.result = coverage.Compare(leaves, d, s.notes)
	s.notes = note.Limit(s.notes, s.result.Notes)
	return s
}

// TestRead_People reads files of the kinds that people have: the spellings, types, dates
// and formats that they use, and what they complain about elsewhere. Each is shown whole,
// or a note says what is not. With -v it lists what is shown of each file.
func TestRead_People(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/people/*.want")
	if err != nil || len(files) < 90 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, want := range files {
		name := strings.TrimSuffix(filepath.Base(want), ".want")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := strings.TrimSuffix(want, ".want") + ".json"
			data, err := os.ReadFile(path)
			if os.IsNotExist(err) {
				data, err = os.ReadFile(strings.TrimSuffix(path, ".json") + ".yaml")
			}
			if err != nil {
				t.Fatal(err)
			}
			w := readWanted(t, want)
			checkPerson(t, data, w)
			if flag.Lookup("update").Value.String() == "true" && w.noted {
				writeNotes(t, want, codesOf(show(t, data).notes))
			}
		})
	}
}

// writeNotes puts other notes into a .want file. What is shown is not written: a person has to
// judge it by the source.
func writeNotes(t *testing.T, path string, notes []string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "notes:") {
			line = strings.TrimSpace("notes: "+strings.Join(notes, ", ")) + "\n"
		}
		b.WriteString(line)
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

func checkPerson(t *testing.T, data []byte, w wanted) {
	t.Helper()
	s := show(t, data)
	t.Logf("%d of %d values shown, in %s, %d notes", s.result.Shown, s.result.Values, s.lang, len(s.notes))
	for _, words := range w.has {
		if !strings.Contains(s.text, words) {
			t.Errorf("%q is not shown", words)
		}
	}
	for _, words := range w.not {
		if strings.Contains(s.text, words) {
			t.Errorf("%q is shown", words)
		}
	}
	if w.lang != "" && s.lang != w.lang {
		t.Errorf("language %s, want %s", s.lang, w.lang)
	}
	if got := codesOf(s.notes); w.noted && !slices.Equal(got, w.notes) {
		t.Errorf("notes (-want +got):\n%s", cmp.Diff(w.notes, got))
	}
	if t.Failed() {
		t.Logf("%s", s.text)
		for _, n := range s.notes {
			t.Logf("%s %s", n.Code, n)
		}
	}
	checkNotes(t, s)
}

// checkNotes fails the test for a note that is worded badly, or that says of a value that
// it is not shown although it is, or of another value the same as another note.
func checkNotes(t *testing.T, s shown) {
	t.Helper()
	paths := map[string]bool{}
	for _, n := range s.notes {
		if n.Path != "" && paths[n.Path+string(n.Code)] {
			t.Errorf("two notes on %s", n.Path)
		}
		paths[n.Path+string(n.Code)] = true
		if strings.ContainsAny(n.Message+n.Hint, "“”„") || strings.HasSuffix(n.Message, ".") || n.Message == "" {
			t.Errorf("note worded badly: %s", n)
		}
	}
}

func codesOf(notes []note.Note) []string {
	var list []string
	for _, n := range notes {
		list = append(list, strings.TrimSpace(fmt.Sprintf("%s %s", n.Code, n.Path)))
	}
	return list
}
