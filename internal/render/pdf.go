package render

import (
	"runtime/debug"
	"sync"
	"time"

	"github.com/letrazapp/letraz-export/internal/pdf/pdfwrite"
)

// info is the metadata and the attachment of a PDF. Draft.ContentHash includes it.
type info struct {
	Title    string
	Author   string
	Subject  string
	Keywords []string
	Language string    // BCP 47
	Date     time.Time // when the resume was last changed; zero keeps the time of printing
	Producer string    // this program; Chrome's producer is appended
	Source   []byte    // JSON Resume to attach, or nil
}

// SourceName is the file name of the resume attached to a PDF.
const SourceName = "resume.json"

const creator = "letraz-export"

// producer returns the name and version of this program.
var producer = sync.OnceValue(func() string {
	if build, ok := debug.ReadBuildInfo(); ok && build.Main.Version != "" {
		return creator + " " + build.Main.Version
	}
	return creator + " (devel)"
})

// pdfInfo returns the information for pdfwrite.
func (i info) pdfInfo() pdfwrite.Info {
	w := pdfwrite.Info{Title: i.Title, Author: i.Author, Subject: i.Subject, Keywords: i.Keywords, Language: i.Language,
		Date: i.Date, Creator: creator, Producer: i.Producer}
	if i.Source != nil {
		w.Attached = &pdfwrite.Attachment{Name: SourceName, Type: "application/json", Description: "The resume as JSON Resume", Data: i.Source}
	}
	return w
}
