package html

import (
	"cmp"
	"fmt"
	"html/template"
)

// Tight reduces white space and line height of a template by factors. Zero stands
// for 1.
type Tight struct{ Space, Leading float64 }

// style overrides the factors in base.css.
func (t Tight) style() template.CSS {
	if t == (Tight{}) || t == (Tight{1, 1}) {
		return ""
	}
	return template.CSS(fmt.Sprintf(" :root { --space: %g; --leading: %g; }", cmp.Or(t.Space, 1), cmp.Or(t.Leading, 1)))
}
