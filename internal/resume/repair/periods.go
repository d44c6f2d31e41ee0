package repair

import (
	"fmt"
	"strconv"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/dates"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

const dateHint = "write YYYY, YYYY-MM or YYYY-MM-DD"

// date returns a date as JSON Resume wants it. A text that says more than a date, or is not
// understood, stays. atEnd allows words for the present, which stay too.
func (f *fixer) date(v *tree.Value, path string, atEnd bool) *tree.Value {
	switch v.Kind {
	case tree.Text:
	case tree.Object:
		e := newEntry(path, v)
		if text := dateOfParts(e); text != "" {
			f.wrongType(path, v, "a date", "read as "+text)
			return tree.NewText(text)
		}
		v = f.text(v, path, " ")
	case tree.Number:
		r := dates.Read(v.Text)
		if r.Kind == dates.Whole {
			f.repaired(path, fmt.Sprintf("a number where a date is expected: read as %s", r.Date), "write "+strconv.Quote(r.Date.String()))
			return tree.NewText(r.Date.String())
		}
		v = f.text(v, path, " ")
	case tree.Bool:
		if atEnd && v.Text == "false" {
			f.repaired(path, "false was read as the present", "leave endDate out")
			return tree.NewText("Present")
		}
		v = f.text(v, path, " ")
	default:
		v = f.text(v, path, " – ")
	}
	if dates.IsCanonical(v.Text) {
		return v
	}
	switch r := dates.Read(v.Text); {
	case r.Kind == dates.Whole:
		f.repaired(path, fmt.Sprintf("%s was read as %s", tree.Quoted(v.Text), r.Date), "write "+r.Date.String())
		return tree.NewText(r.Date.String())
	case r.Kind == dates.Present && atEnd:
		if !f.ranges[path] {
			f.repaired(path, tree.Quoted(v.Text)+" was read as the present", "leave endDate out")
		}
	case r.Kind == dates.Part:
		f.notes.Add(path, note.AsWritten, fmt.Sprintf("%s is not a date and is shown as written; its year is %d", tree.Quoted(v.Text), r.Date.Year), dateHint)
	default:
		f.notes.Add(path, note.AsWritten, tree.Quoted(v.Text)+" is not a date and is shown as written", dateHint)
	}
	return v
}

// dateOfParts returns the date of an object with the members year and month, or "".
func dateOfParts(e entry) string {
	year := e.member("year")
	if year == nil {
		return ""
	}
	text := year.Text
	for _, name := range []string{"month", "day"} {
		if v := e.member(name); v != nil {
			text += "-" + v.Text
		}
	}
	for _, m := range e.Members {
		if m.Name != "year" && m.Name != "month" && m.Name != "day" && !m.Value.Absent() {
			return ""
		}
	}
	if r := dates.Read(text); r.Kind == dates.Whole {
		return r.Date.String()
	}
	return ""
}

// period reads the two dates of a range in one member.
func (f *fixer) period(section string, e entry) {
	if hasAny(e, "startdate", "enddate", "start", "end", "from", "to", "until") {
		f.splitStart(e)
		return
	}
	for _, m := range e.Members {
		switch fold(m.Name) {
		case "date", "dates", "duration", "period", "daterange", "timeperiod", "timeframe", "time", "when", "years", "year", "tenure":
		default:
			continue
		}
		if m.Value.Absent() {
			continue
		}
		if f.readPeriod(section, e, m) {
			return
		}
	}
}

// readPeriod replaces a member by startDate and endDate, or by one of them or date if it
// is one date.
func (f *fixer) readPeriod(section string, e entry, m tree.Member) bool {
	single := "endDate"
	if section == "custom" {
		single = "date"
	}
	path := e.at(m.Name)
	switch v := m.Value; {
	case v.Kind == tree.Object && hasAny(newEntry(path, v), "startdate", "start", "from", "enddate", "end", "to"):
		e.Take(m.Name)
		for _, part := range v.Members {
			e.keep(part.Name, part.Value)
		}
		return true
	case v.Kind == tree.List && len(v.Items) == 2 && onlyTexts(v):
		e.Take(m.Name)
		e.Set("startDate", v.Items[0])
		e.Set("endDate", v.Items[1])
		return true
	case v.Kind == tree.Text:
		if start, end, ok := dates.Split(v.Text); ok {
			e.Take(m.Name)
			f.setRange(e, m.Name, v.Text, start, end)
			return true
		}
		if dates.Read(v.Text).Kind == dates.Unknown {
			return false
		}
	case v.Kind != tree.Number || dates.Read(v.Text).Kind != dates.Whole:
		return false
	}
	if m.Name != single {
		rename(e, m.Name, single)
	}
	return true
}

// splitStart reads a range in startDate if there is no endDate.
func (f *fixer) splitStart(e entry) {
	for _, m := range e.Members {
		if fold(m.Name) != "startdate" || m.Value.Kind != tree.Text || hasAny(e, "enddate", "end", "to", "until") {
			continue
		}
		if start, end, ok := dates.Split(m.Value.Text); ok {
			e.Take(m.Name)
			f.setRange(e, m.Name, m.Value.Text, start, end)
			return
		}
	}
}

// setRange sets the dates of a range in the text of a member, which was taken.
func (f *fixer) setRange(e entry, member, text, start, end string) {
	path := e.at(member)
	if source, ok := e.names[member]; ok {
		member = source
	}
	e.names["startDate"], e.names["endDate"] = member, member
	if f.ranges != nil {
		f.ranges[path] = true
	}
	f.repaired(path, fmt.Sprintf("the range %s was read as startDate and endDate", tree.Quoted(text)), "write startDate and endDate")
	quiet := f.quiet()
	e.Set("startDate", quiet.date(tree.NewText(start), path, false))
	if end != "" {
		e.Set("endDate", quiet.date(tree.NewText(end), path, true))
	}
}

// hasAny reports whether a member with one of these folded names is not empty.
func hasAny(e entry, names ...string) bool {
	for _, m := range e.Members {
		for _, name := range names {
			if fold(m.Name) == name && !m.Value.Absent() {
				return true
			}
		}
	}
	return false
}

// checkOrder notes a period that ends before it starts. Both dates stay as they are.
func (f *fixer) checkOrder(e entry) {
	start, end := e.text("startDate"), e.text("endDate")
	if !dates.IsCanonical(start) || !dates.IsCanonical(end) {
		return
	}
	if n := min(len(start), len(end)); end[:n] < start[:n] {
		f.notes.Add(e.at("endDate"), note.AsWritten, fmt.Sprintf("%q is before the startDate %q; both are shown as written", end, start), "correct one of them")
	}
}
