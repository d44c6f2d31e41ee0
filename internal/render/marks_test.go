package render

import (
	"encoding/xml"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
)

// TestBullets_InsidePage: a bullet outside of the page's area at the left would be cut
// off, and one at the right of a right-to-left page would shift the page.
func TestBullets_InsidePage(t *testing.T) {
	t.Parallel()
	for _, template := range html.Templates() {
		for _, paper := range export.Papers() {
			t.Run(template.Name+"/"+string(paper), func(t *testing.T) {
				t.Parallel()
				var margins []float64
				for _, slug := range []string{"senior-engineer", "japanese", "arabic", "hebrew"} {
					left, width, marks := bullets(t, renderIn(t, sample(t, slug), template.Name, paper).Data)
					if len(marks) < 5 {
						t.Errorf("%s: %d bullets are drawn", slug, len(marks))
					}
					for _, m := range marks {
						// Nothing is drawn in the last tenth of a bullet's advance.
						if m.from < 0 || m.to-(m.to-m.from)/10 > width {
							t.Fatalf("%s: a bullet reaches from %.2f to %.2f of %.2f", slug, m.from, m.to, width)
						}
					}
					// Chrome counts in pixels, and from the right rounds in another way.
					if margins = append(margins, left); math.Abs(left-margins[0]) > 1 {
						t.Errorf("%s: the margin is %.2f pt, elsewhere %.2f", slug, left, margins[0])
					}
				}
			})
		}
	}
}

// span is the horizontal extent of a bullet.
type span struct{ from, to float64 }

// bullets returns the bullets in the text area of the first page, and the area's left
// margin in points and its width in the unit of the bullets.
func bullets(t *testing.T, pdf []byte) (left, width float64, marks []span) {
	t.Helper()
	trace := xml.NewDecoder(strings.NewReader(tool(t, "mutool", "trace", saved(t, pdf), "1")))
	trace.Strict = false
	var sheet, scale, size float64
	for {
		token, err := trace.RawToken()
		if err != nil {
			return left, width, marks
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		attr := map[string]string{}
		for _, a := range element.Attr {
			attr[a.Name.Local] = a.Value
		}
		var skip float64
		switch element.Name.Local {
		case "page":
			_, _ = fmt.Sscan(attr["mediabox"], &skip, &skip, &sheet)
		case "fill_text":
			_, _ = fmt.Sscan(attr["transform"], &scale, &skip, &skip, &scale, &left)
			width = (sheet - 2*left) / scale
		case "span":
			_, _ = fmt.Sscan(attr["trm"], &size)
		case "g":
			if attr["unicode"] != "•" {
				continue
			}
			var x, advance float64
			_, _ = fmt.Sscan(attr["x"], &x)
			_, _ = fmt.Sscan(attr["adv"], &advance)
			marks = append(marks, span{x, x + advance*size})
		}
	}
}
