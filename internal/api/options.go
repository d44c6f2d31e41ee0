package api

import (
	"errors"

	"github.com/letrazapp/letraz-export/internal/export"
)

// askedFit is a fit as a request asks for it. What suits the format, and the
// bounds once more, is the domain's business.
type askedFit struct {
	MaxPages  int     `json:"max_pages" minimum:"1" maximum:"20" doc:"Pages the document may have; one that cannot be made to fit stays as it is"`
	MinFontPt float64 `json:"min_font_pt,omitempty" minimum:"7" maximum:"12" default:"8.5" doc:"The text gets no smaller than this, in points"`
}

// checked adds the fit, if there is one, to the other options of a request for a
// file of the format.
func checked(o export.Options, fit *askedFit, format export.Format) (export.Options, error) {
	if fit != nil {
		o.Fit = export.Fit(*fit)
		if o.Fit.MinFontPt == 0 {
			o.Fit.MinFontPt = export.DefaultMinFontPt
		}
	}
	var wrong *export.OptionError
	if err := o.Check(format); errors.As(err, &wrong) {
		return o, invalid("body."+wrong.Option, nil, wrong.Message)
	}
	return o, nil
}

// Fit says how a document was asked to fit, and how it does.
type Fit struct {
	MaxPages  int     `json:"max_pages"`
	MinFontPt float64 `json:"min_font_pt"`
	// What was done, when the export is ready.
	Fitted        *bool   `json:"fitted,omitempty" doc:"Whether the document has no more pages than asked for; there when status is ready"`
	Space         float64 `json:"space,omitempty" doc:"What is left of the template's spacing; 1: all"`
	Leading       float64 `json:"leading,omitempty" doc:"What is left of the template's line height; 1: all"`
	Size          float64 `json:"size,omitempty" doc:"What is left of the template's size; 1: all"`
	BodyFontPt    float64 `json:"body_font_pt,omitempty" doc:"Size of most of the text, in points"`
	TightestPages int     `json:"tightest_pages,omitempty" doc:"Of a document that could not be fitted, how many pages it would have at its tightest"`
}

// ATS says what a program that reads the file finds in it.
type ATS struct {
	Fields     int      `json:"fields" doc:"Pieces of the resume that the document shows"`
	Found      int      `json:"found" doc:"Of these, those in the text of the file"`
	Missing    []string `json:"missing,omitempty" doc:"Where those stand that are not, such as experience[2].title; 20 at most"`
	OutOfOrder []string `json:"out_of_order,omitempty" doc:"Where fields stand that do not follow the one before; 20 at most"`

	Words       int      `json:"words" doc:"Words of the fields found"`
	BrokenWords int      `json:"broken_words" doc:"Of these, those with a blank, a gap or a line break inside"`
	JoinedWords int      `json:"joined_words" doc:"Those with nothing between it and the next"`
	Broken      []string `json:"broken,omitempty" doc:"Where fields with such words stand; 20 at most"`
	Ligatures   int      `json:"ligatures" doc:"Glyphs that stand for several letters"`
	Unreadable  int      `json:"unreadable_characters" doc:"Characters that stand for nothing"`

	StrayLetters int `json:"stray_letters" doc:"Letters in the text besides those of the fields"`

	Links      int `json:"links" doc:"Addresses the resume leads to"`
	LinksFound int `json:"links_found" doc:"Of these, those the file leads to"`
	StrayLinks int `json:"stray_links" doc:"Addresses the file leads to besides"`

	Tagged          bool   `json:"tagged" doc:"It has a structure for screen readers"`
	Language        string `json:"language" doc:"It says it is in; BCP 47"`
	Titled          bool   `json:"titled" doc:"It has a title, and windows show it"`
	Headings        int    `json:"headings" doc:"In its structure"`
	HeadingsInOrder bool   `json:"headings_in_order" doc:"They begin with the first level, and none is left out"`
	Bookmarks       int    `json:"bookmarks" doc:"In its outline"`
}

// setOptions puts the options, and what came of them, on the wire.
func (e *Export) setOptions(o export.Options, r export.Report) {
	e.EmbedSource, e.Width = o.EmbedSource, o.Width
	if o.Fit != (export.Fit{}) {
		e.Fit = &Fit{MaxPages: o.Fit.MaxPages, MinFontPt: o.Fit.MinFontPt}
		if done := r.Fit; done != nil {
			e.Fit.Fitted, e.Fit.Space, e.Fit.Leading, e.Fit.Size = &done.Fitted, done.Space, done.Leading, done.Size
			e.Fit.BodyFontPt, e.Fit.TightestPages = done.BodyFontPt, done.TightestPages
		}
	}
	e.ATS = (*ATS)(r.ATS)
}
