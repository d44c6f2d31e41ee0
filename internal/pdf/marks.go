package pdf

import (
	"slices"
	"strings"
)

// mark is an open marked-content sequence.
type mark struct {
	number   int // MCID, its own or that of the enclosing sequence; -1 for none
	actual   string
	replaces bool // actual replaces the text of the glyphs
	reversed bool
	from     int // index of its first cluster
}

// begin opens marked content: /Tag BMC, or /Tag properties BDC.
func (r *reader) begin(operands []operand) error {
	if len(operands) == 0 || len(r.marks) > 100 {
		return formErrorf("marked content has no tag, or nests deeper than 100 levels")
	}
	m := mark{number: -1, from: len(r.out)}
	if n := len(r.marks); n > 0 {
		m.number = r.marks[n-1].number
	}
	tag, _ := operands[0].value.(name)
	if len(operands) > 1 {
		properties, ok := operands[1].value.(dict)
		if !ok {
			return formErrorf("the properties of marked content are not inline")
		}
		if n, ok := properties.get("MCID").(float64); ok && n >= 0 && n < 1e9 {
			m.number = int(n)
		}
		if text, ok := properties.get("ActualText").([]byte); ok {
			m.actual, m.replaces = decodeText(text), true
		}
	}
	switch tag {
	case "Artifact":
		m.number = -1
	case "ReversedChars":
		m.reversed = true
	}
	r.marks = append(r.marks, m)
	return nil
}

// end closes the innermost marked content. ActualText replaces the text of its glyphs,
// and reversed characters are put into reading order.
func (r *reader) end() {
	n := len(r.marks)
	if n == 0 {
		return // Chrome writes one EMC too many at the start of a page
	}
	m := r.marks[n-1]
	r.marks = r.marks[:n-1]
	part := r.out[min(m.from, len(r.out)):]
	if len(part) == 0 {
		return
	}
	if m.replaces {
		r.out = append(r.out[:m.from], joined(part, m.actual))
		part = r.out[m.from:]
	}
	if m.reversed {
		slices.Reverse(part)
		r.words++
		for i := range part {
			part[i].Right, part[i].word = true, r.words
		}
	}
}

// joined merges clusters into one with the given text. Its baseline is that of the
// widest cluster, because combining marks may be above or below it.
func joined(part []Cluster, text string) Cluster {
	c, width := part[0], part[0].X1-part[0].X0
	var glyphs strings.Builder
	for _, p := range part {
		glyphs.WriteString(p.Text)
		if w := p.X1 - p.X0; w > width {
			c.Y, width = p.Y, w
		}
		c.X0, c.X1 = min(c.X0, p.X0), max(c.X1, p.X1)
	}
	if c.Glyphs = glyphs.String(); c.Glyphs == text {
		c.Glyphs = ""
	}
	c.Text = text
	return c
}
