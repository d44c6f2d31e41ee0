package resume

import (
	"fmt"
	"slices"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// fields reads the members of one JSON object. Each member is taken once, by a method
// that checks its type. The members left at the end go into Details.
type fields struct {
	path    string
	members []tree.Member
	kept    Details
	reading *reading
}

// reading is what all fields of a document share.
type reading struct {
	notes note.List
	err   error // a limit that is exceeded
}

// wrongType notes a member of another type than the one that is read. It is kept as an
// unknown member.
func (r *reading) wrongType(path string, v *tree.Value, expected string) {
	r.notes.Add(path, note.NotShown, v.Kind.String()+" where "+expected+" is expected: kept, but not read", "write "+expected)
}

// exceeded records that a limit is exceeded.
func (r *reading) exceeded(path string, limit int, what string) {
	if r.err == nil {
		r.err = inputError(path, fmt.Sprintf("more than %d %s", limit, what))
	}
}

// objectFields returns the fields of v at path, which are none if v is not an object.
func objectFields(v *tree.Value, path string, r *reading) *fields {
	f := &fields{path: path, reading: r}
	if v != nil && v.Kind == tree.Object {
		f.members = slices.Clone(v.Members)
	}
	return f
}

// typed returns the member name if it has this kind, and removes it. Otherwise it stays.
func (f *fields) typed(name string, kind tree.Kind, expected string) *tree.Value {
	v := f.peek(name)
	if v == nil {
		return nil
	}
	if v.Kind != kind {
		f.reading.wrongType(f.at(name), v, expected)
		return nil
	}
	return f.take(name)
}

// object takes an object, whose fields are none if it is absent.
func (f *fields) object(name string) *fields {
	return objectFields(f.typed(name, tree.Object, "an object"), f.at(name), f.reading)
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

// text takes a text, or returns "" if it is absent.
func (f *fields) text(name string) string {
	if v := f.typed(name, tree.Text, "a text"); v != nil {
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

// entry is a value in a list and its path.
type entry struct {
	path  string
	value *tree.Value
}

// list takes a list without its nulls. Indices in the paths of the entries include them.
func (f *fields) list(name string) []entry {
	v := f.typed(name, tree.List, "a list")
	if v == nil {
		return nil
	}
	var entries []entry
	for i, item := range v.Items {
		if item.Kind != tree.Null {
			entries = append(entries, entry{tree.ItemPath(f.at(name), i), item})
		}
	}
	return entries
}

// objects takes a list of objects as list does. A list with anything else stays.
func (f *fields) objects(name string) []entry {
	if v := f.peek(name); v != nil && v.Kind == tree.List {
		for i, item := range v.Items {
			if item.Kind != tree.Object && item.Kind != tree.Null {
				f.reading.wrongType(tree.ItemPath(f.at(name), i), item, "an object")
				return nil
			}
		}
	}
	return f.list(name)
}

// texts takes a list of texts, without its nulls. A list with anything else stays.
func (f *fields) texts(name string) []string {
	if v := f.peek(name); v != nil && v.Kind == tree.List {
		for i, item := range v.Items {
			if item.Kind != tree.Text && item.Kind != tree.Null {
				f.reading.wrongType(tree.ItemPath(f.at(name), i), item, "a text")
				return nil
			}
		}
	}
	var texts []string
	for _, e := range f.list(name) {
		texts = append(texts, e.value.Text)
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
		if item.Kind != tree.Text && item.Kind != tree.Null {
			return nil
		}
	}
	return f.texts(name)
}

// withoutNulls removes nulls from the lists of these members.
func (f *fields) withoutNulls(names ...string) {
	for _, name := range names {
		if v := f.peek(name); v != nil && v.Kind == tree.List {
			v.Items = slices.DeleteFunc(v.Items, func(item *tree.Value) bool { return item.Kind == tree.Null })
		}
	}
}

// duration takes startDate and endDate as year and month. A text that says anything else
// is also kept in Details.
func (f *fields) duration() Duration {
	start, end := f.text("startDate"), f.text("endDate")
	current := ""
	if v := f.peek("current"); v != nil && v.Kind == tree.Bool {
		current = v.Text
	}
	d := durationOf(start, end, current)
	d.Start.Day, d.End.Day = 0, 0
	if start != d.Start.format() {
		f.keep("startDate", tree.NewText(start))
	}
	if end != d.End.format() {
		f.keep("endDate", tree.NewText(end))
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
