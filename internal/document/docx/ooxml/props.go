package ooxml

// toggle is a property that is on, off or inherited from the style.
type toggle int8

const (
	inherit toggle = iota
	on
	off
)

func (w *xmlWriter) toggle(name string, t toggle) {
	switch t {
	case on:
		w.empty(name)
	case off:
		w.value(name, "0")
	}
}

// onIf returns on if b is true, otherwise inherited.
func onIf(b bool) toggle {
	if b {
		return on
	}
	return inherit
}

// paraProps are the paragraph properties used by this package.
type paraProps struct {
	style               Style
	keepNext, keepLines toggle
	widows              toggle
	num, level          int    // num 0: in no list
	ruleAbove           string // colour of a rule, or ""
	ruleBelow           string
	tab                 int    // position of the right-aligned tab stop
	autoSpace           toggle // a gap between East Asian and other characters, which extraction reads as a space
	bidi                toggle
	space               *space
	indent              *indent
	centered            bool
	outline             int // 1: a heading of the first level
}

// space is the space before and after a paragraph. line is 240 for single
// spacing, or 0 if inherited.
type space struct{ before, after, line int }

// indent is the distance from the edge at which lines start; the first line hangs
// out of it.
type indent struct{ begin, hanging int }

// paragraph writes the properties in the order of the schema (CT_PPr). Word reports a
// file with another order as damaged.
func (w *xmlWriter) paragraph(p paraProps) {
	if p == (paraProps{}) {
		return
	}
	w.start("w:pPr")
	if p.style != "" {
		w.value("w:pStyle", string(p.style))
	}
	w.toggle("w:keepNext", p.keepNext)
	w.toggle("w:keepLines", p.keepLines)
	w.toggle("w:widowControl", p.widows)
	if p.num > 0 {
		w.start("w:numPr")
		w.value("w:ilvl", itoa(p.level))
		w.value("w:numId", itoa(p.num))
		w.end("w:numPr")
	}
	if p.ruleAbove+p.ruleBelow != "" {
		w.start("w:pBdr")
		if p.ruleAbove != "" {
			w.empty("w:top", "w:val", "single", "w:sz", "12", "w:space", "3", "w:color", p.ruleAbove)
		}
		if p.ruleBelow != "" {
			w.empty("w:bottom", "w:val", "single", "w:sz", "6", "w:space", "2", "w:color", p.ruleBelow)
		}
		w.end("w:pBdr")
	}
	if p.tab > 0 {
		w.start("w:tabs")
		w.empty("w:tab", "w:val", "right", "w:pos", itoa(p.tab))
		w.end("w:tabs")
	}
	w.toggle("w:autoSpaceDE", p.autoSpace)
	w.toggle("w:autoSpaceDN", p.autoSpace)
	w.toggle("w:bidi", p.bidi)
	if s := p.space; s != nil {
		attributes := []string{"w:before", itoa(s.before), "w:after", itoa(s.after)}
		if s.line > 0 {
			attributes = append(attributes, "w:line", itoa(s.line), "w:lineRule", "auto")
		}
		w.empty("w:spacing", attributes...)
	}
	if i := p.indent; i != nil {
		// Left and right are those of left-to-right text; right-to-left text mirrors them.
		w.empty("w:ind", "w:left", itoa(i.begin), "w:hanging", itoa(i.hanging))
	}
	if p.centered {
		w.value("w:jc", "center")
	}
	if p.outline > 0 {
		w.value("w:outlineLvl", itoa(p.outline-1))
	}
	w.end("w:pPr")
}

// runProps are the run properties used by this package. Bold, italic
// and size are also written for complex scripts, for which Word has separate properties.
type runProps struct {
	style         CharStyle
	fonts         faces
	eastAsianHint bool // punctuation takes the East Asian font's form
	bold, italic  toggle
	caps          string // w:caps or w:smallCaps
	colour        string
	size, complex int    // in half-points; 0: inherited
	underline     string // its colour, or ""
	class         class
	lang          string // of the class
}

// run writes the properties in the order of the schema (EG_RPrBase).
func (w *xmlWriter) run(p runProps) {
	if p == (runProps{}) {
		return
	}
	w.start("w:rPr")
	if p.style != "" {
		w.value("w:rStyle", string(p.style))
	}
	w.fonts(p.fonts, p.eastAsianHint)
	w.toggle("w:b", p.bold)
	w.toggle("w:bCs", p.bold)
	w.toggle("w:i", p.italic)
	w.toggle("w:iCs", p.italic)
	if p.caps != "" {
		w.empty(p.caps)
	}
	if p.colour != "" {
		w.value("w:color", p.colour)
	}
	if p.size > 0 {
		w.value("w:sz", itoa(p.size))
		w.value("w:szCs", itoa(max(p.complex, p.size)))
	}
	if p.underline != "" {
		w.empty("w:u", "w:val", "single", "w:color", p.underline)
	}
	if p.class == rightLeft {
		w.empty("w:rtl")
	}
	if p.class == complexLR {
		w.empty("w:cs")
	}
	if p.lang != "" {
		attribute := "w:val"
		switch p.class {
		case eastAsian:
			attribute = "w:eastAsia"
		case complexLR, rightLeft:
			attribute = "w:bidi"
		}
		w.empty("w:lang", attribute, p.lang)
	}
	w.end("w:rPr")
}

// fonts writes the ones that are named.
func (w *xmlWriter) fonts(f faces, eastAsianHint bool) {
	var attributes []string
	if eastAsianHint {
		attributes = append(attributes, "w:hint", "eastAsia")
	}
	if f.latin != "" {
		attributes = append(attributes, "w:ascii", f.latin, "w:hAnsi", f.latin)
	}
	if f.eastAsian != "" {
		attributes = append(attributes, "w:eastAsia", f.eastAsian)
	}
	if f.complex != "" {
		attributes = append(attributes, "w:cs", f.complex)
	}
	if attributes != nil {
		w.empty("w:rFonts", attributes...)
	}
}
