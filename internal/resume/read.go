package resume

// ReadOptions say how a file is read.
type ReadOptions struct {
	// Language is the BCP 47 tag of the locale to take from a file that holds a resume
	// in several; empty: the first.
	Language string
}

// Read reads a resume file. What had to be repaired, guessed or left out is in the
// Notes of the resume. An error means that there is nothing to read: the file is not a
// resume, or is too large.
func Read(data []byte, _ ReadOptions) (Resume, error) { return ParseJSONResume(data) }
