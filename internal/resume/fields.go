package resume

import "slices"

// fields reads the members of one JSON object. Each is taken once, by a method
// that checks its type; what is left at the end goes into Details.
type fields struct {
	path     string
	members  []member
	kept     Details
	problems *problems
}

// objectFields begins to read v, which stands at path. A value of another type
// is reported, and read as an object without members.
func objectFields(v *value, path string, ps *problems) *fields {
	f := &fields{path: path, problems: ps}
	if v == nil || v.kind == kindNull {
		return f
	}
	if v.kind != kindObject {
		ps.addf(path, "%s where an object is expected", v.kind)
		return f
	}
	f.members = slices.Clone(v.members)
	return f
}

// at is the path of the member name.
func (f *fields) at(name string) string { return memberPath(f.path, name) }

// peek returns the member name and leaves it; nil is one that says nothing.
// That makes its type irrelevant: PHP, for one, writes {} as [].
func (f *fields) peek(name string) *value {
	for _, m := range f.members {
		if m.name == name && !m.value.absent() {
			return m.value
		}
	}
	return nil
}

// take is peek, and removes the member.
func (f *fields) take(name string) *value {
	v := f.peek(name)
	f.members = slices.DeleteFunc(f.members, func(m member) bool { return m.name == name })
	return v
}

// rename gives a text the name it has in JSON Resume 1.0.0, unless that is
// taken: then the old one is just another unknown member.
func (f *fields) rename(old, name string) {
	if v := f.peek(old); v == nil || v.kind != kindText || f.peek(name) != nil {
		return
	}
	f.take(name)
	for i := range f.members {
		if f.members[i].name == old {
			f.members[i].name = name
		}
	}
}

// checkText reports the member name if it is no text, and leaves it.
func (f *fields) checkText(names ...string) {
	for _, name := range names {
		f.isText(f.peek(name), f.at(name))
	}
}

func (f *fields) isText(v *value, path string) bool {
	if v == nil {
		return false
	}
	if v.kind != kindText {
		f.problems.addf(path, "%s where a text is expected", v.kind)
		return false
	}
	return true
}

// text takes a text; absent is "".
func (f *fields) text(name string) string {
	if v := f.take(name); f.isText(v, f.at(name)) {
		return v.text
	}
	return ""
}

// extensionText takes a text that the JSON Resume schema does not know, if
// it is one. Otherwise it is an unknown member like any other.
func (f *fields) extensionText(name string) string {
	if v := f.peek(name); v != nil && v.kind == kindText {
		return f.take(name).text
	}
	return ""
}

// list takes a list, without its nulls. The paths of the entries count them.
func (f *fields) list(name string) []entry {
	return listEntries(f.take(name), f.at(name), f.problems)
}

// entry is a value in a list and its path.
type entry struct {
	path  string
	value *value
}

func listEntries(v *value, path string, ps *problems) []entry {
	if v.absent() {
		return nil
	}
	if v.kind != kindList {
		ps.addf(path, "%s where a list is expected", v.kind)
		return nil
	}
	var entries []entry
	for i, item := range v.items {
		if item.kind != kindNull {
			entries = append(entries, entry{itemPath(path, i), item})
		}
	}
	return entries
}

// texts takes a list of texts, without its nulls.
func (f *fields) texts(name string) []string {
	var texts []string
	for _, e := range f.list(name) {
		if f.isText(e.value, e.path) {
			texts = append(texts, e.value.text)
		}
	}
	return texts
}

// extensionTexts takes a list of texts that the JSON Resume schema does not
// know; anything else by that name stays an unknown member.
func (f *fields) extensionTexts(name string) []string {
	v := f.peek(name)
	if v == nil || v.kind != kindList {
		return nil
	}
	for _, item := range v.items {
		if item.kind != kindText {
			return nil
		}
	}
	return f.texts(name)
}

// checkTexts reports the member name if it is no list of texts, and leaves it,
// without its nulls.
func (f *fields) checkTexts(name string) {
	v := f.peek(name)
	for _, e := range listEntries(v, f.at(name), f.problems) {
		f.isText(e.value, e.path)
	}
	if v != nil {
		v.items = slices.DeleteFunc(v.items, func(item *value) bool { return item.kind == kindNull })
	}
}

// date reads the member name without taking it.
func (f *fields) date(name, hint string) Date {
	v := f.peek(name)
	if !f.isText(v, f.at(name)) {
		return Date{}
	}
	d, err := parseDate(v.text)
	if err != nil {
		f.problems.addf(f.at(name), "%s %v%s", quoted(v.text), err, hint)
		return Date{}
	}
	return d
}

// dates reads startDate and endDate without taking them.
func (f *fields) dates() (start, end Date) {
	start = f.date("startDate", "")
	end = f.date("endDate", "; leave it out for a current position")
	if end.before(start) {
		f.problems.addf(f.at("endDate"), "%q is before the startDate %q", f.peek("endDate").text, f.peek("startDate").text)
	}
	return start, end
}

// duration takes startDate and endDate as a row holds them: year and month.
// A spelling that also has the day is kept.
func (f *fields) duration() Duration {
	start, end := f.dates()
	d := Duration{Start: start, End: end, Current: !start.IsZero() && end.IsZero()}
	d.Start.Day, d.End.Day = 0, 0
	for name, full := range map[string]Date{"startDate": start, "endDate": end} {
		if v := f.take(name); full.Day != 0 {
			f.keep(name, v)
		}
	}
	return d
}

// keep puts a member into Details that was taken before.
func (f *fields) keep(name string, v *value) {
	if f.kept == nil {
		f.kept = Details{}
	}
	f.kept[name] = v.sorted().append(nil)
}

// rest returns what was not taken and says anything, or nil.
func (f *fields) rest() Details {
	for _, m := range f.members {
		if !m.value.absent() {
			f.keep(m.name, m.value)
		}
	}
	return f.kept
}

// remaining returns what was not taken and says anything as one object.
func (f *fields) remaining() *value {
	v := &value{kind: kindObject}
	for _, m := range f.members {
		if !m.value.absent() {
			v.members = append(v.members, m)
		}
	}
	return v
}
