package resume

import (
	"slices"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// fields reads the members of one JSON object. Each member is taken once, by a method
// that checks its type. The members left at the end go into Details.
type fields struct {
	path     string
	members  []tree.Member
	kept     Details
	problems *problems
}

// objectFields returns the fields of the object v at path. A value of another type is
// reported as a problem, and read as an empty object.
func objectFields(v *tree.Value, path string, ps *problems) *fields {
	f := &fields{path: path, problems: ps}
	if v == nil || v.Kind == tree.Null {
		return f
	}
	if v.Kind != tree.Object {
		ps.addf(path, "%s where an object is expected", v.Kind)
		return f
	}
	f.members = slices.Clone(v.Members)
	return f
}

// at returns the path of the member name.
func (f *fields) at(name string) string { return tree.MemberPath(f.path, name) }

// peek returns the member name without taking it, or nil if it is absent or empty. The
// type of an empty member is not checked, because PHP, for example, writes {} as [].
func (f *fields) peek(name string) *tree.Value {
	for _, m := range f.members {
		if m.Name == name && !m.Value.Absent() {
			return m.Value
		}
	}
	return nil
}

// take returns the member name as peek does, and removes it.
func (f *fields) take(name string) *tree.Value {
	v := f.peek(name)
	f.members = slices.DeleteFunc(f.members, func(m tree.Member) bool { return m.Name == name })
	return v
}

// rename renames a text member to its name in JSON Resume 1.0.0. If there is a member of
// the new name, the old one is kept as an unknown member.
func (f *fields) rename(old, name string) {
	if v := f.peek(old); v == nil || v.Kind != tree.Text || f.peek(name) != nil {
		return
	}
	f.take(name)
	for i := range f.members {
		if f.members[i].Name == old {
			f.members[i].Name = name
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
func (f *fields) isText(v *tree.Value, path string) bool {
	if v == nil {
		return false
	}
	if v.Kind != tree.Text {
		f.problems.addf(path, "%s where a text is expected", v.Kind)
		return false
	}
	return true
}

// text takes a text, or returns "" if it is absent.
func (f *fields) text(name string) string {
	if v := f.take(name); f.isText(v, f.at(name)) {
		return v.Text
	}
	return ""
}

// extensionText takes a text that is not in the JSON Resume schema. A member of another
// type is kept as an unknown member.
func (f *fields) extensionText(name string) string {
	if v := f.peek(name); v != nil && v.Kind == tree.Text {
		return f.take(name).Text
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
	value *tree.Value
}

// listEntries returns the entries of a list, as list does.
func listEntries(v *tree.Value, path string, ps *problems) []entry {
	if v.Absent() {
		return nil
	}
	if v.Kind != tree.List {
		ps.addf(path, "%s where a list is expected", v.Kind)
		return nil
	}
	var entries []entry
	for i, item := range v.Items {
		if item.Kind != tree.Null {
			entries = append(entries, entry{tree.ItemPath(path, i), item})
		}
	}
	return entries
}

// texts takes a list of texts, without its nulls.
func (f *fields) texts(name string) []string {
	var texts []string
	for _, e := range f.list(name) {
		if f.isText(e.value, e.path) {
			texts = append(texts, e.value.Text)
		}
	}
	return texts
}

// extensionTexts takes a list of texts that is not in the JSON Resume schema. A member of
// another type is kept as an unknown member.
func (f *fields) extensionTexts(name string) []string {
	v := f.peek(name)
	if v == nil || v.Kind != tree.List {
		return nil
	}
	for _, item := range v.Items {
		if item.Kind != tree.Text {
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
		v.Items = slices.DeleteFunc(v.Items, func(item *tree.Value) bool { return item.Kind == tree.Null })
	}
}

// date returns the date in the member name without taking it.
func (f *fields) date(name, hint string) Date {
	v := f.peek(name)
	if !f.isText(v, f.at(name)) {
		return Date{}
	}
	d, err := parseDate(v.Text)
	if err != nil {
		f.problems.addf(f.at(name), "%s %v%s", tree.Quoted(v.Text), err, hint)
		return Date{}
	}
	return d
}

// dates returns startDate and endDate without taking them.
func (f *fields) dates() (start, end Date) {
	start = f.date("startDate", "")
	end = f.date("endDate", "; leave it out for a current position")
	if end.before(start) {
		f.problems.addf(f.at("endDate"), "%q is before the startDate %q", f.peek("endDate").Text, f.peek("startDate").Text)
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
func (f *fields) keep(name string, v *tree.Value) {
	if f.kept == nil {
		f.kept = Details{}
	}
	f.kept[name] = v.Sorted().Append(nil)
}

// rest returns the members that were not taken and are not empty, or nil.
func (f *fields) rest() Details {
	for _, m := range f.members {
		if !m.Value.Absent() {
			f.keep(m.Name, m.Value)
		}
	}
	return f.kept
}

// remaining returns the members that were not taken and are not empty as an object.
func (f *fields) remaining() *tree.Value {
	v := &tree.Value{Kind: tree.Object}
	for _, m := range f.members {
		if !m.Value.Absent() {
			v.Members = append(v.Members, m)
		}
	}
	return v
}
