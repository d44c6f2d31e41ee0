// Package repair rewrites a resume in any of the spellings that people use for JSON Resume
// to that of JSON Resume 1.0.0: names of members, types of values, dates, several roles at
// one employer, and sections of other names. It changes nothing in a valid document but
// the names of a few members that are not in the schema, and nothing in its own results.
//
// No text is lost: what has no place keeps its name, so that the reader keeps it.
package repair

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// JSONResume rewrites root, which must be an object, in place. Each repair that concerns
// more than the name of a member is noted.
func JSONResume(root *tree.Value, notes *note.List) {
	f := &fixer{notes: notes, ranges: map[string]bool{}}
	f.root(root)
	// A repair can bring out what another one repairs, such as a range in a text that was
	// a list. The result must need none, or it would change when it is read again.
	for range morePasses {
		before := string(root.Append(nil))
		f.quiet().root(root)
		if string(root.Append(nil)) == before {
			return
		}
	}
}

// morePasses bounds the passes over a document after the first.
const morePasses = 8

type fixer struct {
	notes  *note.List
	ranges map[string]bool // paths of ranges, whose ends need no note of their own; nil if notes are not kept
}

func (f *fixer) repaired(path, message, hint string) {
	f.notes.Add(path, note.Repaired, message, hint)
}

// wrongType notes that v has another type than expected.
func (f *fixer) wrongType(path string, v *tree.Value, expected, done string) {
	f.repaired(path, fmt.Sprintf("%s where %s is expected: %s", v.Kind, expected, done), "write "+expected)
}

// entry is an object that is being rewritten, and its path in the source.
type entry struct {
	path string
	*tree.Value
	names map[string]string // what renamed members are called in the source
}

func newEntry(path string, v *tree.Value) entry { return entry{path, v, map[string]string{}} }

// at returns the path of a member in the source.
func (e entry) at(name string) string {
	if source, ok := e.names[name]; ok {
		name = source
	}
	return tree.MemberPath(e.path, name)
}

// member returns the member name unless it is empty.
func (e entry) member(name string) *tree.Value {
	if v := e.Get(name); !v.Absent() {
		return v
	}
	return nil
}

// text returns the text of the member name, or "".
func (e entry) text(name string) string {
	if v := e.Get(name); v != nil && v.Kind == tree.Text {
		return v.Text
	}
	return ""
}

// keep adds a member under a name that no other member has: its own, or that with a
// number.
func (e entry) keep(name string, v *tree.Value) {
	free := name
	for i := 2; e.Get(free) != nil; i++ {
		free = fmt.Sprintf("%s_%d", name, i)
	}
	e.Members = append(e.Members, tree.Member{Name: free, Value: v})
}

// fold returns the name of a member without case, separators and a prefix "x-".
func fold(name string) string {
	if len(name) > 40 {
		return name
	}
	name = strings.ToLower(name)
	if strings.ContainsFunc(name, func(r rune) bool { return r >= utf8.RuneSelf }) {
		name = plain(name)
	}
	if rest, ok := strings.CutPrefix(name, "x-"); ok {
		name = rest
	}
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == ' ' || r == '.' || r == '\'' || r == '’' {
			return -1
		}
		return r
	}, name)
}
