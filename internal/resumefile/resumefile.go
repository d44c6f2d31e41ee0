// Package resumefile reads a resume file of any format that is understood, or the resume that
// is attached to a PDF, and compares the document that is made of it with the file. The
// command line and the API read files with it.
package resumefile

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/letrazapp/letraz-export/internal/coverage"
	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/pdf"
	"github.com/letrazapp/letraz-export/internal/render"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// MaxSize is the maximum size of a file in bytes: the longest texts and the largest portrait
// that a resume may have, and what a format needs around them. Most have some ten kilobytes.
const MaxSize = 16 << 20

// File is a resume file that was read.
type File struct {
	Resume   resume.Resume // its Notes are those to be kept with it
	Leaves   []resume.Leaf
	Language string          // of the document, BCP 47
	Shown    coverage.Result // what the document shows of the file
	// Notes has the remarks of the reading, of the making of the document, and on what it
	// does not show. The document of each export has its own of the second kind.
	Notes []note.Note
}

// Read reads a file. The language is that of the document, and of the resume to take from a
// file that holds several; empty: the one that the resume states or is written in. An error
// that is the file's fault is a [*resume.InputError]. What is not a resume is refused; so
// is a larger one than [resume.Resume.CheckSize] allows.
func Read(data []byte, language string) (File, error) {
	var f File
	data, err := attached(data)
	if err != nil {
		return f, err
	}
	if f.Resume, err = resume.Read(data, resume.ReadOptions{Language: language}); err != nil {
		return f, err
	}
	if f.Leaves, err = resume.Leaves(data); err != nil {
		return f, err
	}
	if language != "" {
		f.Resume.Language = language
	}
	d, err := document.New(f.Resume)
	if err != nil {
		return f, err
	}
	read := f.Resume.Notes
	made := coverage.Place(render.Notes(d), f.Leaves)
	f.Language, f.Shown = d.Lang, coverage.Compare(f.Leaves, d, append(read[:len(read):len(read)], made...))
	f.Notes, f.Resume.Notes = note.Limit(read, made, f.Shown.Notes), note.Limit(read, f.Shown.Notes)
	return f, nil
}

// attached returns the JSON Resume that is attached to a PDF, or the file if it is no PDF.
func attached(data []byte) ([]byte, error) {
	if !bytes.HasPrefix(data, []byte("%PDF-")) {
		return data, nil
	}
	file, err := pdf.Open(data)
	if err == nil {
		data, err = file.Attachment(render.SourceName)
	}
	problem := ""
	switch {
	case errors.Is(err, pdf.ErrNoAttachment):
		problem = "it carries no resume: only PDFs made with --embed-source (embed_source in the API) do"
	case err != nil:
		problem = err.Error()
	case len(data) > MaxSize:
		problem = fmt.Sprintf("it carries a resume of %d bytes; one has at most %d", len(data), MaxSize)
	default:
		return data, nil
	}
	return nil, &resume.InputError{Problems: []resume.Problem{{Problem: problem}}}
}
