package resume

import (
	"fmt"
	"maps"
	"slices"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// object builds a JSON object from the fields of a value and its Details. Each member is
// set once. A field that is not empty takes precedence over Details; absent members are
// left out.
type object struct {
	what    string // named in errors
	value   *tree.Value
	details Details // not yet written
	err     error
}

func newObject(what string, details Details) *object {
	return &object{what: what, value: &tree.Value{Kind: tree.Object}, details: maps.Clone(details)}
}

// put writes a member, unless it is absent, and drops the detail of the same name.
func (o *object) put(name string, v *tree.Value) {
	delete(o.details, name)
	if !v.Absent() {
		o.value.Members = append(o.value.Members, tree.Member{Name: name, Value: v})
	}
}

func (o *object) text(name, s string) { o.put(name, tree.NewText(s)) }

func (o *object) texts(name string, texts []string) { o.put(name, tree.NewTexts(texts)) }

// detail writes the details of these names, if present.
func (o *object) detail(names ...string) {
	for _, name := range names {
		if v := o.takeDetail(name); v != nil {
			o.put(name, v)
		}
	}
}

// textOrDetail writes a field, or the detail of the same name if the field is empty.
func (o *object) textOrDetail(name, s string) {
	if s == "" {
		o.detail(name)
		return
	}
	o.text(name, s)
}

// takeDetail removes a detail and returns it, or nil.
func (o *object) takeDetail(name string) *tree.Value {
	raw, ok := o.details[name]
	if !ok {
		return nil
	}
	delete(o.details, name)
	v, err := tree.Parse(raw, &note.List{})
	if err != nil {
		if o.err == nil {
			o.err = fmt.Errorf("details of %s: member %q: %w", o.what, name, err)
		}
		return nil
	}
	return v
}

// dates writes startDate and endDate.
func (o *object) dates(d Duration) {
	start, end := o.details.String("startDate"), o.details.String("endDate")
	o.text("startDate", d.Start.spell(start))
	if d.Current {
		d.End = Date{}
	}
	o.text("endDate", d.End.spell(end))
}

// description writes rich text as a plain text and a list of highlights.
func (o *object) description(t RichText, summary, highlights string) {
	text, list := t.Split()
	o.text(summary, text)
	o.texts(highlights, list)
}

// extensionDescription is description for members that are not in the JSON Resume
// schema, for which there may be details of the same names.
func (o *object) extensionDescription(t RichText, summary, highlights string) {
	text, list := t.Split()
	o.textOrDetail(summary, text)
	if len(list) == 0 {
		o.detail(highlights)
		return
	}
	o.texts(highlights, list)
}

// finish writes the remaining details in the order of their names and returns the
// object.
func (o *object) finish() (*tree.Value, error) {
	o.detail(slices.Sorted(maps.Keys(o.details))...)
	return o.value, o.err
}

// detailsOf returns the members of an object as Details, or nil.
func detailsOf(v *tree.Value) Details {
	if v == nil || v.Kind != tree.Object {
		return nil
	}
	d := Details{}
	for _, m := range v.Members {
		d[m.Name] = m.Value.Append(nil)
	}
	return d
}
