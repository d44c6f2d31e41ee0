package main

import (
	"errors"
	"fmt"

	"github.com/letrazapp/letraz-export/internal/client"
	"github.com/letrazapp/letraz-export/internal/export"
)

// optionFlags are the options of an export. Package export checks which a format takes.
type optionFlags struct {
	FitPages    int     `placeholder:"N" help:"Fit the document to N pages by reducing spacing, then line height, then type size, no more than necessary. PDF only."`
	MinFontPt   float64 `name:"min-font-pt" placeholder:"PT" help:"Smallest type size with --fit-pages, 7 to 12. Default: 8.5."`
	EmbedSource bool    `help:"Attach the resume as JSON Resume, from which it can be imported. PDF only."`
	Width       int     `placeholder:"PIXELS" help:"Width of the picture, 64 to 2048. Default: 800. PNG only."`
	Wrap        int     `placeholder:"COLUMNS" help:"Maximum width of lines, 20 to 500. Default: lines end with their paragraphs. TXT only."`
	Language    string  `placeholder:"TAG" help:"Language of headings, dates and other words around the resume's own, as fr or pt-BR; of a file with several, the one to take. Default: the one that the resume states, or is written in."`
}

// options returns the options that the flags set. It fails if the format does not take them.
func (f optionFlags) options(format export.Format) (export.Options, error) {
	o := export.Options{Fit: export.Fit{MaxPages: f.FitPages, MinFontPt: f.MinFontPt}, EmbedSource: f.EmbedSource, Width: f.Width, Wrap: f.Wrap, Language: f.Language}
	if err := checkLanguage(f.Language); err != nil {
		return o, err
	}
	if f.FitPages == 0 && f.MinFontPt != 0 {
		return o, errors.New("--min-font-pt goes with --fit-pages only")
	}
	if f.FitPages != 0 && f.MinFontPt == 0 {
		o.Fit.MinFontPt = export.DefaultMinFontPt
	}
	var wrong *export.OptionError
	if err := o.Check(format); errors.As(err, &wrong) {
		names := map[string]string{"fit": "fit-pages", "fit.max_pages": "fit-pages", "fit.min_font_pt": "min-font-pt", "embed_source": "embed-source"}
		name, ok := names[wrong.Option]
		if !ok {
			name = wrong.Option
		}
		return o, fmt.Errorf("--%s %s", name, wrong.Message)
	}
	return o, nil
}

// fitSentence describes how the document was made to fit.
func fitSentence(e client.Export) string {
	f := e.Fit
	r := export.FitReport{Fitted: f.Fitted, Pages: e.Pages, Space: f.Space, Leading: f.Leading, Size: f.Size, BodyFontPt: f.BodyFontPt, TightestPages: f.TightestPages}
	return r.Sentence(export.Fit(f.Fit))
}
