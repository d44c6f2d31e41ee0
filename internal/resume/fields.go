package resume

import "slices"

// fields reads the members of one JSON object. Each member is taken once, by a method
// that checks its type. The members left at the end go into Details.
type fields struct {
	path     string
	members  []member
	kept     Details
	problems *problems
}

// objectFields returns the fields of the object v at path. A value of another type is
// reported as a problem, and read as an empty object.
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

// at returns the path of the member name.
func (f *fields) at(name string) string { return memberPath(f.path, name) }

// peek returns the member name without taking it, or nil if it is absent or empty. The
// type of an empty member is not checked, because PHP, for example, writes {} as [].
func (f *fields) peek(name string) *value {
	for _, m := range f.members {
		if m.name == name && !m.value.absent() {
			return m.value
		}
	}
	return nil
}

// take returns the member name as peek does, and removes it.
func (f *fields) take(name string) *value {
	v := f.peek(name)
	f.members = slices.DeleteFunc(f.members, func(m member) bool { return m.name == name })
	return v
}

// rename renames a text member to its name in JSON Resume 1.0.0. If there is a member of
// the new name, the old one is kept as an unknown member.
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

// checkText reports each named member that is not a text. It takes none.
func (f *fields) checkText(names ...string) {
	for _, name := range names {
		f.isText(f.peek(name), f.at(name))
	}
}

// isText reports whether v is a text. A value of another type is reported as a problem.
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

// text takes a text, or returns "" if it is absent.
func (f *fields) text(name string) string {
	if v := f.take(name); f.isText(v, f.at(name)) {
		return v.text
	}
	return ""
}

// extensionText takes a text that is not in the JSON Resume schema. A member of another
// type is kept as an unknown member.
func (f *fields) extensionText(name string) string {
	if v := f.peek(name); v != nil && v.kind == kindText {
		return f.take(name).text
	}
	return ""
}

// list takes a list without its nulls. Indices in the paths of the entries include them.
func (f *fields) list(name string) []entry {
	return listEntries(f.take(name), f.at(name), f.problems)
}

// entry is a value in a list and its path.
type entry struct {
	path  string
	value *value
}

// listEntries returns the entries of a list, as list does.
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

// extensionTexts takes a list of texts that is not in the JSON Resume schema. A member of
// another type is kept as an unknown member.
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

// checkTexts reports the member name if it is not a list of texts, and removes nulls
// from it. It does not take it.
func (f *fields) checkTexts(name string) {
	v := f.peek(name)
	for _, e := range listEntries(v, f.at(name), f.problems) {
		f.isText(e.value, e.path)
	}
	if v != nil {
		v.items = slices.DeleteFunc(v.items, func(item *value) bool { return item.kind == kindNull })
	}
}

// date returns the date in the member name without taking it.
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

// dates returns startDate and endDate without taking them.
func (f *fields) dates() (start, end Date) {
	start = f.date("startDate", "")
	end = f.date("endDate", "; leave it out for a current position")
	if end.before(start) {
		f.problems.addf(f.at("endDate"), "%q is before the startDate %q", f.peek("endDate").text, f.peek("startDate").text)
	}
	return start, end
}

// duration takes startDate and endDate as year and month. A date with a day is also kept
// in Details.
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

// keep adds a member that was taken to Details.
func (f *fields) keep(name string, v *value) {
	if f.kept == nil {
		f.kept = Details{}
	}
	f.kept[name] = v.sorted().append(nil)
}

// rest returns the members that were not taken and are not empty, or nil.
func (f *fields) rest() Details {
	for _, m := range f.members {
		if !m.value.absent() {
			f.keep(m.name, m.value)
		}
	}
	return f.kept
}

// remaining returns the members that were not taken and are not empty as an object.
func (f *fields) remaining() *value {
	v := &value{kind: kindObject}
	for _, m := range f.members {
		if !m.value.absent() {
			v.members = append(v.members, m)
		}
	}
	return v
}
