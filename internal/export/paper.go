package export

// Paper is a sheet size.
type Paper string

// The paper sizes.
const (
	A4     Paper = "a4"
	Letter Paper = "letter"
)

// Papers lists every paper size; the first is the default.
func Papers() []Paper { return []Paper{A4, Letter} }

// Valid reports whether p is a known size.
func (p Paper) Valid() bool { return p == A4 || p == Letter }

// Size returns the sheet's width and height in inches (ISO 216 and ANSI A).
func (p Paper) Size() (width, height float64) {
	if p == Letter {
		return 8.5, 11
	}
	return 210 / 25.4, 297 / 25.4
}
