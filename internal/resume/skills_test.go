package resume

import (
	"encoding/json"
	"slices"
	"testing"
)

const twoEntries = `{"basics": {"name": "A"}, "skills": [
  {"name": "Web", "level": "Expert", "keywords": ["a", "b"], "item": "own", "years": 3},
  {"name": "Web", "level": "Expert", "keywords": ["c"]},
  {"name": "Solo", "level": "Fluent"}
]}`

func TestMarshal_EditedSkills(t *testing.T) {
	t.Parallel()
	added := func(name, category string) Skill {
		return Skill{Name: name, Category: category, Categorised: true, Proficiency: Expert}
	}
	tests := []struct {
		name string
		edit func([]Skill) []Skill
		want string
	}{
		{"none", func(s []Skill) []Skill { return s },
			`{"name":"Web","level":"Expert","keywords":["a","b"],"item":"own","years":3},
			 {"name":"Web","level":"Expert","keywords":["c"]},{"name":"Solo","level":"Fluent"}`},
		{"added in the middle", func(s []Skill) []Skill { return slices.Insert(s, 1, added("n", "Web")) },
			`{"name":"Web","level":"Expert","keywords":["a","n","b"],"item":"own","years":3},
			 {"name":"Web","level":"Expert","keywords":["c"]},{"name":"Solo","level":"Fluent"}`},
		{"added in front", func(s []Skill) []Skill { return slices.Insert(s, 0, added("n", "Web")) },
			`{"name":"Web","level":"Expert","keywords":["n","a","b"],"item":"own","years":3},
			 {"name":"Web","level":"Expert","keywords":["c"]},{"name":"Solo","level":"Fluent"}`},
		{"another category in the middle", func(s []Skill) []Skill { return slices.Insert(s, 1, added("n", "Ops")) },
			`{"name":"Web","level":"Expert","keywords":["a"],"item":"own","years":3},{"name":"Ops","level":"Expert","keywords":["n"]},
			 {"name":"Web","level":"Expert","keywords":["b"]},{"name":"Web","level":"Expert","keywords":["c"]},{"name":"Solo","level":"Fluent"}`},
		{"swapped", func(s []Skill) []Skill { s[0], s[1] = s[1], s[0]; return s },
			`{"name":"Web","level":"Expert","keywords":["b","a"],"item":"own","years":3},
			 {"name":"Web","level":"Expert","keywords":["c"]},{"name":"Solo","level":"Fluent"}`},
		{"one level changed", func(s []Skill) []Skill { s[1].Proficiency = Beginner; return s },
			`{"name":"Web","level":"Expert","keywords":["a"],"item":"own","years":3},{"name":"Web","level":"Beginner","keywords":["b"]},
			 {"name":"Web","level":"Expert","keywords":["c"]},{"name":"Solo","level":"Fluent"}`},
		{"category removed", func(s []Skill) []Skill { s[2].Categorised = false; s[2].Category = ""; return s },
			`{"name":"Web","level":"Expert","keywords":["a","b"],"item":"own","years":3},
			 {"name":"c","level":"Expert"},{"name":"Solo","level":"Fluent"}`},
		{"category given", func(s []Skill) []Skill { s[3].Categorised = true; s[3].Category = "Web"; return s },
			`{"name":"Web","level":"Expert","keywords":["a","b"],"item":"own","years":3},
			 {"name":"Web","level":"Expert","keywords":["c"]},{"name":"Web","level":"Fluent","keywords":["Solo"]}`},
		{"other details meet", func(s []Skill) []Skill {
			s[1].Details = Details{"years": json.RawMessage("4")}
			return s
		},
			`{"name":"Web","level":"Expert","keywords":["a"],"item":"own","years":3},{"name":"Web","level":"Expert","keywords":["b","c"],"years":4},
			 {"name":"Solo","level":"Fluent"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := mustParse(t, twoEntries)
			r.Sections[0].Skills = test.edit(r.Sections[0].Skills)
			want := `{"basics": {"name": "A"}, "skills": [` + test.want + `]}`
			wantData(t, r, want)
			wantData(t, mustParse(t, mustMarshal(t, r)), want)
		})
	}
}
