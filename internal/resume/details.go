package resume

import (
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/repair"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// Texts returns the texts and numbers of the member name, which may be of any type: one, or
// one for each item of a list. The texts of an object are one, the name in it first.
func (d Details) Texts(name string) []string {
	return d.textsOf(name, func(v *tree.Value) []string {
		if v.Kind == tree.Object {
			return []string{repair.Sentence(v)}
		}
		return []string{v.Text}
	})
}

// Addresses returns the addresses in the member name, which may be of any type, and texts
// beside them. One with a label is a link in Markdown.
func (d Details) Addresses(name string) []string { return d.textsOf(name, repair.Addresses) }

// textsOf returns the texts of each item of the member name, or of the member if it is not
// a list.
func (d Details) textsOf(name string, read func(*tree.Value) []string) []string {
	raw, ok := d[name]
	if !ok {
		return nil
	}
	v, err := tree.Parse(raw, &note.List{})
	if err != nil {
		return nil // not written by this program
	}
	var out []string
	var add func(v *tree.Value)
	add = func(v *tree.Value) {
		switch v.Kind {
		case tree.List:
			for _, item := range v.Items {
				add(item)
			}
		case tree.Text, tree.Number, tree.Object:
			for _, text := range read(v) {
				if text != "" {
					out = append(out, text)
				}
			}
		}
	}
	add(v)
	return out
}
