package repair

import (
	"slices"
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// links makes one address of several where one is expected. The others become links.
func (f *fixer) links(section string, e entry) {
	s := specs()[section]
	if _, ok := s.index["links"]; !ok {
		return
	}
	for i := range e.Members {
		m := &e.Members[i]
		t, known := s.index[fold(m.Name)]
		if !known || s.members[t.member].name != "url" || m.Value.Kind != tree.List && m.Value.Kind != tree.Object && !severalAddresses(m.Value.Text) {
			continue
		}
		list := addressesIn("", m.Value)
		if len(list) == 0 || !isAddress(list[0].Text) && len(list) == 1 {
			continue
		}
		first := slices.IndexFunc(list, func(v *tree.Value) bool { return isAddress(v.Text) })
		f.repaired(e.at(m.Name), "several addresses: the first is that of the entry, the others are links", "write one address, and others in links")
		if first < 0 {
			m.Value = tree.NewText("")
		} else {
			m.Value = list[first]
			list = slices.Delete(list, first, first+1)
		}
		if len(list) > 0 {
			addLinks(e, list)
			return // e.Members may have moved
		}
	}
}

// addLinks adds links to those of an entry.
func addLinks(e entry, list []*tree.Value) {
	if have := e.member("links"); have != nil {
		join(loose, have, tree.NewList(list...))
		return
	}
	e.Set("links", tree.NewList(list...))
}

// Addresses returns the addresses in a value, and texts beside them: a link in Markdown for
// each that has a label.
func Addresses(v *tree.Value) []string {
	var out []string
	for _, each := range addressesIn("", v) {
		out = append(out, each.Text)
	}
	return out
}

// addressesIn returns the addresses in a value with their labels, as texts.
func addressesIn(label string, v *tree.Value) []*tree.Value {
	var out []*tree.Value
	switch v.Kind {
	case tree.Text:
		if !severalAddresses(v.Text) {
			return []*tree.Value{tree.NewText(labelledAddress(label, v.Text))}
		}
		for each := range strings.FieldsFuncSeq(v.Text, isBetweenAddresses) {
			out = append(out, tree.NewText(each))
		}
	case tree.Number, tree.Bool:
		out = append(out, tree.NewText(labelledAddress(label, v.Text)))
	case tree.List:
		for _, item := range v.Items {
			out = append(out, addressesIn(label, item)...)
		}
	case tree.Object:
		if text, ok := linkOf(v); ok {
			return []*tree.Value{tree.NewText(text)}
		}
		for _, m := range v.Members {
			name := readable(m.Name)
			if isNumber(m.Name) {
				name = label
			}
			if !m.Value.Absent() {
				out = append(out, addressesIn(name, m.Value)...)
			}
		}
	}
	return out
}

// linkOf returns an object with an address and perhaps words for it as one text.
func linkOf(v *tree.Value) (string, bool) {
	var address string
	var rest []string
	for _, m := range v.Members {
		switch name := fold(m.Name); {
		case m.Value.Absent():
		case m.Value.Kind != tree.Text:
			return "", false
		case address == "" && isAddress(m.Value.Text) && (name == "url" || name == "href" || name == "link" || name == "uri" || name == "address" || name == "src"):
			address = m.Value.Text
		case name == "label" || name == "name" || name == "title" || name == "text" || name == "type" || name == "description":
			rest = append(rest, m.Value.Text)
		default:
			return "", false
		}
	}
	return labelledAddress(strings.Join(rest, ", "), address), address != ""
}

// labelledAddress returns a link in Markdown, or the address alone if there is no label.
func labelledAddress(label, address string) string {
	address = strings.TrimSpace(address)
	switch {
	case label == "" || strings.EqualFold(label, address):
		return address
	case !isAddress(address) || strings.ContainsAny(label, "[]\n") || strings.ContainsAny(address, "() "):
		return label + ": " + address
	}
	return "[" + label + "](" + address + ")"
}

func isAddress(text string) bool {
	text = strings.TrimSpace(text)
	if strings.ContainsAny(text, " \t\n,;") {
		return false
	}
	lower := strings.ToLower(text)
	return strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://") || strings.HasPrefix(lower, "www.") ||
		strings.Contains(text, "/") && strings.Contains(text, ".") && !strings.HasPrefix(text, "/") || strings.Count(text, ".") > 0 && !strings.HasSuffix(text, ".") && len(text) > 4
}

// severalAddresses reports whether a text is nothing but two addresses or more.
func severalAddresses(text string) bool {
	if !strings.Contains(text, "://") && !strings.Contains(text, "www.") {
		return false
	}
	n := 0
	for each := range strings.FieldsFuncSeq(text, isBetweenAddresses) {
		lower := strings.ToLower(each)
		if !strings.HasPrefix(lower, "http://") && !strings.HasPrefix(lower, "https://") && !strings.HasPrefix(lower, "www.") {
			return false
		}
		n++
	}
	return n > 1
}

func isBetweenAddresses(r rune) bool { return strings.ContainsRune(" \t\n,;|", r) }

// hoist takes the name out of an object where a text is expected, such as "company": {"name":
// …, "url": …}. The other members of the object become members of the entry.
func (f *fixer) hoist(section string, e entry) {
	s := specs()[section]
	for i := 0; i < len(e.Members); i++ {
		m := &e.Members[i]
		t, ok := s.index[fold(m.Name)]
		if !ok || m.Value.Kind != tree.Object {
			continue
		}
		if form := s.members[t.member].form; form != line && form != several {
			continue
		}
		inner := newEntry(e.at(m.Name), m.Value)
		for _, name := range []string{"name", "title", "text", "label", "value"} {
			v := inner.member(name)
			if v == nil || v.Kind != tree.Text {
				continue
			}
			if len(inner.Members) > 1 {
				f.wrongType(inner.path, m.Value, "a text", "its name was used, and its other members as those of the entry")
			}
			rest := inner.Members
			m.Value = v
			for _, other := range rest {
				if other.Value == v || other.Value.Absent() {
					continue
				}
				name := other.Name
				if isAddress(other.Value.Text) && other.Value.Kind == tree.Text && e.member("url") != nil {
					addLinks(e, []*tree.Value{other.Value})
					continue
				}
				if to, known := s.index[fold(name)]; known && s.members[to.member].name == "url" && section != "work" && section != "volunteer" && section != "education" {
					addLinks(e, []*tree.Value{other.Value})
					continue
				}
				e.keep(name, other.Value)
			}
			break
		}
	}
}
