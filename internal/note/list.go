package note

// MaxNotes bounds the notes of a List: enough to correct a resume at once, and few
// enough that a hostile document cannot make an answer large.
const MaxNotes = 200

// List collects notes. The zero List is empty. It keeps the first MaxNotes and counts
// the others.
type List struct {
	notes   []Note
	omitted int
}

// Add adds a note. The hint may be empty.
func (l *List) Add(path string, code Code, message, hint string) {
	l.Append(Note{Path: path, Code: code, Message: message, Hint: hint})
}

// Append adds notes that were made elsewhere.
func (l *List) Append(notes ...Note) {
	room := min(len(notes), MaxNotes-len(l.notes))
	l.notes = append(l.notes, notes[:room]...)
	l.omitted += len(notes) - room
}

// Omitted returns how many notes were not kept.
func (l *List) Omitted() int { return l.omitted }

// Len returns how many notes were added, also those that were not kept.
func (l *List) Len() int { return len(l.notes) + l.omitted }

// Notes returns the kept notes in the order they were added, or nil.
func (l *List) Notes() []Note { return l.notes }
