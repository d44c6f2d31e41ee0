package document

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/resume/dates"
)

// Moment is one date as shown, and in a form that machines read.
type Moment struct {
	Text    string
	Machine string // a valid <time datetime>, or "" when there is none
}

// formatDate writes a date with a locale's pattern: {y} the year, {M} the
// month's name, {m} its number in two digits, {n} its number, {d} and {dd} the
// day. The day is left out unless withDay; an unknown part is never printed.
func (l *locale) formatDate(d resume.Date, withDay bool) Moment {
	if d.Year <= 0 || d.Year > 9999 {
		return Moment{}
	}
	machine := fmt.Sprintf("%04d", d.Year)
	if d.Month < 1 || d.Month > 12 {
		return Moment{Text: l.compose(l.Year, d), Machine: machine}
	}
	machine += fmt.Sprintf("-%02d", d.Month)
	if !withDay || d.Day < 1 || d.Day > 31 {
		return Moment{Text: l.compose(l.Month, d), Machine: machine}
	}
	return Moment{Text: l.compose(l.Day, d), Machine: machine + fmt.Sprintf("-%02d", d.Day)}
}

// compose fills the parts of a date into a pattern.
func (l *locale) compose(pattern string, d resume.Date) string {
	name := ""
	if d.Month >= 1 && d.Month <= len(l.Months) {
		name = l.Months[d.Month-1]
	}
	// Building a strings.Replacer would take longer than all of this. No part contains
	// a brace, so that parts do not replace each other.
	for _, part := range [...]struct{ mark, text string }{
		{"{y}", strconv.Itoa(d.Year)},
		{"{M}", name},
		{"{m}", twoDigits(d.Month)},
		{"{n}", strconv.Itoa(d.Month)},
		{"{dd}", twoDigits(d.Day)},
		{"{d}", strconv.Itoa(d.Day)},
	} {
		pattern = strings.ReplaceAll(pattern, part.mark, part.text)
	}
	return pattern
}

// formatDuration returns the one or two moments of a duration, without days. Unknown
// moments are left out. A period that ends in the month it began has one.
func (l *locale) formatDuration(d resume.Duration) []Moment {
	start, end := l.formatDate(d.Start, false), l.formatDate(d.End, false)
	if d.Current {
		end = Moment{Text: l.Present}
	}
	switch {
	case start.Text == "" && end.Text == "":
		return nil
	case start.Text == "" || start == end:
		return []Moment{end}
	case end.Text == "":
		return []Moment{start}
	}
	return []Moment{start, end}
}

// period returns the moments of the period of a row whose members startDate and endDate
// are in details. A date that was not understood is shown as it was written.
func (l *maker) period(d resume.Duration, details resume.Details) []Moment {
	when := l.formatDuration(d)
	start, end := dateText(details, "startDate", d.Start), ""
	if !d.Current {
		end = dateText(details, "endDate", d.End)
	}
	if start == "" && end == "" {
		return when
	}
	first, last := l.formatDate(d.Start, false), l.formatDate(d.End, false)
	if start != "" {
		first = Moment{Text: start}
	}
	switch {
	case d.Current:
		last = Moment{Text: l.Present}
	case end != "":
		last = Moment{Text: end}
	}
	when = nil
	for _, m := range []Moment{first, last} {
		if m.Text != "" && (len(when) == 0 || when[0].Text != m.Text) {
			when = append(when, m)
		}
	}
	return when
}

// dateIn returns the date in a member as shown, with its day. A text that says more or
// is not understood is returned as it was written.
func (l *maker) dateIn(d resume.Details, name string) string {
	text := clean(d.String(name))
	if r := dates.Read(text); r.Kind == dates.Whole {
		return l.inText(l.formatDate(resume.Date(r.Date), true))
	}
	return text
}

// inText returns the text of a moment that becomes part of another text, and keeps its
// machine form for the document.
func (l *maker) inText(m Moment) string {
	if m.Machine != "" {
		l.dates = append(l.dates, m.Machine)
	}
	return m.Text
}

// dateText returns the text to show instead of the date of a member, or "".
func dateText(d resume.Details, name string, understood resume.Date) string {
	if _, ok := d[name]; !ok {
		return ""
	}
	text := clean(d.DateText(name, understood))
	if !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return "" // "—"
	}
	return text
}

// twoDigits returns the number of a month or a day with a leading zero.
func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}
