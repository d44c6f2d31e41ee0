// Package coverage checks that a document shows everything its source says. It compares
// the source file with the words of the document, not with what was understood of the
// file, so that it finds what the reading lost.
//
// Every value of the source that holds letters or digits has to be shown, or a note has
// to be on it. Values are compared as words: without markup, case and punctuation. Some
// are shown in other words: dates, codes of countries, and the words of a few lists,
// such as "full-time". Settings, such as meta.theme, are not shown and not compared.
package coverage

import (
	"slices"
	"strings"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// maxPaths bounds the paths in a report.
const maxPaths = 20

// Result is the comparison of a document with its source.
type Result struct {
	Values  int         // of the source that hold letters or digits and are no settings
	Shown   int         // of these, those that the document shows
	Missing []string    // paths of those that it does not show, in the order of the source
	Notes   []note.Note // on those of them that had no note
}

// Compare compares a document with the values of its source. noted are the notes that
// there are already. The time is linear in the size of both.
func Compare(leaves []resume.Leaf, d *document.Document, noted []note.Note) Result {
	c := newComparison(leaves, d)
	c.findAll()
	var r Result
	subjects := newSubjects(noted)
	var silent []*value
	for i := range c.values {
		v := &c.values[i]
		r.Values++
		if v.shown {
			r.Shown++
			continue
		}
		r.Missing = append(r.Missing, v.leaf.Path)
		if !subjects.cover(v.leaf.Path) {
			silent = append(silent, v)
		}
	}
	r.Notes = append(c.notesOn(silent), c.lostLinks()...)
	return r
}

// Missing returns a note on every value of the source that the document does not show
// and that has no note yet.
func Missing(leaves []resume.Leaf, d *document.Document, noted []note.Note) []note.Note {
	return Compare(leaves, d, noted).Notes
}

// Report writes the result into a report.
func (r Result) Report(to *export.ATSReport) {
	to.SourceValues, to.SourceFound = r.Values, r.Shown
	to.SourceMissing = slices.Clone(r.Missing[:min(len(r.Missing), maxPaths)])
}

// subjects are the paths that notes are on.
type subjects struct {
	exact map[string]bool
	below map[string]bool // these paths and all below them
}

func newSubjects(notes []note.Note) subjects {
	s := subjects{exact: map[string]bool{}, below: map[string]bool{}}
	for _, n := range notes {
		if n.Path == "" {
			continue
		}
		s.exact[n.Path] = true
		switch n.Code {
		case note.NotShown, note.Dropped, note.PictureNotUsed:
			s.below[n.Path] = true
		}
	}
	return s
}

// cover reports whether there is a note on a value: on itself, or on something around
// it that is not shown as a whole.
func (s subjects) cover(path string) bool {
	if s.exact[path] {
		return true
	}
	if len(s.below) == 0 {
		return false
	}
	for i := len(path) - 1; i > 0; i-- {
		if (path[i] == '.' || path[i] == '[') && s.below[path[:i]] {
			return true
		}
	}
	return false
}

// notesOn makes the notes on values that are not shown. All values of a list are one note.
func (c *comparison) notesOn(silent []*value) []note.Note {
	missing := map[string]int{} // by list
	for _, v := range silent {
		missing[v.list()]++
	}
	var notes []note.Note
	done := map[string]bool{}
	for i, v := range silent {
		list := v.list()
		if list == "" || missing[list] < 2 || missing[list] < c.listed[list] {
			notes = append(notes, notShown(v.leaf.Path, v.leaf.Text))
			continue
		}
		if done[list] {
			continue
		}
		done[list] = true
		var texts []string
		for _, other := range silent[i:] {
			if other.list() == list {
				texts = append(texts, other.leaf.Text)
			}
		}
		notes = append(notes, notShown(list, texts...))
	}
	return notes
}

func notShown(path string, texts ...string) note.Note {
	verb := " is kept, but the document has no place for it"
	if len(texts) > 1 {
		verb = " are kept, but the document has no place for them"
	}
	quoted := make([]string, len(texts))
	for i, t := range texts {
		quoted[i] = tree.Quoted(strings.Join(strings.Fields(t), " "))
	}
	return note.Note{Path: path, Code: note.NotShown, Message: strings.Join(quoted, ", ") + verb,
		Hint: "move it to a member that is shown, such as summary, highlights or keywords, if others should read it"}
}
