package resume

import (
	"slices"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// nameStrengths is the type of the strengths section in meta.letraz.sections.
const nameStrengths = "strengths"

// heading is an entry of meta.letraz.sections: a section and the owner's title
// for it.
type heading struct {
	name  string
	title string
}

// slot is a section to be ordered.
type slot struct {
	heading
	index int // in the caller's list
}

// extra reports whether the section is stored in meta.letraz, so that its position does
// not follow from the order of the root members.
func (h heading) extra() bool { return h.name == nameStrengths || h.name == kindCustom }

// arrange orders the sections of a document. base are its root members, whose order is
// kept; extras are strengths and custom sections. The plan gives the titles (except of
// custom sections, which have titles themselves) and the positions of extras: an extra
// in the plan is placed after the section before it in the plan, or else before the
// section after it. Of the other extras, strengths are placed after work and custom
// sections at the end.
//
// arrange is idempotent: arranging the result by the same plan does not change it.
func arrange(base, extras []slot, plan []heading) []slot {
	// The sections that the plan names, in its order.
	var planned []slot
	left := slices.Concat(base, extras)
	for _, h := range plan {
		i := slices.IndexFunc(left, func(s slot) bool { return s.name == h.name })
		if i < 0 {
			continue
		}
		s := left[i]
		left = slices.Delete(left, i, i+1)
		if s.name != kindCustom {
			s.title = h.title
		}
		planned = append(planned, s)
	}

	result := slices.Grow(slices.Clone(base), len(extras))
	for i, s := range planned {
		if !s.extra() {
			result[indexOf(result, s)] = s // with its title
			continue
		}
		at := defaultPlace(result, s.name)
		if i > 0 {
			at = indexOf(result, planned[i-1]) + 1
		} else if j := slices.IndexFunc(planned, func(p slot) bool { return !p.extra() }); j >= 0 {
			at = indexOf(result, planned[j])
		}
		result = slices.Insert(result, at, s)
	}
	for _, s := range left {
		if s.extra() {
			result = slices.Insert(result, defaultPlace(result, s.name), s)
		}
	}
	return result
}

func indexOf(slots []slot, s slot) int {
	return slices.IndexFunc(slots, func(t slot) bool { return t.index == s.index })
}

// defaultPlace returns the position of an extra that is not in the plan.
func defaultPlace(slots []slot, name string) int {
	if name == nameStrengths {
		return slices.IndexFunc(slots, func(s slot) bool { return s.name == "work" }) + 1
	}
	return len(slots)
}

// follows reports whether arranging the sections by the plan gives the same order and
// titles.
func follows(sections []slot, plan []heading) bool {
	var base, extras []slot
	for _, s := range sections {
		if s.name != kindCustom {
			s.title = ""
		}
		switch {
		case !s.extra():
			base = append(base, s)
		case s.name == nameStrengths:
			extras = slices.Insert(extras, 0, s)
		default:
			extras = append(extras, s)
		}
	}
	return slices.Equal(arrange(base, extras, plan), sections)
}

// planOf returns the plan that arranges the sections as they are, or nil if no plan is
// needed.
func planOf(sections []slot) []heading {
	if follows(sections, nil) {
		return nil
	}
	var plan []heading
	for _, s := range sections {
		h := s.heading
		if h.name == kindCustom {
			h.title = ""
		}
		plan = append(plan, h)
	}
	return plan
}

func planValue(plan []heading) *tree.Value {
	list := &tree.Value{Kind: tree.List}
	for _, h := range plan {
		o := newObject("", nil)
		o.text("type", h.name)
		o.text("title", h.title)
		list.Items = append(list.Items, o.value)
	}
	return list
}
