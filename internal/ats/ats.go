// Package ats checks whether software can read a resume's PDF, as the applicant
// tracking systems of employers do: whether the text contains every field of the
// document, with its words intact and in order, whether the links are there, and
// whether the file is tagged.
//
// It reads the finished file with package pdf, and compares it with the document.
// Reports contain paths and numbers, no text of the resume.
package ats

import (
	"fmt"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/pdf"
)

// maxPaths bounds each list of a report.
const maxPaths = 20

// report is the report that is being made.
type report struct{ export.ATSReport }

// Check compares a finished PDF with the document it was made from, in a template.
// The error says that the file cannot be read at all, or not by this program.
func Check(data []byte, d *document.Document, template string) (export.ATSReport, error) {
	tmpl, ok := html.Lookup(template)
	if !ok {
		return export.ATSReport{}, fmt.Errorf("checking the PDF: %w: %q", html.ErrUnknownTemplate, template)
	}
	file, err := pdf.Open(data)
	if err != nil {
		return export.ATSReport{}, fmt.Errorf("opening the PDF: %w", err)
	}
	fields, links := d.Fields(tmpl.RunOn)
	return check(file, fields, links, d.Dir == "rtl")
}

func check(file *pdf.File, fields []document.Field, links []string, rightToLeft bool) (export.ATSReport, error) {
	var r report
	structure, err := file.Structure()
	if err != nil {
		return r.ATSReport, err
	}
	drawn, err := file.Text()
	if err != nil {
		return r.ATSReport, err
	}
	r.readCharacters(drawn, fields)
	r.readFields(newText(structure.Logical(drawn, known(fields))), fields, rightToLeft)
	if err := r.readLinks(file, links); err != nil {
		return r.ATSReport, err
	}
	err = r.readStructure(file, structure)
	return r.ATSReport, err
}

// readStructure adds the file's metadata and structure to the report.
func (r *report) readStructure(file *pdf.File, s *pdf.Structure) error {
	info, err := file.Info()
	if err != nil {
		return err
	}
	outline, err := file.Outline()
	if err != nil {
		return err
	}
	r.Tagged, r.Language, r.Titled = s.Tagged(), s.Language, s.Titled && info["Title"] != ""
	r.Headings, r.HeadingsInOrder, r.Bookmarks = len(s.Headings), s.HeadingsInOrder(), len(outline)
	return nil
}

// note adds a path to a list of the report.
func note(list *[]string, path string) {
	if len(*list) < maxPaths {
		*list = append(*list, path)
	}
}
