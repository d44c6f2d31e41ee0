package theme

import (
	"github.com/letrazapp/letraz-export/internal/filename"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// Bounds of a file name's parts in bytes, so that with the label, a number and
// an extension it stays under the 255 bytes that file systems allow.
const (
	maxNameBytes    = 110
	maxCompanyBytes = 60
)

// FileName is what people would call the resume's file, without extension:
// "Jane Doe Resume", and "Jane Doe Resume - Acme" when it is tailored to a
// posting. It is safe on every common system, and for a header.
func FileName(r resume.Resume) string {
	label := "Resume"
	if l, err := localeOf(r); err == nil {
		label = l.Resume
	}
	name := join(" ", filename.Part(r.Person.FullName(), maxNameBytes), label)
	if r.Job != nil {
		name = join(" - ", name, filename.Part(r.Job.CompanyName, maxCompanyBytes))
	}
	return filename.Unreserved(name)
}
