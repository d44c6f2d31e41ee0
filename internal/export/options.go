package export

import (
	"fmt"
	"strconv"
	"strings"
)

// Options are the options besides format, template and paper. The zero value has none.
type Options struct {
	Fit Fit // PDF only
	// EmbedSource puts the resume as JSON Resume into the PDF, so that it can be
	// imported from there.
	EmbedSource bool
	// ATS requests that the finished PDF is read as applicant tracking systems do; the result
	// is in the report. PDF only.
	ATS bool
	// Width of the picture in pixels; 0: DefaultWidth. PNG only.
	Width int
	// Language is the BCP 47 tag of the language of headings, dates and other words
	// around the resume's own; empty: what the resume states, or is written in.
	Language string
	// Wrap is the maximum width of lines in columns; 0: lines end with their
	// paragraphs. Text only.
	Wrap int
}

// Fit requests a document that is tightened step by step, down to a limit, until it has few
// enough pages. The result is in the FitReport.
type Fit struct {
	MaxPages  int     // 0: the document stays as designed
	MinFontPt float64 // the text's least size in points
}

// Bounds of the options.
const (
	MaxFitPages      = 20
	LowestMinFontPt  = 7 // less is hard to read on paper
	DefaultMinFontPt = 8.5
	HighestMinFontPt = 12

	MinWidth     = 64 // pixels
	MaxWidth     = 2048
	DefaultWidth = 800

	MinWrap = 20 // columns
	MaxWrap = 500
)

// OptionError describes an invalid option.
type OptionError struct {
	Option  string // as callers write it, such as "fit.max_pages"
	Message string // begins with a verb: what the option does or has to be
}

// Error returns the option followed by the message.
func (e *OptionError) Error() string { return e.Option + " " + e.Message }

// Check returns an *OptionError unless the options are in their bounds and suit
// the format.
func (o Options) Check(f Format) error {
	for _, c := range []struct {
		choice Choice
		asked  bool
	}{{TakesFit, o.Fit != Fit{}}, {TakesEmbedSource, o.EmbedSource}, {TakesATS, o.ATS}, {TakesWidth, o.Width != 0}, {TakesWrap, o.Wrap != 0}} {
		if c.asked && !f.Takes(c.choice) {
			return &OptionError{string(c.choice), "goes with " + formatsThatTake(c.choice) + " only"}
		}
	}
	switch {
	case o.Fit == Fit{}:
	case o.Fit.MaxPages < 1 || o.Fit.MaxPages > MaxFitPages:
		return &OptionError{"fit.max_pages", fmt.Sprintf("must be between 1 and %d", MaxFitPages)}
	case !(o.Fit.MinFontPt >= LowestMinFontPt && o.Fit.MinFontPt <= HighestMinFontPt):
		return &OptionError{"fit.min_font_pt", fmt.Sprintf("must be between %d and %d", LowestMinFontPt, HighestMinFontPt)}
	}
	if o.Width != 0 && (o.Width < MinWidth || o.Width > MaxWidth) {
		return &OptionError{"width", fmt.Sprintf("must be between %d and %d pixels", MinWidth, MaxWidth)}
	}
	if o.Language != "" && !isLanguageTag(o.Language) {
		return &OptionError{"language", "must be a language tag (BCP 47), such as fr or pt-BR"}
	}
	if o.Wrap != 0 && (o.Wrap < MinWrap || o.Wrap > MaxWrap) {
		return &OptionError{"wrap", fmt.Sprintf("must be between %d and %d columns, or 0", MinWrap, MaxWrap)}
	}
	return nil
}

// formatsThatTake names the formats that take a choice.
func formatsThatTake(c Choice) string {
	var names []string
	for _, f := range FormatTable() {
		if f.Name.Takes(c) {
			names = append(names, string(f.Name))
		}
	}
	if len(names) == 1 {
		return "the format " + names[0]
	}
	return "the formats " + strings.Join(names, ", ")
}

// digested returns the options as texts for a digest; none for the zero value.
func (o Options) digested() []string {
	if o == (Options{}) {
		return nil
	}
	list := []string{strconv.Itoa(o.Fit.MaxPages), strconv.FormatFloat(o.Fit.MinFontPt, 'g', -1, 64), strconv.FormatBool(o.EmbedSource), strconv.FormatBool(o.ATS), strconv.Itoa(o.Width)}
	// Later options are added with their names and only if set, so that the digests of
	// requests from before stay.
	if o.Wrap != 0 {
		list = append(list, "wrap="+strconv.Itoa(o.Wrap))
	}
	if o.Language != "" {
		list = append(list, "language="+o.Language)
	}
	return list
}
