package export

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func TestOptions_Check(t *testing.T) {
	t.Parallel()
	fit := func(pages int, pt float64) Options { return Options{Fit: Fit{MaxPages: pages, MinFontPt: pt}} }
	for name, c := range map[string]struct {
		o      Options
		format Format
		wrong  string // the option; empty: none
	}{
		"nothing":               {Options{}, JSON, ""},
		"fit":                   {fit(1, 8.5), PDF, ""},
		"fit at its bounds":     {fit(MaxFitPages, LowestMinFontPt), PDF, ""},
		"large text":            {fit(1, HighestMinFontPt), PDF, ""},
		"no pages":              {fit(0, 8.5), PDF, "fit.max_pages"},
		"fewer pages than none": {fit(-1, 8.5), PDF, "fit.max_pages"},
		"too many pages":        {fit(MaxFitPages+1, 8.5), PDF, "fit.max_pages"},
		"no size":               {fit(1, 0), PDF, "fit.min_font_pt"},
		"a size too small":      {fit(1, 6.99), PDF, "fit.min_font_pt"},
		"a size too large":      {fit(1, 12.01), PDF, "fit.min_font_pt"},
		"a size that is none":   {fit(1, math.NaN()), PDF, "fit.min_font_pt"},
		"fit for a page":        {fit(1, 8.5), HTML, "fit"},
		"the source":            {Options{EmbedSource: true}, PDF, ""},
		"a check":               {Options{ATS: true}, PDF, ""},
		"a check of a page":     {Options{ATS: true}, HTML, "ats"},
		"the source in itself":  {Options{EmbedSource: true}, JSON, "embed_source"},
		"a width":               {Options{Width: 1200}, "png", ""},
		"a width on paper":      {Options{Width: 1200}, PDF, "width"},
		"too wide":              {Options{Width: MaxWidth + 1}, "png", "width"},
		"too narrow":            {Options{Width: MinWidth - 1}, "png", "width"},
		"wrapped lines":         {Options{Wrap: MinWrap}, Text, ""},
		"the longest lines":     {Options{Wrap: MaxWrap}, Text, ""},
		"wrapped paper":         {Options{Wrap: 72}, PDF, "wrap"},
		"lines too short":       {Options{Wrap: MinWrap - 1}, Text, "wrap"},
		"lines too long":        {Options{Wrap: MaxWrap + 1}, Text, "wrap"},
		"lines below zero":      {Options{Wrap: -1}, Text, "wrap"},
	} {
		err := c.o.Check(c.format)
		var wrong *OptionError
		if c.wrong == "" && err != nil || c.wrong != "" && (!errors.As(err, &wrong) || wrong.Option != c.wrong || wrong.Message == "") {
			t.Errorf("%s: %v, want one about %q", name, err, c.wrong)
		}
	}
}

func TestFitReport_Sentence(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]FitReport{
		"fits 2 pages as it is": {Fitted: true, Pages: 1, Space: 1, Leading: 1, Size: 1, BodyFontPt: 9.75},
		"made to fit 2 pages: spacing to 67 %; the text has 9.75 pt":                                                   {Fitted: true, Pages: 2, Space: .67, Leading: 1, Size: 1, BodyFontPt: 9.75},
		"made to fit 2 pages: spacing to 50 %, line height to 91 %, size to 90 %; the text has 8.78 pt":                {Fitted: true, Pages: 2, Space: .5, Leading: .91, Size: .9, BodyFontPt: 8.78},
		"does not fit 2 pages: it has 4, and 3 when made as tight as a text of 8.5 pt allows, so it was left as it is": {Pages: 4, Space: 1, Leading: 1, Size: 1, TightestPages: 3},
		"does not fit 2 pages: it has 9, too many for that, so it was left as it is":                                   {Pages: 9, Space: 1, Leading: 1, Size: 1},
	} {
		if got := r.Sentence(Fit{MaxPages: 2, MinFontPt: 8.5}); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
	if got := (FitReport{Fitted: true, Space: 1, Leading: 1, Size: 1}).Sentence(Fit{MaxPages: 1}); !strings.HasPrefix(got, "fits 1 page ") {
		t.Error(got)
	}
}
