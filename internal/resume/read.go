package resume

import (
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
// resume, or is too large.
func Read(data []byte, options ReadOptions) (Resume, error) {
	ps := &problems{}
	file, err := readSource(data, options, &ps.notes)
	if err != nil {
		return Resume{}, err
	}
	root := file.resume
	if root.Kind != tree.Object {
		ps.addf("", "%s where an object is expected: a JSON Resume is one object", root.Kind)
		return Resume{}, ps.err()
	}
	r := decodeResume(objectFields(root, "", ps))
	if err := ps.err(); err != nil {
		return Resume{}, err
	}
	if err := r.CheckSize(); err != nil {
		ps.addf("", "%v", err)
		return Resume{}, ps.err()
	}
	return r, nil
}
