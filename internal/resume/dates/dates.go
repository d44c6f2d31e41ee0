// Package dates understands dates as people write them in resumes: "2011-03",
// "03/2014", "March 2011", "11 марта 2011", "2011年3月", "Summer 2015" and words for the
// present, in the languages that documents are made in.
package dates

import (
	"fmt"
	"strings"
	"time"
)

// Date is a calendar date whose month and day may be unknown (0).
type Date struct {
	Year  int // 0: no date at all
	Month int // 1–12, or 0
	Day   int // 1–31, or 0
}

// String returns YYYY, YYYY-MM or YYYY-MM-DD, or "" for no date.
func (d Date) String() string {
	switch {
	case d.Year == 0:
		return ""
	case d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// valid reports whether the date exists and has a year of four digits.
func (d Date) valid() bool {
	if d.Year < 1000 || d.Year > 9999 || d.Month < 0 || d.Month > 12 || d.Day < 0 {
		return false
	}
	if d.Day == 0 {
		return true
	}
	return d.Month != 0 && d.Day <= time.Date(d.Year, time.Month(d.Month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// Kind is how much of a text is understood.
type Kind int

// The kinds.
const (
	Unknown Kind = iota // nothing
	Whole               // the date says all that the text says
	Part                // the text says more than the date, such as a season
	Present             // a word for the present
)

// Reading is what a text says.
type Reading struct {
	Kind Kind
	Date Date // if Kind is Whole or Part
}

// Read reads a date. The empty text is Unknown.
func Read(text string) Reading {
	if d, ok := canonical(text); ok {
		return Reading{Whole, d}
	}
	if len(text) > 200 {
		return Reading{}
	}
	text = fold(text)
	if isPresent(text) {
		return Reading{Kind: Present}
	}
	if d, ok := stamp(text); ok {
		return Reading{Whole, d}
	}
	s := scan(withoutEra(text))
	switch {
	case len(s.units) > 0:
		return s.withUnits()
	case len(s.months) > 0:
		return s.withMonth()
	case s.unknown > 0:
		if len(s.years) == 1 {
			return part(Date{Year: s.years[0]})
		}
		return Reading{}
	}
	return s.numeric()
}

// canonical reads YYYY, YYYY-MM and YYYY-MM-DD, without any allocation.
func canonical(s string) (Date, bool) {
	switch {
	case len(s) == 4:
	case len(s) == 7 && s[4] == '-':
	case len(s) == 10 && s[4] == '-' && s[7] == '-':
	default:
		return Date{}, false
	}
	ok := true
	number := func(part string) int {
		n := 0
		for i := range len(part) {
			ok = ok && '0' <= part[i] && part[i] <= '9'
			n = n*10 + int(part[i]-'0')
		}
		return n
	}
	d := Date{Year: number(s[:4])}
	if len(s) >= 7 {
		d.Month = number(s[5:7])
		ok = ok && d.Month != 0
	}
	if len(s) == 10 {
		d.Day = number(s[8:])
		ok = ok && d.Day != 0
	}
	return d, ok && d.valid()
}

// IsCanonical reports whether a text is a date as JSON Resume wants it.
func IsCanonical(text string) bool {
	_, ok := canonical(text)
	return ok
}

// stamp reads ISO date-times and milliseconds since 1970.
func stamp(text string) (Date, bool) {
	if len(text) > 13 && (text[10] == 't' || text[10] == ' ') && '0' <= text[11] && text[11] <= '9' && strings.IndexByte(text, ':') == 13 {
		return canonical(text[:10])
	}
	if len(text) == 13 && strings.Trim(text, "0123456789") == "" {
		var ms int64
		for i := range len(text) {
			ms = ms*10 + int64(text[i]-'0')
		}
		t := time.UnixMilli(ms).UTC()
		return Date{t.Year(), int(t.Month()), t.Day()}, true
	}
	return Date{}, false
}

func part(d Date) Reading {
	if !d.valid() {
		return Reading{}
	}
	return Reading{Part, d}
}

func whole(d Date) Reading {
	if !d.valid() {
		return Reading{}
	}
	return Reading{Whole, d}
}
