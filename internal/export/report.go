package export

import (
	"fmt"
	"strings"
)

// Report has the results of options and of checks of the finished file. It stays in the row
// when the file is deleted, so it contains nothing of the resume.
type Report struct {
	Fit *FitReport // nil: not requested
	ATS *ATSReport // nil: not checked
}

// FitReport is the result of a Fit. The factors are relative to the template's own setting,
// which is 1: of the space between elements, of the line height, and of the size of
// everything.
type FitReport struct {
	Fitted     bool // the document has no more pages than requested
	Pages      int
	Space      float64
	Leading    float64
	Size       float64
	BodyFontPt float64 // the size of most of the text, in points; 0: not known
	// TightestPages is, of a document that could not be fitted and so stays as
	// designed, how many pages it has at the floor. 0: at the floor nothing would
	// be gained that was worth a try.
	TightestPages int
}

// Sentence describes for users what was done to the document.
func (r FitReport) Sentence(f Fit) string {
	pages := count(f.MaxPages, "page")
	switch {
	case !r.Fitted && r.TightestPages > 0:
		return fmt.Sprintf("does not fit %s: it has %d, and %d when made as tight as a text of %g pt allows, so it was left as it is",
			pages, r.Pages, r.TightestPages, f.MinFontPt)
	case !r.Fitted:
		return fmt.Sprintf("does not fit %s: it has %d, too many for that, so it was left as it is", pages, r.Pages)
	case r.Space == 1 && r.Leading == 1 && r.Size == 1:
		return fmt.Sprintf("fits %s as it is", pages)
	}
	var done []string
	for _, knob := range []struct {
		name string
		left float64
	}{{"spacing", r.Space}, {"line height", r.Leading}, {"size", r.Size}} {
		if knob.left != 1 {
			done = append(done, fmt.Sprintf("%s to %.0f %%", knob.name, 100*knob.left))
		}
	}
	text := fmt.Sprintf("made to fit %s: %s", pages, strings.Join(done, ", "))
	if r.BodyFontPt > 0 {
		text += fmt.Sprintf("; the text has %.4g pt", r.BodyFontPt)
	}
	return text
}

// count writes a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
