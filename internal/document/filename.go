package document

import (
	"github.com/letrazapp/letraz-export/internal/filename"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// Bounds of a file name's parts in bytes, so that with the label, a number and
// an ending it stays under the 255 bytes that file systems allow.
const (
	maxNameBytes    = 110
	maxCompanyBytes = 60
)

// fileName returns a name for the resume's file, without ending: "Jane Doe Resume",
// or "Jane Doe Resume - Acme" for a resume that is tailored to a posting.
func fileName(r resume.Resume, label string) string {
	name := Join(" ", filename.Part(r.Person.FullName(), maxNameBytes), label)
	if r.Job != nil {
		name = Join(" - ", name, filename.Part(r.Job.CompanyName, maxCompanyBytes))
	}
	return filename.Unreserved(name)
}
