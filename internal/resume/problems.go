package resume

import (
	"fmt"
	"strings"

	"github.com/letrazapp/letraz-export/internal/note"
)

// maxProblems bounds the problems in one InputError: enough to correct a document at
// once, and few enough that a hostile document cannot make the answer large.
const maxProblems = 20

// InputError lists all problems that prevent a document from being read as a resume, so
// that its author can correct them at once.
type InputError struct {
	Problems []Problem // the first 20, in the order they were found
	Omitted  int       // how many more there are
	cause    error     // a *TooLargeError if that is the problem
}

// Unwrap returns the [*TooLargeError] of a resume that is too large.
func (e *InputError) Unwrap() error { return e.cause }

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

// inputError returns an *InputError with one problem.
func inputError(path, problem string) error {
	return &InputError{Problems: []Problem{{path, problem}}}
}

// asError returns the notes of a resume as an *InputError, or nil if there are none.
func asError(notes []note.Note) error {
	if len(notes) == 0 {
		return nil
	}
	e := &InputError{Omitted: max(len(notes)-maxProblems, 0)}
	for _, n := range notes[:min(len(notes), maxProblems)] {
		problem := n.Message
		if n.Hint != "" {
			problem += "; " + n.Hint
		}
		e.Problems = append(e.Problems, Problem{n.Path, problem})
	}
	return e
}
