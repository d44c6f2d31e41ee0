package resume

import (
	"fmt"
	"strconv"
	"strings"
)

// maxProblems bounds what one InputError lists: enough to mend a document in
// one go, and a hostile one cannot make the answer grow.
const maxProblems = 20

// InputError says everything that keeps a document from being read as a
// resume, so that its author can mend it in one go.
type InputError struct {
	Problems []Problem // the first 20, in the order they were found
	Omitted  int       // how many more there are
}

// Problem is one thing wrong with a document. Its text is for the document's
// author and may quote the document, so it does not belong in a log.
type Problem struct {
	Path    string // where, such as "work[0].endDate"; empty for the whole document
	Problem string
}

// Error lists the problems, one after the other.
func (e *InputError) Error() string {
	var b strings.Builder
	b.WriteString("not a JSON Resume document: ")
	for i, p := range e.Problems {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(p.String())
	}
	if e.Omitted > 0 {
		fmt.Fprintf(&b, "; and %d more", e.Omitted)
	}
	return b.String()
}

// String is the problem with its place.
func (p Problem) String() string {
	if p.Path == "" {
		return p.Problem
	}
	return p.Path + ": " + p.Problem
}

// problems collects what is wrong with one document.
type problems struct {
	list    []Problem
	omitted int
}

func (p *problems) addf(path, format string, args ...any) {
	if len(p.list) == maxProblems {
		p.omitted++
		return
	}
	p.list = append(p.list, Problem{Path: path, Problem: fmt.Sprintf(format, args...)})
}

// err returns what was collected, or nil.
func (p *problems) err() error {
	if len(p.list) == 0 {
		return nil
	}
	return &InputError{Problems: p.list, Omitted: p.omitted}
}

// memberPath is the path of a member of the object at path.
func memberPath(path, name string) string {
	plain := name != "" && len(name) <= 64
	for _, c := range name {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !letter && c != '_' && c != '-' && c != '$' {
			plain = false
			break
		}
	}
	switch {
	case !plain:
		return path + "[" + quoted(name) + "]"
	case path == "":
		return name
	}
	return path + "." + name
}

// itemPath is the path of entry i of the list at path.
func itemPath(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// quoted is a text of the document as a message shows it: in quotes, short.
func quoted(s string) string {
	const most = 40
	n := 0
	for i := range s {
		if n == most {
			return strconv.Quote(s[:i] + "…")
		}
		n++
	}
	return strconv.Quote(s)
}
