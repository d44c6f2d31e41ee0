package resume

import (
	"fmt"
	"maps"
	"slices"
)

// object builds a JSON object from the columns of a row and its Details. A
// member is set once: a column that says something wins over Details, and what
// is absent is left out.
type object struct {
	what    string // for the error
	value   *value
	details Details // not yet written
	err     error
}

func newObject(what string, details Details) *object {
	return &object{what: what, value: &value{kind: kindObject}, details: maps.Clone(details)}
}

// put writes a member, unless it is absent, and drops the detail of its name.
func (o *object) put(name string, v *value) {
	delete(o.details, name)
	if !v.absent() {
		o.value.members = append(o.value.members, member{name, v})
	}
}

func (o *object) text(name, s string) { o.put(name, textValue(s)) }

func (o *object) texts(name string, texts []string) { o.put(name, textsValue(texts)) }

// detail writes the details of these names, where there are any.
func (o *object) detail(names ...string) {
	for _, name := range names {
		if v := o.takeDetail(name); v != nil {
			o.put(name, v)
		}
	}
}

// textOrDetail writes a column; while that is empty, the detail of its name
// stands for it.
func (o *object) textOrDetail(name, s string) {
	if s == "" {
		o.detail(name)
		return
	}
	o.text(name, s)
}

// takeDetail removes a detail and returns it, or nil.
func (o *object) takeDetail(name string) *value {
	raw, ok := o.details[name]
	if !ok {
		return nil
	}
	delete(o.details, name)
	v, err := parseValue(raw, &problems{})
	if err != nil {
		if o.err == nil {
			o.err = fmt.Errorf("details of %s: member %q: %w", o.what, name, err)
		}
		return nil
	}
	return v
}

// dates writes the duration of a row.
func (o *object) dates(d Duration) {
	start, end := o.details.String("startDate"), o.details.String("endDate")
	o.text("startDate", d.Start.spell(start))
	if d.Current {
		d.End = Date{}
	}
	o.text("endDate", d.End.spell(end))
}

// description writes rich text as a plain text and a list.
func (o *object) description(t RichText, summary, highlights string) {
	text, list := t.Split()
	o.text(summary, text)
	o.texts(highlights, list)
}

// extensionDescription is description for members that the JSON Resume schema
// does not know, so that a detail may have taken the name.
func (o *object) extensionDescription(t RichText, summary, highlights string) {
	text, list := t.Split()
	o.textOrDetail(summary, text)
	if len(list) == 0 {
		o.detail(highlights)
		return
	}
	o.texts(highlights, list)
}

// finish writes the remaining details in the order of their names.
func (o *object) finish() (*value, error) {
	o.detail(slices.Sorted(maps.Keys(o.details))...)
	return o.value, o.err
}

// detailsOf returns the members of an object as Details, or nil.
func detailsOf(v *value) Details {
	if v == nil || v.kind != kindObject {
		return nil
	}
	d := Details{}
	for _, m := range v.members {
		d[m.name] = m.value.append(nil)
	}
	return d
}
