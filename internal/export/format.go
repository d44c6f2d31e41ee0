package export

import "slices"

// Format is the kind of file an export produces.
type Format string

// The formats that can be asked for.
const (
	PDF      Format = "pdf"
	HTML     Format = "html" // self-contained page
	DOCX     Format = "docx" // Word document
	JSON     Format = "json" // JSON Resume 1.0.0
	Text     Format = "txt"  // plain text, for forms
	Markdown Format = "md"   // CommonMark
	TeX      Format = "tex"  // LaTeX
	PNG      Format = "png"  // picture of the first page
)

// Formats lists every format; the first is the default.
func Formats() []Format { return []Format{PDF, HTML, DOCX, JSON, Text, Markdown, TeX, PNG} }

// Valid reports whether f is a known format.
func (f Format) Valid() bool { return slices.Contains(Formats(), f) }

// Printed reports whether it takes a browser to make the format.
func (f Format) Printed() bool { return f == PDF || f == PNG }

// ContentType is the media type of the file.
func (f Format) ContentType() string {
	switch f {
	case HTML:
		return "text/html; charset=utf-8"
	case DOCX:
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case JSON:
		return "application/json"
	case Text:
		return "text/plain; charset=utf-8"
	case Markdown:
		return "text/markdown; charset=utf-8; variant=CommonMark" // RFC 7763
	case TeX:
		return "application/x-tex"
	case PNG:
		return "image/png"
	default:
		return "application/pdf"
	}
}
