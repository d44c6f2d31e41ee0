package html

import (
	"cmp"
	"fmt"
	"html/template"
)

// Tight sets a page tighter than its template does: factors on the white space
// between things and on the line height, as far as the template lets itself be
// set tighter. Zero stands for 1.
type Tight struct{ Space, Leading float64 }

// style overrides what base.css says.
func (t Tight) style() template.CSS {
	if t == (Tight{}) || t == (Tight{1, 1}) {
		return ""
	}
	return template.CSS(fmt.Sprintf(" :root { --space: %g; --leading: %g; }", cmp.Or(t.Space, 1), cmp.Or(t.Leading, 1)))
}
