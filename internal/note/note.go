// Package note has the type of the remarks that a person gets on a resume: what was
// repaired, guessed or left out when the resume was read or its document was made. A
// note never makes an export fail.
package note

// Note is one remark. Its texts are for the author of the resume and may quote it, so
// they must not be logged.
type Note struct {
	// Path is where in the source, such as "work[0].endDate"; empty for the whole of it.
	Path string `json:"path"`
	// Code is what kind of remark this is, for programs.
	Code Code `json:"code"`
	// Message says what was done and why, in a sentence without a full stop.
	Message string `json:"message"`
	// Hint says how to avoid the note, or is empty if nothing needs to be done.
	Hint string `json:"hint,omitempty"`
}

// Code is the kind of a note. Codes are stable.
type Code string

// The codes.
const (
	// Repaired: a value had another form than the format asks for, and was understood,
	// such as a number where a text is expected or "March 2011" for 2011-03.
	Repaired Code = "repaired"
	// AsWritten: a value was not understood and is shown as it was written.
	AsWritten Code = "as_written"
	// NotShown: a value is kept, but no place in the document shows it.
	NotShown Code = "not_shown"
	// Dropped: a value could not be kept.
	Dropped Code = "dropped"
	// Guessed: something was not stated and was guessed, such as the language.
	Guessed Code = "guessed"
	// Imported: the file is of another format and was converted.
	Imported Code = "imported"
	// PictureNotUsed: the portrait cannot be shown.
	PictureNotUsed Code = "picture_not_used"
	// More: there are more notes than can be listed.
	More Code = "more"
)

// Fault reports whether a note of this code is on something that the author of the resume
// may want to correct. A guess and a conversion need no correction.
func (c Code) Fault() bool { return c != Guessed && c != Imported }

// Codes returns all codes, in the order of this file.
func Codes() []Code {
	return []Code{Repaired, AsWritten, NotShown, Dropped, Guessed, Imported, PictureNotUsed, More}
}

// String returns the note as one line: path, message and hint.
func (n Note) String() string {
	s := n.Message
	if n.Path != "" {
		s = n.Path + ": " + s
	}
	if n.Hint != "" {
		s += "; " + n.Hint
	}
	return s
}
