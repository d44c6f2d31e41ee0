package builders

import (
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// The first drafts of JSON Resume (0.0.1 to 0.0.11) had bio in place of basics: first and
// last name apart, addresses by purpose, profiles as an object, and hobbies.

func recognizeBio(root *tree.Value) string {
	if bio := root.Get("bio"); bio != nil && bio.Kind == tree.Object && root.Get("basics") == nil {
		return "JSON Resume 0.0"
	}
	return ""
}

func convertBio(c *conversion, root *source) {
	bio := root.sub("bio")
	put(c.basics, "name", joinNotEmpty(" ", bio.text("firstName"), bio.text("lastName")))
	bio.move(c.basics, "name", "name")
	bio.move(c.basics, "label", "label", "title")
	bioAddresses(c, bio, "email", "email", "Email")
	bioAddresses(c, bio, "phone", "phone", "Phone")
	bioAddresses(c, bio, "websites", "url", "Website")
	bio.move(c.basics, "url", "website", "url")
	bio.move(c.basics, "image", "picture")
	bio.move(c.basics, "summary", "summary")
	if l := bio.sub("location"); l.value != nil {
		location := tree.NewObject()
		l.move(location, "address", "address")
		l.move(location, "postalCode", "postalCode", "zip")
		l.move(location, "city", "city")
		l.move(location, "region", "region", "state")
		l.move(location, "countryCode", "countryCode")
		l.rest(location)
		c.basics.Set("location", location)
	}
	if profiles := bio.sub("profiles"); profiles.value != nil {
		for _, m := range profiles.left() {
			if user := profiles.text(m.Name); user != "" {
				addTo(c.basics, "profiles", bioProfile(m.Name, user))
			}
		}
		profiles.rest(c.basics)
	}
	bio.rest(c.basics)
	for _, m := range root.left() {
		bioSection(c, root, m)
	}
	root.rest(c.extra)
}

// bioAddresses reads an address, or an object of addresses by purpose. The first becomes
// a member of basics, the others profiles.
func bioAddresses(c *conversion, bio *source, from, to, label string) {
	put(c.basics, to, bio.text(from))
	all := bio.sub(from)
	for _, m := range all.left() {
		value := all.text(m.Name)
		switch {
		case value == "":
		case c.basics.Get(to).Absent():
			put(c.basics, to, value)
		default:
			out := tree.NewObject()
			put(out, "network", properTitle(m.Name)+" "+label)
			put(out, "username", value)
			addTo(c.basics, "profiles", out)
		}
	}
	if len(all.left()) > 0 {
		all.rest(c.basics)
	}
}

// bioProfile returns the profile of a member such as "github": "ada".
func bioProfile(network, user string) *tree.Value {
	names := map[string]string{"twitter": "Twitter", "github": "GitHub", "linkedin": "LinkedIn", "facebook": "Facebook",
		"stackoverflow": "StackOverflow", "googleplus": "Google+"}
	if name, ok := names[network]; ok {
		network = name
	}
	out := tree.NewObject()
	put(out, "network", network)
	put(out, "username", user)
	return out
}

// bioSection reads a section, whose entries are those of later versions but for a few
// names.
func bioSection(c *conversion, root *source, m tree.Member) {
	name := m.Name
	if name == "hobbies" {
		name = "interests"
	}
	if !isSectionName(name) || m.Value.Kind != tree.List {
		return
	}
	to := c.section(name, "")
	for _, e := range root.list(m.Name) {
		s := c.entry(e, "name")
		out := tree.NewObject()
		if name == "awards" {
			s.move(out, "date", "awardDate")
		}
		s.rest(out)
		to.add(out)
	}
}
