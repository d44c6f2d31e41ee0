package repair

import (
	"slices"
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// known is a member that the reader knows.
type known struct {
	name string
	form form
	// aliases are other names for it, folded and with spaces between them, the most
	// usual first.
	aliases string
}

// spec is what an object should have.
type spec struct {
	members []known
	index   map[string]target // by folded name
}

// target is the member that a name means.
type target struct {
	member int
	rank   int // 0 for its own name
}

func newSpec(members ...known) *spec {
	s := &spec{members: members, index: map[string]target{}}
	for i, m := range members {
		s.index[fold(m.name)] = target{i, 0}
	}
	for i, m := range members {
		for rank, alias := range strings.Fields(m.aliases) {
			if _, taken := s.index[alias]; !taken {
				s.index[alias] = target{i, rank + 1}
			}
		}
	}
	return s
}

// find returns the member that m is meant for.
func (s *spec) find(m tree.Member) (target, bool) {
	t, ok := s.index[fold(m.Name)]
	if !ok {
		return target{}, false
	}
	if want := s.members[t.member]; want.name != m.Name {
		t.rank++ // the exact name comes first
		return t, want.form.fits(m.Value)
	}
	return t, true
}

// candidate is a value for a member.
type candidate struct {
	rank  int
	name  string
	value *tree.Value
}

// canonical gives the members of an object their names and forms. Of several members for
// one, lists and paragraphs are joined; otherwise the first is used and the others keep
// their names.
func (f *fixer) canonical(e entry, s *spec) {
	candidates := make([][]candidate, len(s.members))
	var order []int
	var members, others []tree.Member
	for _, m := range e.Members {
		if m.Value.Absent() {
			continue
		}
		t, ok := s.find(m)
		if !ok {
			others = append(others, m)
			continue
		}
		if candidates[t.member] == nil {
			order = append(order, t.member)
		}
		candidates[t.member] = append(candidates[t.member], candidate{t.rank, m.Name, m.Value})
	}
	for _, i := range order {
		all := candidates[i]
		slices.SortStableFunc(all, func(a, b candidate) int { return a.rank - b.rank })
		for j := range all {
			if form := s.members[i].form; j == 0 || form == list || form == words || form == paragraphs || form == several || form == loose {
				all[j].value = f.coerce(form, all[j].value, e.at(all[j].name))
			}
		}
		value := all[0].value
		for _, c := range all[1:] {
			if !join(s.members[i].form, value, c.value) {
				others = append(others, tree.Member{Name: c.name, Value: c.value})
			}
		}
		if name := s.members[i].name; all[0].name != name && e.names[name] == "" {
			e.names[name] = all[0].name
		}
		members = append(members, tree.Member{Name: s.members[i].name, Value: value})
	}
	e.Members = append(members, others...)
}

// join adds a further value of a member to the first, and reports whether it could.
func join(m form, first, further *tree.Value) bool {
	switch m {
	case list, words:
		for _, item := range further.Items {
			if !slices.ContainsFunc(first.Items, func(have *tree.Value) bool { return have.Text == item.Text }) || len(first.Items) > 100 {
				first.Items = append(first.Items, item)
			}
		}
		return true
	case loose:
		if first.Kind != tree.List {
			alone := *first
			*first = *tree.NewList(&alone)
		}
		if further.Kind == tree.List {
			first.Items = append(first.Items, further.Items...)
		} else {
			first.Items = append(first.Items, further)
		}
		return true
	case several:
		if !contains(first.Text, further.Text) {
			first.Text += ", " + further.Text
		}
		return true
	case paragraphs:
		if !strings.Contains(first.Text, further.Text) {
			first.Text += "\n\n" + further.Text
		}
		return true
	}
	return first.Kind == further.Kind && first.Kind != tree.Object && first.Kind != tree.List && first.Text == further.Text
}
