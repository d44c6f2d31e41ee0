package builders

import (
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// FRESH (https://github.com/fresh-standard) is the format of HackMyResume: the name at the
// root, and sections that are lists or objects with a summary and a history.

func recognizeFRESH(root *tree.Value) string {
	meta := root.Get("meta")
	if format := meta.Get("format"); format != nil && format.Kind == tree.Text && strings.HasPrefix(format.Text, "FRESH") {
		return "FRESH"
	}
	if root.Get("basics") != nil || !isScalar(root.Get("name")) {
		return ""
	}
	for _, name := range []string{"employment", "info", "disposition", "recognition", "speaking"} {
		if v := root.Get(name); v != nil && (v.Kind == tree.Object || v.Kind == tree.List) {
			return "FRESH"
		}
	}
	return ""
}

func convertFRESH(c *conversion, root *source) {
	freshPerson(c, root)
	for _, m := range root.left() {
		convertFreshSection(c, root, m.Name)
	}
	freshDisposition(c, root)
	if meta := root.sub("meta"); meta.value != nil {
		c.language = meta.text("language")
		meta.settings("format", "version", "created", "modified")
		if len(meta.left()) > 0 {
			rest := tree.NewObject()
			meta.rest(rest)
			c.extra.Set("x-meta", rest)
		}
	}
	root.rest(c.extra)
}

func freshPerson(c *conversion, root *source) {
	put(c.basics, "name", root.text("name"))
	info := root.sub("info")
	put(c.basics, "label", info.text("label"))
	put(c.basics, "image", info.text("image"))
	addText(c.basics, "summary", info.text("brief"))
	addText(c.basics, "summary", info.text("quote"))
	contact := root.sub("contact")
	put(c.basics, "email", contact.text("email"))
	put(c.basics, "phone", contact.text("phone"))
	put(c.basics, "url", contact.text("website"))
	if l := root.sub("location"); l.value != nil {
		location := tree.NewObject()
		l.move(location, "address", "address")
		l.move(location, "postalCode", "code")
		l.move(location, "city", "city")
		l.move(location, "region", "region")
		l.move(location, "countryCode", "country")
		l.rest(location)
		c.basics.Set("location", location)
	}
	for _, e := range contact.list("other") {
		o := c.entry(e, "value")
		label, category, value := o.text("label"), o.text("category"), o.text("value")
		if label == "" {
			label, category = category, ""
		}
		out := tree.NewObject()
		put(out, "network", label)
		if strings.Contains(value, "://") {
			put(out, "url", value)
		} else {
			put(out, "username", value)
		}
		if category != "" {
			o.drop("category")
		}
		o.rest(out)
		addTo(c.basics, "profiles", out)
	}
	for _, e := range root.list("social") {
		s := c.entry(e, "network")
		out := tree.NewObject()
		s.move(out, "network", "network", "label")
		s.move(out, "username", "user")
		s.move(out, "url", "url")
		s.rest(out)
		addTo(c.basics, "profiles", out)
	}
	info.rest(c.basics)
	contact.rest(c.basics)
}
