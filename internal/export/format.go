package export

import "slices"

// Format is the kind of file an export produces.
type Format string

// The formats.
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

// Choice is an option that only some formats take, as it is named in the API.
type Choice string

// The choices. A template or a paper may be named for every format; those that do
// not take it have no use for it.
const (
	TakesTemplate    Choice = "template"
	TakesPaper       Choice = "paper"
	TakesFit         Choice = "fit"
	TakesEmbedSource Choice = "embed_source"
	TakesATS         Choice = "ats"
	TakesWidth       Choice = "width"
	TakesWrap        Choice = "wrap"
)

// FormatInfo describes a format. Its writer is in package render.
type FormatInfo struct {
	Name        Format
	Ending      string // of file names, with its dot
	MediaType   string
	Browser     bool // it takes a browser to make
	Takes       []Choice
	Description string // for people, in Markdown
}

// FormatTable lists every format. The first is the default.
func FormatTable() []FormatInfo {
	return []FormatInfo{{
		Name: PDF, Ending: ".pdf", MediaType: "application/pdf", Browser: true,
		Takes:       []Choice{TakesTemplate, TakesPaper, TakesFit, TakesEmbedSource, TakesATS},
		Description: "what is sent: tagged, bookmarked, every word readable by machines ([docs/pdf.md](docs/pdf.md))",
	}, {
		Name: HTML, Ending: ".html", MediaType: "text/html; charset=utf-8",
		Takes:       []Choice{TakesTemplate, TakesPaper},
		Description: "the page in one file that needs nothing else",
	}, {
		Name: DOCX, Ending: ".docx", MediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		Takes:       []Choice{TakesTemplate, TakesPaper},
		Description: "for Word and LibreOffice, to edit: one column, real styles and lists",
	}, {
		Name: JSON, Ending: ".json", MediaType: "application/json",
		Description: "JSON Resume, which `import` takes again",
	}, {
		Name: Text, Ending: ".txt", MediaType: "text/plain; charset=utf-8",
		Takes:       []Choice{TakesWrap},
		Description: "plain text for the fields of application forms, one line per paragraph",
	}, {
		Name: Markdown, Ending: ".md", MediaType: "text/markdown; charset=utf-8; variant=CommonMark", // RFC 7763
		Description: "CommonMark",
	}, {
		Name: TeX, Ending: ".tex", MediaType: "application/x-tex",
		Takes:       []Choice{TakesPaper},
		Description: "LaTeX, for xelatex and lualatex, and pdflatex where the script is Latin",
	}, {
		Name: PNG, Ending: ".png", MediaType: "image/png", Browser: true,
		Takes:       []Choice{TakesTemplate, TakesPaper, TakesWidth},
		Description: "a picture of the first page, for a thumbnail, `width` pixels wide",
	}}
}

// Formats lists the names of every format; the first is the default.
func Formats() []Format {
	var names []Format
	for _, f := range FormatTable() {
		names = append(names, f.Name)
	}
	return names
}

// FormatOf returns the format of files with this ending, such as ".pdf".
func FormatOf(ending string) (Format, bool) {
	for _, f := range FormatTable() {
		if f.Ending == ending {
			return f.Name, true
		}
	}
	return "", false
}

// info returns the format's entry in the table, or an empty one.
func (f Format) info() FormatInfo {
	for _, info := range FormatTable() {
		if info.Name == f {
			return info
		}
	}
	return FormatInfo{}
}

// Valid reports whether f is a known format.
func (f Format) Valid() bool { return f.info().Name != "" }

// Printed reports whether it takes a browser to make the format.
func (f Format) Printed() bool { return f.info().Browser }

// ContentType returns the media type of the file, or "" for an unknown format.
func (f Format) ContentType() string { return f.info().MediaType }

// Ending returns the ending of the file's name, with its dot.
func (f Format) Ending() string { return f.info().Ending }

// Takes reports whether the format takes a choice.
func (f Format) Takes(c Choice) bool { return slices.Contains(f.info().Takes, c) }
