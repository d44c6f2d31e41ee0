package repair

import (
	"slices"
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// basics rewrites the person. Some members go to meta.letraz.person, which has those that
// JSON Resume lacks.
func (f *fixer) basics(e entry, person entry) {
	if v := e.member("name"); v != nil && v.Kind == tree.List && onlyTexts(v) {
		e.Set("name", f.text(v, e.at("name"), " "))
	}
	fullName(e)
	contact(e)
	picture(e)
	f.location(e)
	f.profiles(e)
	f.honorific(e, person)
	f.canonical(e, basicsSpec())
	if v := e.member("nationality"); v != nil && v.Kind == tree.Text && person.member("nationality") == nil {
		e.Take("nationality")
		person.Set("nationality", v)
	}
}

// firstNames and lastNames are what the parts of a name are called, folded.
var (
	firstNames = []string{
		"firstname", "givenname", "forename", "firstnames", "vorname", "prenom", "nombre", "nombres", "primernombre", "nome", "primeironome", "voornaam", "fornamn", "fornavn", "etunimi",
		"imie", "krestnijmeno", "prenume", "имя", "імя",
	}
	lastNames = []string{
		"lastname", "familyname", "surname", "lastnames", "nachname", "familienname", "apellido", "apellidos", "sobrenome", "apelido", "cognome", "achternaam", "efternamn", "etternavn",
		"efternavn", "sukunimi", "nazwisko", "prijmeni", "priezvisko", "nom", "nomdefamille", "soyad", "soyadi", "фамилия", "прізвище",
	}
)

// fullName joins the parts of the name if there is no whole one.
func fullName(e entry) {
	if hasAny(e, "name", "fullname") {
		if v := e.member("name"); v == nil || v.Kind != tree.Object {
			if suffix := e.member("suffix"); v != nil && v.Kind == tree.Text && suffix != nil && suffix.Kind == tree.Text {
				e.Take("suffix")
				if !contains(v.Text, suffix.Text) {
					e.Set("name", tree.NewText(v.Text+", "+suffix.Text))
				}
			}
			return
		}
	}
	if v := e.member("name"); v != nil {
		e.Take("name")
		for _, m := range v.Members {
			e.keep(m.Name, m.Value)
		}
	}
	var parts []string
	var used []string
	for _, names := range [][]string{
		append([]string{"first", "given"}, firstNames...), {"middlename", "middle", "middleinitial"}, append([]string{"last", "family"}, lastNames...),
	} {
		i := slices.IndexFunc(e.Members, func(m tree.Member) bool {
			return slices.Contains(names, fold(m.Name)) && m.Value.Kind == tree.Text && m.Value.Text != ""
		})
		if i >= 0 {
			parts = append(parts, e.Members[i].Value.Text)
			used = append(used, e.Members[i].Name)
		}
	}
	if len(parts) == 0 {
		return
	}
	for _, name := range used {
		e.Take(name)
	}
	e.Set("name", tree.NewText(strings.Join(parts, " ")))
}

// contact moves the members of an object with the contact data beside the others.
func contact(e entry) {
	for _, m := range slices.Clone(e.Members) {
		switch fold(m.Name) {
		case "contact", "contactinfo", "contactinformation", "contactdetails":
			if m.Value.Kind != tree.Object {
				continue
			}
			e.Take(m.Name)
			for _, member := range m.Value.Members {
				e.keep(member.Name, member.Value)
			}
		}
	}
}

// picture takes the address out of an object such as {"url": …, "alt": …}.
func picture(e entry) {
	for _, m := range slices.Clone(e.Members) {
		t, ok := basicsSpec().index[fold(m.Name)]
		if !ok || basicsSpec().members[t.member].name != "image" || m.Value.Kind != tree.Object {
			continue
		}
		at := newEntry(e.at(m.Name), m.Value)
		for _, name := range []string{"url", "src", "href", "data", "uri"} {
			if v := at.member(name); v != nil && v.Kind == tree.Text && (m.Name == "image" || e.member("image") == nil) {
				at.Take(name)
				e.Take(m.Name)
				e.Set("image", v)
				if !at.Absent() {
					e.keep("picture", at.Value)
				}
				break
			}
		}
	}
}

// location makes an object of the location, also of its parts beside it.
func (f *fixer) location(e entry) {
	v, path := e.member("location"), e.at("location")
	for _, m := range e.Members {
		if fold(m.Name) == "location" && v == nil && !m.Value.Absent() {
			v, path = m.Value, e.at(m.Name)
			rename(e, m.Name, "location")
			break
		}
	}
	at := newEntry(path, tree.NewObject())
	switch {
	case v == nil:
	case v.Kind == tree.Object:
		at.Value = v
	case v.Kind == tree.List && len(v.Items) == 1 && v.Items[0].Kind == tree.Object:
		f.wrongType(path, v, "an object", "the only entry was used")
		at.Value = v.Items[0]
	default:
		text := strings.Join(leaves(nil, v), "; ")
		f.wrongType(path, v, "an object", "shown as written")
		name := "city"
		if strings.Contains(text, "\n") {
			name = "address"
		}
		at.Set(name, tree.NewText(text))
	}
	for _, m := range slices.Clone(e.Members) {
		t, ok := locationSpec().index[fold(m.Name)]
		if !ok || m.Value.Kind == tree.Bool || m.Value.Absent() || m.Value.Kind == tree.List {
			continue
		}
		if m.Value.Kind == tree.Object && v == nil {
			// "address": {"city": …}
			e.Take(m.Name)
			at.Value = m.Value
			break
		}
		if name := locationSpec().members[t.member].name; at.member(name) == nil && (name != "city" || fold(m.Name) != "place") {
			e.Take(m.Name)
			at.Set(name, m.Value)
		}
	}
	f.canonical(at, locationSpec())
	if v := at.member("address"); v != nil && v.Kind != tree.Text {
		at.Set("address", f.text(v, at.at("address"), "\n"))
	}
	if at.Value != v {
		e.Take("location")
		if !at.Absent() {
			e.Set("location", at.Value)
		}
	}
}

// profiles makes a list of the profiles, also of members that are named after a network.
func (f *fixer) profiles(e entry) {
	var all []entry
	found := false
	for _, m := range slices.Clone(e.Members) {
		switch name := fold(m.Name); {
		case m.Value.Absent():
		case name == "profiles":
			all = append(all, f.entries("profiles", m.Value, e.at(m.Name))...)
			e.Take(m.Name)
			found = true
		case slices.Contains([]string{"links", "socials", "social", "socialmedia", "networks", "accounts", "socialprofiles", "sociallinks", "socialnetworks"}, name):
			if m.Value.Kind != tree.List && m.Value.Kind != tree.Object {
				continue
			}
			all = append(all, f.quiet().entries("profiles", m.Value, e.at(m.Name))...)
			e.Take(m.Name)
			found = true
		case networkOf(m) != "":
			network := networkOf(m)
			member := f.memberOf("profiles", m.Value.Text)
			all = append(all, newEntry(e.at(m.Name), tree.NewObject(tree.Member{Name: "network", Value: tree.NewText(network)}, tree.Member{Name: member, Value: m.Value})))
			e.Take(m.Name)
			found = true
		}
	}
	if !found {
		return
	}
	list := &tree.Value{Kind: tree.List}
	for _, profile := range all {
		f.canonical(profile, specs()["profiles"])
		list.Items = append(list.Items, profile.Value)
	}
	e.Set("profiles", list)
}

// networkOf returns the network that a member is named after, or "".
func networkOf(m tree.Member) string {
	name := strings.TrimSuffix(strings.TrimSuffix(fold(m.Name), "url"), "profile")
	if m.Value.Kind != tree.Text || name == "x" && !strings.ContainsAny(m.Value.Text, "/@") {
		return ""
	}
	return networks[name]
}

// honorific moves a title such as "Dr." to the person; another title is the headline.
func (f *fixer) honorific(e entry, person entry) {
	v := e.member("title")
	if v == nil || v.Kind != tree.Text {
		v = e.member("honorific")
	}
	if v == nil || v.Kind != tree.Text {
		return
	}
	name := "title"
	if e.member(name) != v {
		name = "honorific"
	}
	switch isTitle := titles[strings.TrimRight(fold(v.Text), ".")]; {
	case isTitle && person.member("title") == nil:
		e.Take(name)
		person.Set("title", v)
	case !isTitle && name == "title" && !hasAny(e, "label", "headline"):
		rename(e, "title", "label")
	}
}

var titles = map[string]bool{
	"dr": true, "prof": true, "profdr": true, "mr": true, "ms": true, "mrs": true, "miss": true, "sir": true, "mx": true, "dipling": true,
	"doctor": true, "professor": true, "rev": true, "hon": true, "drmed": true, "drrernat": true, "mag": true, "ing": true,
}
