package repair

import (
	"fmt"
	"slices"
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// roles returns an entry for each of several roles at one employer, which are a list of
// objects under "roles" or "positions", or an object with their titles. The employer's name and location are those of
// each; the other members of the employer are with the first.
func (f *fixer) roles(e entry) []entry {
	name, list := "", (*tree.Value)(nil)
	for _, m := range e.Members {
		switch fold(m.Name) {
		case "roles", "positions", "position", "role", "titles":
			switch {
			case m.Value.Absent():
			case m.Value.Kind == tree.List && hasObject(m.Value):
				name, list = m.Name, m.Value
			case m.Value.Kind == tree.Object:
				name, list = m.Name, rolesByName(m.Value)
			}
		case "jobs", "history", "rolehistory", "positionhistory", "jobhistory", "promotions", "assignments", "experience", "experiences", "employment":
			if m.Value.Kind == tree.List && hasObject(m.Value) && list == nil {
				name, list = m.Name, m.Value
			}
		}
	}
	if list == nil {
		f.titles(e)
		return []entry{e}
	}
	path := e.at(name)
	e.Take(name)
	var roles []entry
	for i, item := range list.Items {
		at := tree.ItemPath(path, i)
		switch {
		case item.Kind == tree.Object:
			roles = append(roles, newEntry(at, item))
		case !item.Absent():
			roles = append(roles, newEntry(at, tree.NewObject(tree.Member{Name: "position", Value: tree.NewText(strings.Join(leaves(nil, item), ", "))})))
		}
	}
	f.repaired(path, fmt.Sprintf("the roles at one employer were read as entries of their own (%d)", len(roles)), "write an entry of work for each role")

	s := specs()["work"]
	for i := range roles {
		f.period("work", roles[i])
		f.canonicalRole(roles[i], s)
	}
	f.period("work", e)
	f.canonical(e, s)
	if position := e.member("position"); position != nil && position.Kind == tree.Text {
		if hasText(roles, "position", position.Text) {
			e.Take("position")
		} else {
			// The employer's entry describes a role itself.
			return append([]entry{e}, f.share(e, roles)...)
		}
	}
	f.share(e, roles)
	first := roles[0]
	for _, m := range e.Members {
		switch {
		case m.Name == "name" || m.Name == "location" || m.Name == "country":
		case (m.Name == "startDate" || m.Name == "endDate") && first.member(m.Name) != nil:
			if !hasText(roles, m.Name, m.Value.Text) {
				first.keep("employer_"+m.Name, m.Value) // of all roles together
			}
		default:
			f.merge(first, m, s)
		}
	}
	return roles
}

// rolesByName returns the roles of an object: one, or several under their titles.
func rolesByName(v *tree.Value) *tree.Value {
	s := specs()["work"]
	list := &tree.Value{Kind: tree.List}
	for _, m := range v.Members {
		if _, known := s.find(m); known || m.Value.Kind != tree.Object {
			return tree.NewList(v)
		}
		role := newEntry("", tree.NewObject())
		if !isNumber(m.Name) {
			role.Set("position", tree.NewText(readable(m.Name)))
		}
		for _, member := range m.Value.Members {
			role.keep(member.Name, member.Value)
		}
		list.Items = append(list.Items, role.Value)
	}
	return list
}

// canonicalRole gives the members of a role their names. In a role "name" is that of
// the position.
func (f *fixer) canonicalRole(role entry, s *spec) {
	if v := role.member("name"); v != nil && v.Kind == tree.Text && role.member("position") == nil && role.member("title") == nil {
		rename(role, "name", "position")
	}
	f.canonical(role, s)
}

// share gives the employer's name and place to each role.
func (f *fixer) share(e entry, roles []entry) []entry {
	for _, role := range roles {
		for _, name := range []string{"name", "location", "country"} {
			if v := e.member(name); v != nil && role.member(name) == nil && (name != "country" || role.member("location") == e.member("location")) {
				role.Set(name, v)
			}
		}
	}
	return roles
}

// merge adds a member of the employer to a role.
func (f *fixer) merge(role entry, m tree.Member, s *spec) {
	have := role.member(m.Name)
	if have == nil {
		role.Set(m.Name, m.Value)
		return
	}
	t, ok := s.find(m)
	if !ok {
		role.keep(m.Name, m.Value)
		return
	}
	if s.members[t.member].form == paragraphs && have.Kind == tree.Text && m.Value.Kind == tree.Text {
		have.Text = m.Value.Text + "\n\n" + have.Text
		return
	}
	if !join(s.members[t.member].form, have, m.Value) {
		role.keep(m.Name, m.Value)
	}
}

func hasObject(v *tree.Value) bool {
	for _, item := range v.Items {
		if item.Kind == tree.Object && !item.Absent() {
			return true
		}
	}
	return false
}

// hasText reports whether the member name of one of the roles is this text.
func hasText(roles []entry, name, text string) bool {
	return text != "" && slices.ContainsFunc(roles, func(role entry) bool { return role.text(name) == text })
}

// titles reads a list of titles, held at the same time, as the position.
func (f *fixer) titles(e entry) {
	if e.member("position") != nil {
		return
	}
	for _, name := range []string{"positions", "roles", "titles"} {
		if v := e.member(name); v != nil && (v.Kind == tree.Text || v.Kind == tree.List && onlyTexts(v)) {
			rename(e, name, "position")
			return
		}
	}
}
