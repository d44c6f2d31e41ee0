package resume

import (
	"fmt"
	"strconv"
	"strings"
)

// maxProblems bounds the problems in one InputError: enough to correct a document at
// once, and few enough that a hostile document cannot make the answer large.
const maxProblems = 20

// InputError lists all problems that prevent a document from being read as a resume, so
// that its author can correct them at once.
type InputError struct {
	Problems []Problem // the first 20, in the order they were found
	Omitted  int       // how many more there are
}

// Problem is one problem of a document. Its text is for the author of the document and
// may quote it, so it must not be logged.
type Problem struct {
	Path    string // where, such as "work[0].endDate"; empty for the whole document
	Problem string
}

// Error lists the problems.
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

// String returns the path and the problem.
func (p Problem) String() string {
	if p.Path == "" {
		return p.Problem
	}
	return p.Path + ": " + p.Problem
}

// problems collects the problems of one document.
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

// err returns an *InputError with the problems, or nil if there are none.
func (p *problems) err() error {
	if len(p.list) == 0 {
		return nil
	}
	return &InputError{Problems: p.list, Omitted: p.omitted}
}

// memberPath returns the path of a member of the object at path.
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

// itemPath returns the path of entry i of the list at path.
func itemPath(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// quoted returns a text of the document for a message: in quotes, and shortened.
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
