package repair

import (
	"fmt"
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// form is what the value of a member should be.
type form int

const (
	anything   form = iota // left as it is
	line                   // a text
	several                // a text; several texts have commas between them
	loose                  // a member that JSON Resume does not know, of any type: the document reads it generously
	paragraphs             // a text of several paragraphs
	list                   // a list of sentences
	words                  // a list of names
	place                  // a location as a text
	date                   // a date
	endDate                // a date or a word for the present
)

// fits reports whether the value of a member of another name can be meant for a member of
// this form. It is stricter than what coerce accepts under the right name.
func (m form) fits(v *tree.Value) bool {
	scalar := v.Kind == tree.Text || v.Kind == tree.Number
	switch m {
	case list, words:
		return scalar || v.Kind == tree.List
	case paragraphs:
		return scalar || v.Kind == tree.List && onlyTexts(v)
	case loose:
		return v.Kind != tree.Bool
	case several:
		return scalar || v.Kind == tree.List && !hasObject(v)
	case place:
		return scalar || v.Kind == tree.Object || v.Kind == tree.List && onlyTexts(v)
	case date, endDate:
		return scalar || v.Kind == tree.Object
	case anything:
		return scalar || v.Kind == tree.Bool
	}
	return scalar
}

// onlyTexts reports whether all entries of a list are texts or null.
func onlyTexts(v *tree.Value) bool {
	for _, item := range v.Items {
		if item.Kind != tree.Text && item.Kind != tree.Null {
			return false
		}
	}
	return true
}

// coerce returns v in this form. A value that is not empty does not become empty.
func (f *fixer) coerce(m form, v *tree.Value, path string) *tree.Value {
	switch m {
	case line, several:
		return f.text(v, path, ", ")
	case paragraphs:
		return f.text(v, path, "\n\n")
	case list:
		return f.texts(v, path, lines)
	case words:
		return f.texts(v, path, names)
	case place:
		return f.place(v, path)
	case date, endDate:
		return f.date(v, path, m == endDate)
	}
	return v
}

// text returns v as a text. The texts of lists and objects are joined.
func (f *fixer) text(v *tree.Value, path, separator string) *tree.Value {
	switch v.Kind {
	case tree.Text:
		return v
	case tree.Number, tree.Bool:
		f.wrongType(path, v, "a text", "read as the text "+tree.Quoted(v.Text))
	default:
		f.wrongType(path, v, "a text", "its texts were joined")
	}
	return tree.NewText(strings.Join(leaves(nil, v), separator))
}

// leaves appends the texts, numbers and booleans of v to texts.
func leaves(texts []string, v *tree.Value) []string {
	switch v.Kind {
	case tree.Text, tree.Number, tree.Bool:
		if v.Text != "" {
			texts = append(texts, v.Text)
		}
	case tree.List:
		for _, item := range v.Items {
			texts = leaves(texts, item)
		}
	case tree.Object:
		for _, m := range v.Members {
			texts = leaves(texts, m.Value)
		}
	}
	return texts
}

// texts returns v as a list of texts. A single text is split.
func (f *fixer) texts(v *tree.Value, path string, split func(string) []string) *tree.Value {
	switch {
	case v.Kind == tree.List && onlyTexts(v):
		return v
	case v.Kind == tree.List:
		f.listOfTexts(v, path)
		return v
	case v.Kind == tree.Object:
		f.wrongType(path, v, "a list of texts", "read as a list of its members")
		return labelled(v)
	}
	parts := split(v.Text)
	f.wrongType(path, v, "a list of texts", listOf(len(parts)))
	return tree.NewTexts(parts)
}

// listOf says for a note that a text was read as a list.
func listOf(n int) string {
	if n == 1 {
		return "read as a list of one"
	}
	return fmt.Sprintf("read as a list of %d", n)
}

// listOfTexts makes texts of the entries of a list. Lists in it are opened.
func (f *fixer) listOfTexts(v *tree.Value, path string) {
	var items []*tree.Value
	noted := false
	for i, item := range v.Items {
		switch item.Kind {
		case tree.Null, tree.Text:
			items = append(items, item)
			continue
		case tree.List:
			items = append(items, tree.NewTexts(leaves(nil, item)).Items...)
		case tree.Object:
			items = append(items, pairOf(item).Items...)
		default:
			items = append(items, tree.NewText(item.Text))
		}
		if !noted && !item.Absent() {
			f.wrongType(tree.ItemPath(path, i), item, "a text", "read as text, as others in this list")
			noted = true
		}
	}
	v.Items = items
}

// pairOf returns an object as a text in a list. YAML reads "Speed: 20 %" as an object: a name
// that is not that of a text is a part of it.
func pairOf(v *tree.Value) *tree.Value {
	if len(v.Members) == 1 {
		switch fold(v.Members[0].Name) {
		case "text", "name", "value", "title", "description", "content", "item", "label", "summary", "bullet", "point", "highlight", "detail", "details",
			"skill", "keyword", "course", "achievement", "responsibility", "task", "sentence", "body", "html", "markdown":
		default:
			return labelled(v)
		}
	}
	if text := Sentence(v); text != "" {
		return tree.NewTexts([]string{text})
	}
	return tree.NewList()
}

// Sentence returns the texts of an object as one item of a list: its name first, which leads
// to its address, then what it was, and texts of lists as items below it.
func Sentence(v *tree.Value) string {
	var name, address string
	var remarks, texts, below []string
	for _, m := range v.Members {
		all := leaves(nil, m.Value)
		switch folded := fold(m.Name); {
		case len(all) == 0:
		case name == "" && m.Value.Kind == tree.Text && (folded == "name" || folded == "title" || folded == "project" || folded == "label" || folded == "heading"):
			name = all[0]
		case address == "" && m.Value.Kind == tree.Text && isAddress(all[0]) && (folded == "url" || folded == "link" || folded == "website" || folded == "href"):
			address = all[0]
		case m.Value.Kind == tree.List && onlyTexts(m.Value) && (folded == "highlights" || folded == "bullets" || folded == "responsibilities" || folded == "achievements"):
			below = append(below, all...)
		case folded == "description" || folded == "summary" || folded == "text" || folded == "details":
			texts = append(texts, all...)
		default:
			remarks = append(remarks, all...)
		}
	}
	if name == "" && address != "" {
		remarks = append(remarks, address)
	} else if address != "" {
		name = labelledAddress(name, address)
	}
	switch {
	case name == "":
		name = strings.Join(append(texts, remarks...), ", ")
		texts = nil
	case len(remarks) > 0:
		name += " (" + strings.Join(remarks, ", ") + ")"
	}
	if len(texts) > 0 {
		name += ": " + strings.Join(texts, " ")
	}
	for _, each := range below {
		name += "\n- " + each
	}
	return name
}

// labelled returns the members of an object as texts with their names, unless these are
// numbers.
func labelled(v *tree.Value) *tree.Value {
	out := &tree.Value{Kind: tree.List}
	for _, m := range v.Members {
		texts := strings.Join(leaves(nil, m.Value), ", ")
		switch {
		case texts == "":
		case isNumber(m.Name):
			out.Items = append(out.Items, tree.NewText(texts))
		default:
			out.Items = append(out.Items, tree.NewText(readable(m.Name)+": "+texts))
		}
	}
	return out
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// lines splits a text into lines, without the marks of a list.
func lines(text string) []string {
	var out []string
	for each := range strings.SplitSeq(text, "\n") {
		if each = strings.TrimSpace(each); each != "" {
			out = append(out, each)
		}
	}
	if len(out) < 2 {
		return []string{text}
	}
	for i, each := range out {
		for _, mark := range []string{"- ", "* ", "• ", "– "} {
			if rest, ok := strings.CutPrefix(each, mark); ok {
				out[i] = strings.TrimSpace(rest)
				break
			}
		}
	}
	return out
}

// names splits a text at commas and the like, but not inside brackets.
func names(text string) []string {
	var out []string
	depth, start := 0, 0
	add := func(part string) {
		part = strings.TrimSpace(part)
		if rest, ok := strings.CutPrefix(part, "- "); ok { // an item of a list
			part = strings.TrimSpace(rest)
		}
		if part != "" {
			out = append(out, part)
		}
	}
	for i, r := range text {
		switch r {
		case '(', '[':
			depth++
		case ')', ']':
			depth = max(depth-1, 0)
		case ',', ';', '|', '\n', '•', '、', '，', '；', '،':
			if depth == 0 || r == '\n' {
				add(text[start:i])
				start = i + len(string(r))
			}
		}
	}
	add(text[start:])
	if len(out) < 2 {
		return []string{text}
	}
	return out
}

// place returns a location as a text.
func (f *fixer) place(v *tree.Value, path string) *tree.Value {
	if v.Kind != tree.Object {
		return f.text(v, path, ", ")
	}
	e := newEntry(path, tree.NewObject(v.Members...))
	f.canonical(e, locationSpec())
	var parts []string
	for _, name := range []string{"address", "postalCode", "city", "region", "countryCode"} {
		if part := e.Take(name); part != nil {
			parts = leaves(parts, part)
		}
	}
	f.wrongType(path, v, "a text", "its texts were joined")
	return tree.NewText(strings.Join(leaves(parts, e.Value), ", "))
}
