package resume

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// slots makes slots of names, numbered from n on.
func slots(names string, n int) []slot {
	var list []slot
	for i, name := range strings.Fields(names) {
		list = append(list, slot{heading: heading{name: name}, index: n + i})
	}
	return list
}

func names(slots []slot) string {
	var list []string
	for _, s := range slots {
		name := s.name
		if s.title != "" {
			name += "=" + s.title
		}
		list = append(list, name)
	}
	return strings.Join(list, " ")
}

func planFrom(s string) []heading {
	var plan []heading
	for _, entry := range strings.Fields(s) {
		name, title, _ := strings.Cut(entry, "=")
		plan = append(plan, heading{name, title})
	}
	return plan
}

func TestArrange(t *testing.T) {
	t.Parallel()
	tests := []struct{ base, extras, plan, want string }{
		{"education work skills", "", "", "education work skills"},
		{"education work skills", "strengths custom", "", "education work strengths skills custom"},
		{"education skills", "strengths custom", "", "strengths education skills custom"},
		{"education work skills", "", "skills=S education=E", "education=E work skills=S"},
		{"education work skills", "strengths", "strengths=T skills", "education work strengths=T skills"},
		{"education work skills", "strengths custom custom", "education custom strengths work skills", "education custom strengths work skills custom"},
		{"education work skills", "strengths", "skills strengths education", "education work skills strengths"},
		{"education work skills", "strengths custom", "custom strengths", "education work skills custom strengths"},
		{"work", "", "work=A work=B basics x strengths", "work=A"},
		{"", "strengths", "strengths=S", "strengths=S"},
	}
	for _, test := range tests {
		base := slots(test.base, 0)
		got := arrange(base, slots(test.extras, len(base)), planFrom(test.plan))
		if names(got) != test.want {
			t.Errorf("%q and %q by %q: %q, want %q", test.base, test.extras, test.plan, names(got), test.want)
		}
	}
}

func TestPlanOf(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		all := slots("work education skills strengths custom custom", 0)
		order := rapid.Permutation(all).Draw(rt, "order")
		order = order[:rapid.IntRange(0, len(order)).Draw(rt, "n")]
		for i := range order {
			order[i].title = rapid.SampledFrom([]string{"", "", "T"}).Draw(rt, "title")
		}
		plan := planOf(order)
		if !follows(order, plan) {
			rt.Fatalf("%q is not what %v describes", names(order), plan)
		}
	})
}
