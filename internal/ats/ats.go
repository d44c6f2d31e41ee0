// Package ats judges whether software can read a resume's PDF, as the applicant
// tracking systems of employers do: whether every field that is shown is found in
// the text, with its words whole and in order, whether its links lead somewhere,
// and whether the file says what its parts are.
//
// It looks at the finished file as a stranger would, through package pdf, and
// knows of the resume only what package theme says is shown. Its reports hold
// paths and numbers, never text.
package ats

import (
	"fmt"

	"github.com/letrazapp/letraz-export/internal/pdf"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/theme"
)

// maxPaths bounds each list of a report.
const maxPaths = 20

// Report says how well a PDF can be read. Lists are cut off after 20 paths.
type Report struct {
	Pages  int `json:"pages"`
	Fields int `json:"fields"` // that the resume shows
	Found  int `json:"found"`  // of them, in the text of the file

	Missing    []string `json:"missing,omitempty"`      // paths of fields not in the text
	OutOfOrder []string `json:"out_of_order,omitempty"` // paths of fields that do not follow the one before

	Words       int      `json:"words"`                 // of the fields found
	BrokenWords int      `json:"broken_words"`          // with a blank, a gap or a line break inside
	JoinedWords int      `json:"joined_words"`          // with nothing between it and the next
	Broken      []string `json:"broken,omitempty"`      // paths of fields with such words
	Ligatures   int      `json:"ligatures"`             // glyphs that stand for several letters
	Unreadable  int      `json:"unreadable_characters"` // that stand for nothing, or for private use
	Links       int      `json:"links"`                 // addresses the resume leads to
	LinksFound  int      `json:"links_found"`           // of them, that the file leads to
	StrayLinks  int      `json:"stray_links"`           // where the file leads to besides
	Tagged      bool     `json:"tagged"`                // it has a structure for screen readers
	Language    string   `json:"language"`              // that it says it is in
	Titled      bool     `json:"titled"`                // it has the title it should, and shows it
	Headings    int      `json:"headings"`              // in its structure
	Ordered     bool     `json:"headings_in_order"`     // one of the first level comes first, none is left out
	Bookmarks   int      `json:"bookmarks"`             // in its outline
	Problems    []string `json:"problems,omitempty"`    // in words; empty when all is well
}

// OK reports that nothing is wrong.
func (r Report) OK() bool { return len(r.Problems) == 0 }

// Check compares a finished PDF with the resume it was made from. The error says
// that the file cannot be read at all, or not by this program.
func Check(data []byte, r resume.Resume) (Report, error) {
	fields, links, dir, err := theme.Fields(r)
	if err != nil {
		return Report{}, err
	}
	file, err := pdf.Open(data)
	if err != nil {
		return Report{}, fmt.Errorf("opening the PDF: %w", err)
	}
	return check(file, fields, links, dir == "rtl")
}

func check(file *pdf.File, fields []theme.Field, links []string, rightToLeft bool) (Report, error) {
	report := Report{Pages: file.Pages(), Fields: len(fields)}
	structure, err := file.Structure()
	if err != nil {
		return report, err
	}
	drawn, err := file.Text()
	if err != nil {
		return report, err
	}
	report.readCharacters(drawn, fields)
	text := newText(structure.Logical(drawn))
	report.readFields(text, fields, rightToLeft)
	if err := report.readLinks(file, links); err != nil {
		return report, err
	}
	if err := report.readStructure(file, structure); err != nil {
		return report, err
	}
	report.sumUp()
	return report, nil
}

// readStructure takes over what the file says about itself.
func (r *Report) readStructure(file *pdf.File, s *pdf.Structure) error {
	info, err := file.Info()
	if err != nil {
		return err
	}
	outline, err := file.Outline()
	if err != nil {
		return err
	}
	r.Tagged, r.Language, r.Titled = s.Tagged(), s.Language, s.Titled && info["Title"] != ""
	r.Headings, r.Ordered, r.Bookmarks = len(s.Headings), s.HeadingsInOrder(), len(outline)
	return nil
}

// sumUp puts what is wrong into words.
func (r *Report) sumUp() {
	for _, p := range []struct {
		wrong bool
		what  string
	}{
		{r.Found < r.Fields, fmt.Sprintf("%d of %d fields are not in the text", r.Fields-r.Found, r.Fields)},
		{len(r.OutOfOrder) > 0, "the text is not in order"},
		{r.BrokenWords > 0, fmt.Sprintf("%d words are broken", r.BrokenWords)},
		{r.JoinedWords > 0, fmt.Sprintf("%d words have no blank before the next", r.JoinedWords)},
		{r.Ligatures > 0, fmt.Sprintf("%d ligatures stand for letters", r.Ligatures)},
		{r.Unreadable > 0, fmt.Sprintf("%d characters stand for nothing", r.Unreadable)},
		{r.LinksFound < r.Links, fmt.Sprintf("%d of %d links lead nowhere", r.Links-r.LinksFound, r.Links)},
		{r.StrayLinks > 0, fmt.Sprintf("%d links are not the resume's", r.StrayLinks)},
		{!r.Tagged, "it has no structure"},
		{r.Language == "", "it does not say its language"},
		{!r.Titled, "it does not show a title"},
		{!r.Ordered, "its headings are not in order"},
		{r.Bookmarks < r.Headings, fmt.Sprintf("%d headings have no bookmark", r.Headings-r.Bookmarks)},
	} {
		if p.wrong {
			r.Problems = append(r.Problems, p.what)
		}
	}
}

// note adds a path to one of the lists.
func note(list *[]string, path string) {
	if len(*list) < maxPaths {
		*list = append(*list, path)
	}
}
