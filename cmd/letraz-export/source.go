package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/letrazapp/letraz-export/internal/coverage"
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/resumefile"
	"github.com/letrazapp/letraz-export/internal/terminal"
)

// source is a resume file that was read.
type source struct {
	name   string // of the file, for messages
	data   []byte
	resume resume.Resume
	leaves []resume.Leaf
	lang   string          // of the document, BCP 47
	result coverage.Result // what the document shows of the file
	// Remarks of the reading, of the making of the document, and on what it does not show.
	notes []note.Note
	// kept are those of them that are kept with an imported resume. The document of each
	// export has its own.
	kept []note.Note
}

// sourceFiles says in help texts what is read.
const sourceFiles = "JSON Resume (JSON or YAML), a file of another resume builder, or a PDF made with --embed-source; - is standard input."

// maxResumeFile is the maximum size of an input file in bytes.
const maxResumeFile = resumefile.MaxSize

// readSource reads a resume file, or the one attached to a PDF; - is standard input. The language is that of
// the document; empty: the one that the resume states or is written in. Errors name the file.
func readSource(e *env, path, language string) (source, error) {
	file := e.stdin
	if path == standardStream {
		path = "standard input"
	} else {
		opened, err := os.Open(path)
		if err != nil {
			return source{}, fmt.Errorf("reading %s: %w", terminal.Line(path), errors.Unwrap(err))
		}
		defer func() { _ = opened.Close() }() // nothing was written
		file = opened
	}
	name := terminal.Line(path)
	// Pipes and devices have no size, so the limit applies to what is read.
	data, err := io.ReadAll(io.LimitReader(file, maxResumeFile+1))
	if err != nil {
		return source{}, fmt.Errorf("reading %s: %w", name, err)
	}
	if len(data) > maxResumeFile {
		return source{}, fmt.Errorf("%s has more than %d bytes, the most that a resume has", name, maxResumeFile)
	}
	return parseSource(path, data, language)
}

// parseSource reads a resume and compares the document that is made of it with its
// source. Its error has a line for each problem, with the file and the path in it.
func parseSource(path string, data []byte, language string) (source, error) {
	s := source{name: terminal.Line(path), data: data}
	f, err := resumefile.Read(data, language)
	if err != nil {
		return s, problemsOf(s.name, err)
	}
	s.resume, s.leaves, s.lang, s.result, s.notes, s.kept = f.Resume, f.Leaves, f.Language, f.Shown, f.Notes, f.Resume.Notes
	return s, nil
}

// problemsOf returns an error with a line for each problem of a file.
func problemsOf(name string, err error) error {
	var input *resume.InputError
	if !errors.As(err, &input) {
		return fmt.Errorf("%s: %w", name, err)
	}
	var problems []error
	for _, p := range input.Problems {
		problems = append(problems, fmt.Errorf("%s: %s", name, terminal.Line(p.String())))
	}
	if input.Omitted > 0 {
		problems = append(problems, fmt.Errorf("%s: and %d more", name, input.Omitted))
	}
	return errors.Join(problems...)
}
