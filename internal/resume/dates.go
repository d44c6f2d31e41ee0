package resume

import (
	"errors"
	"fmt"
	"time"
)

// errNoDate is the error for a text that does not have the format of a date.
var errNoDate = errors.New("is not a date (YYYY, YYYY-MM or YYYY-MM-DD)")

// parseDate parses a JSON Resume date: YYYY, YYYY-MM or YYYY-MM-DD. The error text is a
// predicate, to be written after the text: "is not a date".
func parseDate(s string) (Date, error) {
	var d Date
	ok := true
	digits := func(part string) int {
		n := 0
		for i := range len(part) {
			if part[i] < '0' || part[i] > '9' {
				ok = false
			}
			n = n*10 + int(part[i]-'0')
		}
		return n
	}
	switch {
	case len(s) == 4:
	case len(s) == 7 && s[4] == '-':
	case len(s) == 10 && s[4] == '-' && s[7] == '-':
	default:
		return Date{}, errNoDate
	}
	d.Year = digits(s[:4])
	if len(s) >= 7 {
		d.Month = digits(s[5:7])
	}
	if len(s) == 10 {
		d.Day = digits(s[8:])
	}
	switch {
	case !ok:
		return Date{}, errNoDate
	case d.Year < 1000:
		return Date{}, errors.New("is not a date: the year must be 1000 to 9999")
	case len(s) >= 7 && (d.Month < 1 || d.Month > 12):
		return Date{}, fmt.Errorf("is not a date: there is no month %s", s[5:7])
	case len(s) == 10 && (d.Day < 1 || d.Day > daysIn(d.Year, d.Month)):
		return Date{}, fmt.Errorf("is not a date: %s has no day %s", s[:7], s[8:])
	}
	return d, nil
}

// daysIn returns the number of days in a month.
func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// format formats the date for JSON Resume. It returns "" if the year is out of range,
// and omits an invalid month or day.
func (d Date) format() string {
	switch {
	case d.Year < 1000 || d.Year > 9999:
		return ""
	case d.Month < 1 || d.Month > 12:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day < 1 || d.Day > daysIn(d.Year, d.Month):
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// before reports whether d is certainly earlier than e. It compares only the parts that
// both have: 2020 is not before 2020-05.
func (d Date) before(e Date) bool {
	switch {
	case d.Year == 0 || e.Year == 0:
		return false
	case d.Year != e.Year:
		return d.Year < e.Year
	case d.Month == 0 || e.Month == 0:
		return false
	case d.Month != e.Month:
		return d.Month < e.Month
	case d.Day == 0 || e.Day == 0:
		return false
	}
	return d.Day < e.Day
}

// spell formats a date that is stored as year and month. word is the date in the source
// document, which may include the day; it is returned if it has the same year and month.
func (d Date) spell(word string) string {
	if w, err := parseDate(word); err == nil && w.Year == d.Year && w.Month == d.Month {
		return word
	}
	return d.format()
}
