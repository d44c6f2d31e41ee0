package builders

import (
	"slices"
	"strconv"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// source is an object of the file to be converted. Each member is taken once; rest puts
// those that are left into the result.
type source struct {
	c     *conversion
	path  string
	value *tree.Value // the object, from which settings are removed
	index map[string]int
	all   []tree.Member
	taken []bool // of all
}

// object returns the source of v, which is empty if v is not an object.
func (c *conversion) object(v *tree.Value, path string) *source {
	s := &source{c: c, path: path}
	if v == nil || v.Kind != tree.Object {
		return s
	}
	s.value, s.all, s.taken = v, slices.Clone(v.Members), make([]bool, len(v.Members))
	if len(s.all) > 24 {
		s.index = make(map[string]int, len(s.all))
		for i, m := range s.all {
			s.index[m.Name] = i
		}
	}
	return s
}

// at returns the path of a member.
func (s *source) at(name string) string { return tree.MemberPath(s.path, name) }

// find returns the position of a member that is neither empty nor taken, or -1.
func (s *source) find(name string) int {
	i := -1
	if s.index != nil {
		if at, ok := s.index[name]; ok {
			i = at
		}
	} else {
		i = slices.IndexFunc(s.all, func(m tree.Member) bool { return m.Name == name })
	}
	if i < 0 || s.taken[i] || s.all[i].Value.Absent() {
		return -1
	}
	return i
}

// peek returns the member name, or nil if it is empty or taken.
func (s *source) peek(name string) *tree.Value {
	if i := s.find(name); i >= 0 {
		return s.all[i].Value
	}
	return nil
}

// take returns the member name as peek does, and takes it.
func (s *source) take(name string) *tree.Value {
	i := s.find(name)
	if i < 0 {
		return nil
	}
	s.taken[i] = true
	return s.all[i].Value
}

// left returns the members that are neither empty nor taken.
func (s *source) left() []tree.Member {
	var left []tree.Member
	for i, m := range s.all {
		if !s.taken[i] && !m.Value.Absent() {
			left = append(left, m)
		}
	}
	return left
}

// text takes the first of the members that is a text, a number or a boolean, and returns
// it as it is written.
func (s *source) text(names ...string) string {
	for _, name := range names {
		if isScalar(s.peek(name)) {
			return s.take(name).Text
		}
	}
	return ""
}

func isScalar(v *tree.Value) bool {
	return v != nil && (v.Kind == tree.Text || v.Kind == tree.Number || v.Kind == tree.Bool)
}

// flag takes a boolean. It reports whether the member is there and is value.
func (s *source) flag(name string, value bool) bool {
	v := s.peek(name)
	if v == nil || v.Kind != tree.Bool {
		return false
	}
	s.take(name)
	return (v.Text == "true") == value
}

// sub takes an object. A member of another kind is left.
func (s *source) sub(name string) *source {
	if v := s.peek(name); v != nil && v.Kind == tree.Object {
		return s.c.object(s.take(name), s.at(name))
	}
	return s.c.object(nil, s.at(name))
}

// entry is one value of a list.
type entry struct {
	path  string
	value *tree.Value
}

// list takes a list and returns its values without those that are empty. A member of
// another kind is left.
func (s *source) list(name string) []entry {
	v := s.peek(name)
	if v == nil || v.Kind != tree.List {
		return nil
	}
	return entries(s.take(name), s.at(name))
}

func entries(list *tree.Value, path string) []entry {
	var all []entry
	for i, item := range list.Items {
		if !item.Absent() {
			all = append(all, entry{tree.ItemPath(path, i), item})
		}
	}
	return all
}

// entry returns the source of an entry of a list. One that is no object is read as an
// object with the value as the member name.
func (c *conversion) entry(e entry, name string) *source {
	v := e.value
	if v.Kind != tree.Object {
		v = tree.NewObject(tree.Member{Name: name, Value: scalarAsText(v)})
	}
	return c.object(v, e.path)
}

// texts takes a list of texts, numbers and booleans. A list with other values is left.
func (s *source) texts(name string) []string {
	v := s.peek(name)
	if v == nil || v.Kind != tree.List {
		return nil
	}
	var texts []string
	for _, item := range v.Items {
		switch {
		case isScalar(item):
			texts = append(texts, item.Text)
		case !item.Absent():
			return nil
		}
	}
	s.take(name)
	return texts
}

// settings drops members that belong to the program and not to the resume.
func (s *source) settings(names ...string) {
	for _, name := range names {
		if s.take(name) != nil {
			s.drop(name)
		}
	}
}

// divide replaces a text of the file by its parts.
func (s *source) divide(name string, parts ...string) {
	list := tree.NewTexts(parts)
	list.Parts = true
	s.value.Set(name, list)
}

// drop removes a member from the file, as a setting of the program.
func (s *source) drop(name string) {
	s.c.settings = true
	s.value.Take(name)
}

// dropAll is drop for several members, which may be missing.
func (s *source) dropAll(names ...string) {
	for _, name := range names {
		s.drop(name)
	}
}

// move puts the first of the members that is not empty into out, whatever its kind.
func (s *source) move(out *tree.Value, to string, names ...string) {
	for _, name := range names {
		if v := s.peek(name); v != nil && out.Get(to).Absent() {
			out.Set(to, scalarAsText(s.take(name)))
		}
	}
}

// scalarAsText returns a number as a text, which JSON Resume expects nearly everywhere,
// and other values as they are.
func scalarAsText(v *tree.Value) *tree.Value {
	if v.Kind == tree.Number {
		return tree.NewText(v.Text)
	}
	if v.Kind == tree.List {
		list := &tree.Value{Kind: tree.List}
		for _, item := range v.Items {
			list.Items = append(list.Items, scalarAsText(item))
		}
		return list
	}
	return v
}

// rest puts the members that are left into out under their own names.
func (s *source) rest(out *tree.Value) {
	left := s.left()
	for i := range s.taken {
		s.taken[i] = true
	}
	adopt(out, left)
}

// adopt puts members into out under their own names, or with a number after the name where
// out has such a member.
func adopt(out *tree.Value, members []tree.Member) {
	if len(members) == 0 {
		return
	}
	used := make(map[string]int, len(out.Members)+len(members))
	for _, m := range out.Members {
		used[m.Name] = 1
	}
	for _, m := range members {
		name := m.Name
		for used[name] > 0 {
			used[m.Name]++
			name = m.Name + "_" + strconv.Itoa(used[m.Name])
		}
		used[name] = 1
		out.Members = append(out.Members, tree.Member{Name: name, Value: m.Value})
	}
}
