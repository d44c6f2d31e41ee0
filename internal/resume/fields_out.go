package resume

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/dates"
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

// put writes a member instead of the detail of the same name. If it is absent that detail
// is written later, as it had another type than the field.
func (o *object) put(name string, v *tree.Value) {
	if v.Absent() {
		return
	}
	delete(o.details, name)
	o.value.Members = append(o.value.Members, tree.Member{Name: name, Value: v})
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

// takeObject removes a detail that is an object and returns its members, or nil. A detail of
// another type stays.
func (o *object) takeObject(name string) Details {
	if raw, ok := o.details[name]; !ok || !bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) {
		return nil
	}
	return detailsOf(o.takeDetail(name))
}

// takeObjects removes a detail that is a list of objects and returns it, or nil. A detail
// of another type stays.
func (o *object) takeObjects(name string) *tree.Value {
	raw, ok := o.details[name]
	v := o.takeDetail(name)
	if v == nil {
		return nil
	}
	if v.Kind != tree.List || slices.ContainsFunc(v.Items, func(item *tree.Value) bool { return item.Kind != tree.Object && item.Kind != tree.Null }) {
		if ok {
			o.details[name] = raw
		}
		return nil
	}
	return v
}

// dates writes startDate, endDate, and whether the period has not ended if that does not
// follow from them.
func (o *object) dates(d Duration) {
	start, end, current := o.details.String("startDate"), o.details.String("endDate"), string(o.details["current"])
	for _, name := range []string{"startDate", "endDate"} {
		if start != "" && name == "startDate" || end != "" && name == "endDate" {
			delete(o.details, name)
		}
	}
	start = d.Start.spell(start)
	switch present := dates.Read(end).Kind == dates.Present; {
	case d.Current && !present:
		end = ""
	case !d.Current:
		if present {
			end = ""
		}
		end = d.End.spell(end)
	}
	o.text("startDate", start)
	o.text("endDate", end)
	if (current == "true" || current == "false") && durationOf(start, end, current).Current != d.Current {
		delete(o.details, "current")
		current = ""
	}
	if current == "" && durationOf(start, end, "").Current != d.Current {
		o.put("current", &tree.Value{Kind: tree.Bool, Text: strconv.FormatBool(d.Current)})
	}
}

// description writes rich text as a text and a list of highlights.
func (o *object) description(t RichText, summary, highlights string) {
	text, list, ok := o.sourceOf(t, summary, highlights)
	if !ok {
		text, list = t.Split()
	}
	o.text(summary, text)
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
