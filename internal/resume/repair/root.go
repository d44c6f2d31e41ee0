package repair

import (
	"slices"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// sectionNames are the sections of JSON Resume.
var sectionNames = []string{"work", "volunteer", "education", "awards", "certificates", "publications", "skills", "languages", "interests", "references", "projects"}

// root rewrites the members of the document.
func (f *fixer) root(root *tree.Value) {
	r := &rootReader{fixer: f, basics: newEntry("basics", tree.NewObject()), sections: map[string][]*tree.Value{}}
	if meta := root.Get("meta"); !meta.Absent() && meta.Kind == tree.Object {
		r.meta = meta
	}
	for _, m := range root.Members {
		if !m.Value.Absent() && m.Value != r.meta {
			r.member(m)
		}
	}
	person := r.person()
	f.basics(r.basics, person)
	if r.basics.text("name") == "" && r.basics.member("name") == nil {
		f.notes.Add("basics.name", note.Repaired, "the resume has no name", "write the name of the person")
	}
	r.setPerson(person)
	r.addCustom()
	r.letraz()

	root.Members = nil
	add := func(name string, v *tree.Value) {
		if !v.Absent() {
			root.Members = append(root.Members, tree.Member{Name: name, Value: v})
		}
	}
	add("$schema", r.schema)
	add("basics", r.basics.Value)
	for _, name := range r.order {
		add(name, tree.NewList(r.sections[name]...))
	}
	add("meta", r.meta)
	root.Members = append(root.Members, r.others...)
}

// Known reports whether root has a section or the person of a resume, under any name.
func Known(root *tree.Value) bool {
	if root == nil || root.Kind != tree.Object {
		return false
	}
	r, person := &rootReader{}, 0
	for _, m := range root.Members {
		if m.Value.Absent() {
			continue
		}
		switch name := r.nameOf(m); {
		case name == "basics" || slices.Contains(sectionNames, name):
			return true
		case name == "" && r.isPerson(m):
			person++
		}
	}
	return person >= 2
}

// rootReader sorts the members of the root.
type rootReader struct {
	*fixer
	schema   *tree.Value
	basics   entry
	order    []string // of the sections
	sections map[string][]*tree.Value
	meta     *tree.Value
	titles   map[string]string // of sections with a name in another language
	custom   []placed          // sections of other names
	others   []tree.Member     // kept as they are
}

// placed is a section of another name and the number of sections before it.
type placed struct {
	after   int
	section *tree.Value
}

// member sorts one member of the root.
func (r *rootReader) member(m tree.Member) {
	kind := m.Value.Kind
	switch name := r.nameOf(m); {
	case name == "$schema" && kind == tree.Text:
		r.schema = m.Value
	case name == "basics" && kind == tree.Object:
		r.addBasics(m)
	case name == "meta" && kind == tree.Object && r.meta == nil:
		r.meta = m.Value
	case name == "" && foreignTitles()[fold(m.Name)].member == "profile" && kind == tree.Text:
		r.repaired(tree.MemberPath("", m.Name), "read as basics.summary", "call it summary, in basics")
		r.basics.keep("summary", m.Value)
	case slices.Contains(sectionNames, name):
		if foreign := foreignTitles()[fold(m.Name)]; foreign.member == name && m.Name != name && rootNames()[fold(m.Name)] == "" {
			if r.titles == nil {
				r.titles = map[string]string{}
			}
			r.titles[name] = foreign.title(m.Name)
		}
		if name != m.Name && kind == tree.List { // others have a note on their type
			r.repaired(m.Name, "read as "+name, "call it "+name)
		}
		r.addSection(name, m.Value, tree.MemberPath("", m.Name))
	case r.isPerson(m):
		r.repaired(tree.MemberPath("", m.Name), "a member of basics stands at the root", "move it into basics")
		r.basics.keep(m.Name, m.Value)
	default:
		r.unknown(m)
	}
}

// addSection adds the entries of a section to those that there are.
func (r *rootReader) addSection(name string, v *tree.Value, path string) {
	if r.sections[name] == nil {
		r.order = append(r.order, name)
	}
	r.sections[name] = append(r.sections[name], r.section(name, v, path)...)
}

// nameOf returns the member of JSON Resume that m is meant for, or "".
func (r *rootReader) nameOf(m tree.Member) string {
	switch m.Name {
	case "$schema", "basics", "meta":
		return m.Name
	}
	if slices.Contains(sectionNames, m.Name) {
		return m.Name
	}
	name := rootNames()[fold(m.Name)]
	if name == "" {
		if name = foreignTitles()[fold(m.Name)].member; name == "profile" {
			name = ""
		}
	}
	switch kind := m.Value.Kind; {
	case name == "basics" || name == "meta":
		if kind == tree.Object {
			return name
		}
	case kind == tree.List || kind == tree.Object && m.Name != "profile":
		return name
	case kind == tree.Text && (name == "skills" || name == "interests" || name == "languages") && len(m.Value.Text) > 3:
		return name
	}
	return ""
}

// addBasics adds the members of an object with the person's data.
func (r *rootReader) addBasics(m tree.Member) {
	if m.Name != "basics" {
		r.repaired(tree.MemberPath("", m.Name), "read as basics", "call it basics")
	}
	if m.Name == "basics" || r.basics.Absent() {
		r.basics.path = tree.MemberPath("", m.Name)
	}
	for _, member := range m.Value.Members {
		if name := r.nameOf(member); slices.Contains([]string{"languages", "skills", "interests", "education", "work"}, name) && (member.Value.Kind == tree.List || member.Value.Kind == tree.Text && name == "interests") && !member.Value.Absent() {
			path := tree.MemberPath(tree.MemberPath("", m.Name), member.Name)
			if member.Value.Kind == tree.List {
				r.repaired(path, "read as "+name, "move it out of "+m.Name)
			}
			r.addSection(name, member.Value, path)
			continue
		}
		if have := r.basics.Get(member.Name); have == nil || have.Kind != member.Value.Kind || have.Text != member.Value.Text || have.Text == "" {
			r.basics.keep(member.Name, member.Value)
		}
	}
}

// isPerson reports whether a member of the root belongs into basics.
func (r *rootReader) isPerson(m tree.Member) bool {
	folded := fold(m.Name)
	if settings()[folded] {
		return false
	}
	switch folded {
	case "middlename":
		return m.Value.Kind == tree.Text
	case "location", "address", "profiles", "links", "socials", "social", "socialmedia":
		return m.Value.Kind != tree.Bool
	case "city", "country", "state", "zip", "zipcode":
		return m.Value.Kind == tree.Text
	case "description", "introduction", "statement", "profession", "occupation", "position", "role", "born", "birth", "site", "web":
		return false // more likely a section of its own, or about the file
	}
	if networkOf(m) != "" {
		return true
	}
	if slices.Contains(firstNames, folded) || slices.Contains(lastNames, folded) {
		return m.Value.Kind == tree.Text
	}
	if t, ok := locationSpec().index[folded]; ok && t.rank >= foreignRank {
		return m.Value.Kind == tree.Text
	}
	t, ok := basicsSpec().find(m)
	if !ok || m.Value.Kind != tree.Text && m.Value.Kind != tree.Number {
		return false
	}
	return basicsSpec().members[t.member].form != anything
}

// person returns meta.letraz.person, which setPerson puts back.
func (r *rootReader) person() entry {
	if v := r.meta.Get("letraz").Get("person"); v != nil && v.Kind == tree.Object {
		return newEntry("meta.letraz.person", v)
	}
	return newEntry("meta.letraz.person", tree.NewObject())
}

func (r *rootReader) setPerson(person entry) {
	if person.Absent() {
		return
	}
	if letraz := r.letrazObject(); letraz != nil && letraz.Get("person").Absent() {
		letraz.Set("person", person.Value)
	} else if letraz == nil || letraz.Get("person") != person.Value {
		for _, m := range person.Members {
			r.basics.keep(m.Name, m.Value) // there is no place for it
		}
	}
}

// letrazObject returns meta.letraz, which is made if it is missing, or nil if it is
// something else.
func (r *rootReader) letrazObject() *tree.Value {
	if r.meta == nil {
		r.meta = tree.NewObject()
	}
	if r.meta.Get("letraz").Absent() {
		r.meta.Set("letraz", tree.NewObject())
	}
	if letraz := r.meta.Get("letraz"); letraz.Kind == tree.Object {
		return letraz
	}
	return nil
}
