package api

import (
	"errors"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/export"
)

// askedFit is the fit in a request. Package export checks whether the format takes it.
type askedFit struct {
	MaxPages  int     `json:"max_pages" minimum:"1" maximum:"20" doc:"Maximum number of pages. A document that cannot be made to fit is left as designed"`
	MinFontPt float64 `json:"min_font_pt,omitempty" minimum:"7" maximum:"12" default:"8.5" doc:"Smallest size of the text, in points"`
}

// checked adds the fit to the other options, and checks all against the format. path is where
// the request has them.
func checked(path string, o export.Options, fit *askedFit, format export.Format) (export.Options, error) {
	if fit != nil {
		o.Fit = export.Fit(*fit)
		if o.Fit.MinFontPt == 0 {
			o.Fit.MinFontPt = export.DefaultMinFontPt
		}
	}
	if err := knownLanguage(path+".language", o.Language); err != nil {
		return o, err
	}
	var wrong *export.OptionError
	if err := o.Check(format); errors.As(err, &wrong) {
		return o, invalid(path+"."+wrong.Option, nil, wrong.Message)
	}
	return o, nil
}

// knownLanguage refuses a tag of no language. None at all is fine.
func knownLanguage(location, tag string) error {
	if tag == "" || document.KnownLanguage(tag) {
		return nil
	}
	return invalid(location, tag, "unknown language; expected a language tag (BCP 47), such as fr or pt-BR")
}

// Fit is the requested fit and its result.
type Fit struct {
	MaxPages  int     `json:"max_pages"`
	MinFontPt float64 `json:"min_font_pt"`
	// The result, present when the export is ready.
	Fitted        *bool   `json:"fitted,omitempty" doc:"Whether the document has at most max_pages pages. Present if status is ready"`
	Space         float64 `json:"space,omitempty" doc:"Factor applied to the spacing of the template"`
	Leading       float64 `json:"leading,omitempty" doc:"Factor applied to its line height"`
	Size          float64 `json:"size,omitempty" doc:"Factor applied to its font size"`
	BodyFontPt    float64 `json:"body_font_pt,omitempty" doc:"Size of the body text, in points"`
	TightestPages int     `json:"tightest_pages,omitempty" doc:"Number of pages at the smallest setting, of a document that could not be made to fit"`
}

// ATS is the report of reading the file as applicant tracking systems do.
type ATS struct {
	Fields     int      `json:"fields" doc:"Number of fields of the resume that the document shows"`
	Found      int      `json:"found" doc:"Of these, how many were found in the text of the file"`
	Missing    []string `json:"missing,omitempty" doc:"Paths of fields that were not found, such as experience[2].title; at most 20"`
	OutOfOrder []string `json:"out_of_order,omitempty" doc:"Paths of fields that were found in another order; at most 20"`

	Words       int      `json:"words" doc:"Number of words of the fields that were found"`
	BrokenWords int      `json:"broken_words" doc:"Of these, how many have a space, a gap or a line break inside"`
	JoinedWords int      `json:"joined_words" doc:"Of these, how many are joined to the next word"`
	Broken      []string `json:"broken,omitempty" doc:"Paths of fields with such words; at most 20"`
	Ligatures   int      `json:"ligatures" doc:"Number of glyphs for several letters"`
	Unreadable  int      `json:"unreadable_characters" doc:"Number of characters without a meaning"`

	StrayLetters int `json:"stray_letters" doc:"Number of letters in the text that belong to no field"`

	SourceValues  int      `json:"source_values,omitempty" doc:"Number of texts and numbers of the resume as it was written"`
	SourceFound   int      `json:"source_found,omitempty" doc:"Of these, how many the document shows"`
	SourceMissing []string `json:"source_missing,omitempty" doc:"Paths of those that it does not show; at most 20. The notes say why"`

	Links      int `json:"links" doc:"Number of link targets in the resume"`
	LinksFound int `json:"links_found" doc:"Of these, how many are links in the file"`
	StrayLinks int `json:"stray_links" doc:"Number of other link targets in the file"`

	Tagged          bool   `json:"tagged" doc:"Whether the file has a structure for screen readers"`
	Language        string `json:"language" doc:"Language of the file (BCP 47)"`
	Titled          bool   `json:"titled" doc:"Whether the file has a title that viewers display"`
	Headings        int    `json:"headings" doc:"Number of headings in the structure"`
	HeadingsInOrder bool   `json:"headings_in_order" doc:"Whether headings begin with the first level and skip none"`
	Bookmarks       int    `json:"bookmarks" doc:"Number of bookmarks"`
}

// setOptions adds the options and their results to the answer.
func (e *Export) setOptions(o export.Options, r export.Report) {
	e.EmbedSource, e.Width, e.Wrap, e.Language = o.EmbedSource, o.Width, o.Wrap, o.Language
	if o.Fit != (export.Fit{}) {
		e.Fit = &Fit{MaxPages: o.Fit.MaxPages, MinFontPt: o.Fit.MinFontPt}
		if done := r.Fit; done != nil {
			e.Fit.Fitted, e.Fit.Space, e.Fit.Leading, e.Fit.Size = &done.Fitted, done.Space, done.Leading, done.Size
			e.Fit.BodyFontPt, e.Fit.TightestPages = done.BodyFontPt, done.TightestPages
		}
	}
	e.ATS = (*ATS)(r.ATS)
}
