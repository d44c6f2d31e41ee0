package resume

import (
	"fmt"
	"time"

	"github.com/letrazapp/letraz-export/internal/resume/dates"
)

// DateText returns the text to show instead of the date of the member name, or "". The
// member is the text of the source where that says more than a date ("Summer 2015"), or
// is not understood. understood is the date of the field: a text that does not agree with
// it is stale. A duration that is Current has no text for its end.
func (d Details) DateText(name string, understood Date) string {
	text := d.String(name)
	switch r := dates.Read(text); r.Kind {
	case dates.Part:
		if sameMonth(Date(r.Date), understood) {
			return text
		}
	case dates.Unknown:
		if understood.IsZero() {
			return text
		}
	}
	return ""
}

// date returns a date member, or the zero Date if it is missing or not understood.
func (d Details) date(name string) Date {
	return Date(dates.Read(d.String(name)).Date)
}

// duration returns the period of the members startDate and endDate.
func (d Details) duration() Duration {
	return durationOf(d.String("startDate"), d.String("endDate"), string(d["current"]))
}

// durationOf returns the period between two texts. current is a JSON value that says
// whether it has not ended; without it a period without an end has not.
func durationOf(start, end, current string) Duration {
	from, to := dates.Read(start), dates.Read(end)
	return Duration{
		Start:   Date(from.Date),
		End:     Date(to.Date),
		Current: to.Kind == dates.Present || end == "" && (start != "" && current != "false" || current == "true"),
	}
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

func sameMonth(d, e Date) bool { return d.Year == e.Year && d.Month == e.Month }

// spell formats a date that is stored as year and month. word is the date in the source
// document, which may say more; it is returned if it has the same year and month, or if
// it is not understood and there is no date.
func (d Date) spell(word string) string {
	switch r := dates.Read(word); r.Kind {
	case dates.Whole, dates.Part:
		if sameMonth(Date(r.Date), d) {
			return word
		}
	case dates.Unknown:
		if d.IsZero() {
			return word
		}
	}
	return d.format()
}
