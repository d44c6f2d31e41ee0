package builders

import (
	"strings"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// reactiveBasics reads the person.
func reactiveBasics(c *conversion, root *source) {
	b := root.sub("basics")
	put(c.basics, "name", b.text("name"))
	put(c.basics, "label", b.text("headline"))
	reactivePicture(c, b.sub("picture"))
	reactivePicture(c, b.sub("photo"))
	reactivePicture(c, root.sub("picture"))
	put(c.basics, "email", b.text("email"))
	put(c.basics, "phone", b.text("phone"))
	reactiveLink(b, c.basics, "url", "website")
	put(c.basics, "birthDate", b.text("birthdate"))
	b.dropEmpty("summary")
	addText(c.basics, "summary", b.text("summary"))
	if place := b.text("location"); place != "" {
		c.basics.Set("location", tree.NewObject(tree.Member{Name: "city", Value: tree.NewText(place)}))
	} else if l := b.sub("location"); l.value != nil {
		location := tree.NewObject()
		l.move(location, "address", "address")
		l.move(location, "postalCode", "postalCode")
		l.move(location, "city", "city")
		l.move(location, "region", "region")
		l.move(location, "countryCode", "country")
		l.rest(location)
		c.basics.Set("location", location)
	}
	for _, e := range b.list("profiles") {
		if p := c.entry(e, "username"); !p.hidden("profile") {
			addTo(c.basics, "profiles", reactiveProfile(p))
		}
	}
	for _, e := range b.list("customFields") {
		reactiveField(c, c.entry(e, "value"))
	}
	b.rest(c.basics)
}

// reactivePicture reads the portrait, unless it is hidden.
func reactivePicture(c *conversion, p *source) {
	if p.value == nil {
		return
	}
	effects := p.sub("effects")
	invisible := effects.flag("hidden", true)
	if p.flag("visible", false) || p.flag("hidden", true) || invisible {
		if link := p.text("url"); link != "" {
			c.note(p.at("url"), note.Dropped, "the picture is hidden in "+c.format+" and was left out", "make it visible there to have it in the document")
		}
	}
	p.value.Take("hidden")
	p.value.Take("visible")
	put(c.basics, "image", p.text("url"))
	for _, m := range p.left() {
		p.settings(m.Name)
	}
	if effects.value != nil {
		p.drop("effects")
	}
}

// reactiveProfile reads an account on a network.
func reactiveProfile(p *source) *tree.Value {
	out := tree.NewObject()
	p.settings("id", "icon", "iconColor", "visible", "hidden")
	p.move(out, "network", "network")
	p.move(out, "username", "username")
	reactiveLink(p, out, "url", "website")
	p.rest(out)
	return out
}

// reactiveField reads a field that the person added to the contact data: {name, value}
// in version 4, {text, link} in version 5. It becomes a profile, which is a name with a
// text or link.
func reactiveField(c *conversion, f *source) {
	f.settings("id", "icon", "iconColor")
	name, value, link := f.text("name"), f.text("value", "text"), f.text("link", "url", "href")
	if link == "" && strings.Contains(value, "://") {
		value, link = "", value
	}
	out := tree.NewObject()
	switch lower := strings.ToLower(name); {
	case value != "" && link == "" && strings.Contains(lower, "pronoun") && c.basics.Get("pronouns") == nil:
		f.drop("name")
		put(c.basics, "pronouns", value)
	case value != "" && link == "" && strings.Contains(lower, "birth") && c.basics.Get("birthDate") == nil:
		f.drop("name")
		put(c.basics, "birthDate", value)
	case name == "" && !sameLink(value, link):
		put(out, "network", value)
		put(out, "url", link)
	default:
		put(out, "network", name)
		put(out, "username", value)
		put(out, "url", link)
	}
	f.rest(out)
	addTo(c.basics, "profiles", out)
}

// reactiveLink takes the first of the members that is a link and puts its address into
// out as url. A link is a text or {label, href} or {label, url}. One with words of its own becomes
// one of the links of the entry, or a profile of the person.
func reactiveLink(s *source, out *tree.Value, names ...string) {
	profile := !out.Get("network").Absent() || !out.Get("username").Absent()
	for _, name := range names {
		if isScalar(s.peek(name)) {
			if out.Get("url").Absent() {
				put(out, "url", s.text(name))
			}
			continue
		}
		link := s.sub(name)
		if link.value == nil {
			continue
		}
		link.settings("inlineLink")
		label, address := link.text("label"), link.text("href", "url")
		if address == "" {
			label, address = "", label
		}
		switch named := label != "" && (!sameLink(label, address) || !strings.ContainsAny(label, "./@")); {
		case address == "":
		case named && out == s.c.basics:
			put(out, "url", address)
			addTo(out, "profiles", tree.NewObject(tree.Member{Name: "network", Value: tree.NewText(label)}, tree.Member{Name: "url", Value: tree.NewText(address)}))
		case named && !profile:
			addTo(out, "links", tree.NewObject(tree.Member{Name: "label", Value: tree.NewText(label)}, tree.Member{Name: "url", Value: tree.NewText(address)}))
		case out.Get("url").Absent():
			put(out, "url", address)
		}
		if label != "" && profile && !sameLink(label, address) {
			s.c.note(link.at("label"), note.NotShown, "the link is shown by its address, not by the words "+tree.Quoted(label), "")
		}
		link.rest(out)
	}
}

// sameLink reports whether a label only repeats an address, or a part of it.
func sameLink(label, address string) bool {
	return label != "" && strings.Contains(bareLink(address), bareLink(label))
}

// bareLink returns an address without scheme, "www." and closing slash, in lower case.
func bareLink(address string) string {
	address = strings.ToLower(strings.TrimSpace(address))
	for _, prefix := range []string{"https://", "http://", "mailto:", "tel:", "www."} {
		address = strings.TrimPrefix(address, prefix)
	}
	return strings.TrimSuffix(address, "/")
}

// visibleHTML reports whether a text of an editor holds more than the empty elements that
// an editor leaves behind.
func visibleHTML(s string) bool {
	inTag := false
	rest := strings.ReplaceAll(s, "&nbsp;", " ")
	for i := range len(rest) {
		switch ch := rest[i]; {
		case ch == '<':
			inTag = true
		case ch == '>' && inTag:
			inTag = false
		case !inTag && ch != ' ' && ch != '\n' && ch != '\t' && ch != '\r':
			return true
		}
	}
	return inTag
}
