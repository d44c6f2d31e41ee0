package resume

import (
	"fmt"
	"strings"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/repair"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// ReadOptions say how a file is read.
type ReadOptions struct {
	// Language is the BCP 47 tag of the locale to take from a file that holds a resume
	// in several; empty: the first.
	Language string
}

// Read reads a resume file. What had to be repaired, guessed or left out is in the
// Notes of the resume. An error means that there is nothing to read: the file is not a
// resume, or is too large; it is an *[InputError].
//
// It reads JSON Resume 1.0.0 and earlier versions in any of the spellings that people use
// (see package repair). Members without a field in this package are kept in Details, so
// that the document that MarshalJSONResume writes is equivalent to a valid source, where
// null, "", [] and {} count as absent.
func Read(data []byte, options ReadOptions) (Resume, error) {
	state := &reading{}
	file, err := readSource(data, options, &state.notes)
	if err != nil {
		return Resume{}, err
	}
	root := file.resume
	if root.Kind != tree.Object {
		return Resume{}, inputError("", root.Kind.String()+" where an object is expected: a JSON Resume is one object")
	}
	before := len(state.notes.Notes())
	repair.JSONResume(root, &state.notes)
	r := decodeResume(objectFields(root, "", state))
	if state.err != nil {
		return Resume{}, state.err
	}
	if r.isEmpty() {
		return Resume{}, inputError("", "there is nothing of a resume in this file")
	}
	if err := r.CheckSize(); err != nil {
		return Resume{}, &InputError{Problems: []Problem{{Problem: err.Error()}}, cause: err}
	}
	r.Notes = file.adapt(state.notes.Notes(), before)
	if omitted := state.notes.Omitted(); omitted > 0 {
		r.Notes = append(r.Notes, note.Note{Code: note.Repaired, Message: fmt.Sprintf("%d more repairs of the same kinds", omitted)})
	}
	return r, nil
}

// ParseJSONResume reads a JSON Resume 1.0.0 document that needs no repair: a note of
// [Read] becomes an *[InputError], which lists all of them.
func ParseJSONResume(data []byte) (Resume, error) {
	r, err := Read(data, ReadOptions{})
	if err == nil {
		err = asError(r.Notes)
	}
	if err != nil {
		return Resume{}, err
	}
	return r, nil
}

// isEmpty reports whether nothing of the resume would be shown.
func (r Resume) isEmpty() bool {
	p := r.Person
	texts := p.FullName() + p.Headline + p.Email + p.Phone + p.Website + string(p.ProfileText) + p.Address + p.City + p.Image + p.Title
	return strings.TrimSpace(texts) == "" && len(p.Profiles) == 0 && len(r.Sections) == 0 && r.Job == nil
}
