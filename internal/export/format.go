package export

import "slices"

// Format is the kind of file an export produces.
type Format string

// The formats that can be asked for.
const (
	PDF  Format = "pdf"
	HTML Format = "html" // self-contained page
	DOCX Format = "docx" // Word document
	JSON Format = "json" // JSON Resume 1.0.0
)

// Formats lists every format; the first is the default.
func Formats() []Format { return []Format{PDF, HTML, DOCX, JSON} }

// Valid reports whether f is a known format.
func (f Format) Valid() bool { return slices.Contains(Formats(), f) }

// ContentType is the media type of the file.
func (f Format) ContentType() string {
	switch f {
	case HTML:
		return "text/html; charset=utf-8"
	case DOCX:
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case JSON:
		return "application/json"
	default:
		return "application/pdf"
	}
}
