package postgres

import (
	"encoding/json"
	"fmt"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/note"
)

// The options and the report as stored in their jsonb columns. A missing member has
// its zero value, which is right for rows that are older than the member. Each type
// has the same fields as the domain's and converts to it.
type (
	optionsColumn struct {
		Fit         *fitColumn `json:"fit,omitempty"`
		EmbedSource bool       `json:"embed_source,omitempty"`
		ATS         bool       `json:"ats,omitempty"`
		Width       int        `json:"width,omitempty"`
		Wrap        int        `json:"wrap,omitempty"`
	}
	fitColumn struct {
		MaxPages  int     `json:"max_pages"`
		MinFontPt float64 `json:"min_font_pt"`
	}

	reportColumn struct {
		Fit *fitReportColumn `json:"fit,omitempty"`
		ATS *atsReportColumn `json:"ats,omitempty"`
	}
	fitReportColumn struct {
		Fitted        bool    `json:"fitted"`
		Pages         int     `json:"pages"`
		Space         float64 `json:"space"`
		Leading       float64 `json:"leading"`
		Size          float64 `json:"size"`
		BodyFontPt    float64 `json:"body_font_pt,omitempty"`
		TightestPages int     `json:"tightest_pages,omitempty"`
	}
	atsReportColumn struct {
		Fields     int      `json:"fields"`
		Found      int      `json:"found"`
		Missing    []string `json:"missing,omitempty"`
		OutOfOrder []string `json:"out_of_order,omitempty"`

		Words       int      `json:"words"`
		BrokenWords int      `json:"broken_words"`
		JoinedWords int      `json:"joined_words"`
		Broken      []string `json:"broken,omitempty"`
		Ligatures   int      `json:"ligatures"`
		Unreadable  int      `json:"unreadable_characters"`

		StrayLetters int `json:"stray_letters"`

		SourceValues  int      `json:"source_values,omitempty"`
		SourceFound   int      `json:"source_found,omitempty"`
		SourceMissing []string `json:"source_missing,omitempty"`

		Links      int `json:"links"`
		LinksFound int `json:"links_found"`
		StrayLinks int `json:"stray_links"`

		Tagged          bool   `json:"tagged"`
		Language        string `json:"language"`
		Titled          bool   `json:"titled"`
		Headings        int    `json:"headings"`
		HeadingsInOrder bool   `json:"headings_in_order"`
		Bookmarks       int    `json:"bookmarks"`
	}
)

// fromOptions writes the options column. The language has a column of its own.
func fromOptions(o export.Options) (json.RawMessage, error) {
	o.Language = ""
	if o == (export.Options{}) {
		return nil, nil // the column's default
	}
	c := optionsColumn{EmbedSource: o.EmbedSource, ATS: o.ATS, Width: o.Width, Wrap: o.Wrap}
	if o.Fit != (export.Fit{}) {
		c.Fit = new(fitColumn(o.Fit))
	}
	data, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("writing the options: %w", err)
	}
	return data, nil
}

// toOptions reads what fromOptions wrote. Other content counts as no options, as does
// an unreadable report: neither may make a row unreadable.
func toOptions(data json.RawMessage) export.Options {
	var c optionsColumn
	if len(data) == 0 || json.Unmarshal(data, &c) != nil {
		return export.Options{}
	}
	return export.Options{Fit: export.Fit(deref(c.Fit)), EmbedSource: c.EmbedSource, ATS: c.ATS, Width: c.Width, Wrap: c.Wrap}
}

func fromReport(r export.Report) (json.RawMessage, error) {
	if r == (export.Report{}) {
		return nil, nil // NULL
	}
	data, err := json.Marshal(reportColumn{Fit: (*fitReportColumn)(r.Fit), ATS: (*atsReportColumn)(r.ATS)})
	if err != nil {
		return nil, fmt.Errorf("writing the report: %w", err)
	}
	return data, nil
}

func toReport(data json.RawMessage) export.Report {
	var c reportColumn
	if len(data) == 0 || json.Unmarshal(data, &c) != nil {
		return export.Report{}
	}
	return export.Report{Fit: (*export.FitReport)(c.Fit), ATS: (*export.ATSReport)(c.ATS)}
}

// fromNotes writes a notes column, with as many notes as may be kept.
func fromNotes(notes []note.Note) (json.RawMessage, error) {
	if notes = note.Limit(notes); len(notes) == 0 {
		return json.RawMessage("[]"), nil
	}
	data, err := json.Marshal(notes)
	if err != nil {
		return nil, fmt.Errorf("writing the notes: %w", err)
	}
	return data, nil
}

// toNotes reads a notes column. Other content counts as none: notes may not make a row
// unreadable.
func toNotes(data json.RawMessage) []note.Note {
	var notes []note.Note
	if len(data) <= len("[]") || json.Unmarshal(data, &notes) != nil {
		return nil
	}
	return notes
}
