package document

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume"
)

// Moment is one date as shown, with its form for machines.
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

// compose puts the parts of a date into a pattern.
func (l *locale) compose(pattern string, d resume.Date) string {
	name := ""
	if d.Month >= 1 && d.Month <= len(l.Months) {
		name = l.Months[d.Month-1]
	}
	// One after the other, because building a replacer takes longer than the rest of
	// a date. No part holds a brace.
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

// formatDuration is the one or two moments of a duration. Months are enough
// for a period; what is unknown is left out, and a period that ends in the
// month it began is one moment.
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

// twoDigits is the number of a month or a day with a leading zero.
func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}
