package tree

import "strconv"

// Texts of the note on a member whose name was there already.
const (
	twice     = "this member stands twice in one object: "
	writeOnce = "write it once"
)

// builder adds members to an object. A member that is there already is joined with the
// new one so that nothing is lost.
type builder struct {
	object *Value
	index  map[string]int // positions of members by name
	copies map[string]int // how many members were renamed, by name
}

func newBuilder(object *Value) *builder {
	b := &builder{object: object, index: make(map[string]int, len(object.Members))}
	for i, m := range object.Members {
		b.index[m.Name] = i
	}
	return b
}

// add adds a member. It returns what was done if there is one of the same name, else "".
func (b *builder) add(m Member) string {
	i, ok := b.index[m.Name]
	if !ok {
		b.index[m.Name] = len(b.object.Members)
		b.object.Members = append(b.object.Members, m)
		return ""
	}
	have := &b.object.Members[i].Value
	switch first, second := (*have).Kind, m.Value.Kind; {
	case m.Value.Absent():
		return "the empty one was left out"
	case (*have).Absent():
		*have = m.Value
		return "the empty one was left out"
	case first == List && second == List:
		(*have).Items = append((*have).Items, m.Value.Items...)
		return "its lists were joined"
	case first == Object && second == Object:
		inner := newBuilder(*have)
		for _, member := range m.Value.Members {
			inner.add(member)
		}
		return "its objects were joined"
	case first == List:
		(*have).Items = append((*have).Items, m.Value)
		return "the second was added to the list"
	case second == List:
		m.Value.Items = append([]*Value{*have}, m.Value.Items...)
		*have = m.Value
		return "the first was added to the list"
	case first == second && first != Object && (*have).Text == m.Value.Text:
		return "both are the same"
	}
	old := *have
	*have = m.Value
	name := b.free(m.Name)
	b.index[name] = len(b.object.Members)
	b.object.Members = append(b.object.Members, Member{name, old})
	return "the last one is used and the other one is kept as " + Quoted(name)
}

// free returns a name that no member has.
func (b *builder) free(name string) string {
	if b.copies == nil {
		b.copies = map[string]int{}
	}
	for {
		b.copies[name]++
		other := name + "_" + strconv.Itoa(b.copies[name]+1)
		if _, taken := b.index[other]; !taken {
			return other
		}
	}
}
