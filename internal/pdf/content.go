package pdf

import (
	"fmt"
	"math"
	"unicode"
)

// matrix maps points (ISO 32000-1, 8.3.3): x' = a x + c y + e, y' = b x + d y + f.
type matrix struct{ a, b, c, d, e, f float64 }

var identity = matrix{a: 1, d: 1}

// times returns the matrix that applies m, then n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m.a*n.a + m.b*n.c, m.a*n.b + m.b*n.d,
		m.c*n.a + m.d*n.c, m.c*n.b + m.d*n.d,
		m.e*n.a + m.f*n.c + n.e, m.e*n.b + m.f*n.d + n.f,
	}
}

// reader interprets the content stream of a page.
type reader struct {
	file      *File
	page      int
	out       []Cluster
	ctm       matrix
	saved     []matrix
	line, at  matrix // the text line matrix and the text matrix
	font      *font
	size      float64
	stretch   float64 // horizontal scaling as a factor
	marks     []mark
	resources dict
	forms     int // form XObjects drawn
	words     int // reversed (ReversedChars) pieces of text
	runs      int // text runs drawn
}

// readContent returns the text of page n in drawing order.
func (f *File) readContent(n int) ([]Cluster, error) {
	p := f.pages[n].dict
	resources, err := f.dictAt(p, "Resources")
	if err != nil {
		return nil, err
	}
	v, err := f.resolve(p.get("Contents"))
	if err != nil {
		return nil, err
	}
	s, ok := v.(*stream)
	if !ok {
		return nil, formErrorf("page %d does not have exactly one content stream", n+1)
	}
	r := &reader{file: f, page: n, ctm: identity, line: identity, at: identity, stretch: 1, resources: resources}
	if err := r.draw(s); err != nil {
		return nil, fmt.Errorf("reading page %d: %w", n+1, err)
	}
	return r.out, nil
}

// operand is an operand of an operator: a number, a string, or any other value.
type operand struct {
	number  float64
	numeric bool
	text    []byte
	value   any
}

// draw interprets a content stream, in which operands precede their operator.
func (r *reader) draw(s *stream) error {
	data, err := r.file.inflate(s)
	if err != nil {
		return err
	}
	p := &parser{lexer{data: data}, r.file.known}
	if r.out == nil {
		r.out = make([]Cluster, 0, len(data)/24) // Chrome writes about 24 bytes for a glyph
	}
	operands := make([]operand, 0, 8)
	for {
		t, err := p.next()
		if err != nil {
			return err
		}
		switch t.kind {
		case atEnd:
			return nil
		case aNumber: // content streams have no references
			operands = append(operands, operand{number: t.num, numeric: true})
		case aString:
			operands = append(operands, operand{text: t.data})
		case aKeyword:
			switch string(t.data) {
			case "true", "false", "null":
				operands = append(operands, operand{})
				continue
			}
			if r.file.operators++; r.file.operators > maxWork {
				return formErrorf("more than %d operators", maxWork)
			}
			if err := r.operate(string(t.data), operands); err != nil {
				return err
			}
			operands = operands[:0]
		default:
			v, err := p.from(t, 0)
			if err != nil {
				return err
			}
			operands = append(operands, operand{value: v})
		}
		if len(operands) > 64 {
			return formErrorf("an operator has more than 64 operands")
		}
	}
}

// numbers returns n numeric operands. Any other number or type of operands is an error.
func numbers(operands []operand, n int) ([6]float64, error) {
	var list [6]float64
	if len(operands) != n {
		return list, formErrorf("an operator has %d operands", len(operands))
	}
	for i, o := range operands {
		if !o.numeric || math.Abs(o.number) > 1e9 {
			return list, formErrorf("an operand is not a number, or is out of range")
		}
		list[i] = o.number
	}
	return list, nil
}

// operate executes one operator. It ignores operators that do not affect text.
func (r *reader) operate(op string, operands []operand) error {
	switch op {
	case "q":
		if len(r.saved) > 1000 {
			return formErrorf("graphics states nest deeper than 1000 levels")
		}
		r.saved = append(r.saved, r.ctm)
	case "Q":
		if n := len(r.saved); n > 0 {
			r.ctm, r.saved = r.saved[n-1], r.saved[:n-1]
		}
	case "cm":
		m, err := matrixOf(operands)
		if err != nil {
			return err
		}
		r.ctm = m.times(r.ctm)
	case "BT":
		r.line, r.at = identity, identity
		r.runs++
	case "ET":
	case "Tf":
		return r.setFont(operands)
	case "Tm":
		m, err := matrixOf(operands)
		r.line, r.at = m, m
		r.runs++
		return err
	case "Td":
		n, err := numbers(operands, 2)
		r.line = matrix{1, 0, 0, 1, n[0], n[1]}.times(r.line)
		r.at = r.line
		return err
	case "Tj", "TJ":
		return r.show(operands)
	case "BMC", "BDC":
		return r.begin(operands)
	case "EMC":
		r.end()
	case "Do":
		return r.drawForm(operands)
	case "Tz":
		n, err := numbers(operands, 1)
		r.stretch = n[0] / 100
		return err
	case "Tc", "Tw", "TL", "Ts", "T*", "'", "\"", "BI", "ID", "EI":
		return formErrorf("it has the operator %s, which Chrome does not use", op)
	default: // does not affect text
		if len(op) > 3 {
			return formErrorf("it has an unknown operator")
		}
	}
	return nil
}

func matrixOf(operands []operand) (matrix, error) {
	n, err := numbers(operands, 6)
	return matrix{n[0], n[1], n[2], n[3], n[4], n[5]}, err
}

func (r *reader) setFont(operands []operand) error {
	if len(operands) != 2 {
		return formErrorf("a font is set without a size")
	}
	key, _ := operands[0].value.(name)
	r.size = operands[1].number
	fonts, err := r.file.dictAt(r.resources, "Font")
	if err != nil {
		return err
	}
	at, ok := fonts.get(key).(ref)
	if !ok {
		return formErrorf("a font is missing")
	}
	r.font, err = r.file.fontAt(at)
	return err
}

// show draws one string, or an array of strings and position adjustments.
func (r *reader) show(operands []operand) error {
	if len(operands) != 1 || r.font == nil {
		return formErrorf("text is drawn without a font")
	}
	if text := operands[0].text; text != nil {
		return r.glyphs(text)
	}
	list, ok := operands[0].value.(array)
	if !ok {
		return formErrorf("the operand of a text operator is not a text")
	}
	for _, v := range list {
		switch v := v.(type) {
		case float64:
			r.advance(-v / 1000)
		case []byte:
			if err := r.glyphs(v); err != nil {
				return err
			}
		default:
			return formErrorf("the operand of a text operator is not a text")
		}
	}
	return nil
}

// glyphs draws a string of codes.
func (r *reader) glyphs(text []byte) error {
	for len(text) >= r.font.bytes {
		c := int(text[0])
		if r.font.bytes == 2 {
			c = c<<8 | int(text[1])
		}
		if r.file.glyphs++; r.file.glyphs > maxGlyphs {
			return formErrorf("more than %d glyphs", maxGlyphs)
		}
		r.glyph(c)
		text = text[r.font.bytes:]
	}
	return nil
}

// advance moves the text position by a distance in units of the font size.
func (r *reader) advance(by float64) {
	r.at = matrix{1, 0, 0, 1, by * r.size * r.stretch, 0}.times(r.at)
}

// glyph adds the glyph of a code to the output and moves the text position by its width.
func (r *reader) glyph(code int) {
	text, ok := r.font.text[code]
	if !ok || text == "" || text == "\x00" {
		text = string(unicode.ReplacementChar)
	}
	m := r.at.times(r.ctm)
	w := r.font.width(code)
	number := -1
	if n := len(r.marks); n > 0 {
		number = r.marks[n-1].number
	}
	x := m.e + w*r.size*r.stretch*m.a
	r.out = append(r.out, Cluster{
		Text: text, Page: r.page, X0: min(m.e, x), X1: max(m.e, x), Y: m.f,
		Size: math.Abs(r.size) * math.Hypot(m.c, m.d), Mark: number, run: r.runs,
	})
	r.advance(w)
}

// drawForm draws a form XObject. It ignores images, which have no text.
func (r *reader) drawForm(operands []operand) error {
	objects, err := r.file.dictAt(r.resources, "XObject")
	if err != nil || len(operands) != 1 {
		return err
	}
	key, _ := operands[0].value.(name)
	v, err := r.file.resolve(objects.get(key))
	if err != nil {
		return err
	}
	form, ok := v.(*stream)
	if !ok || form.dict.get("Subtype") != name("Form") {
		return nil
	}
	if r.forms++; r.forms > 200 {
		return formErrorf("a page draws more than 200 form XObjects")
	}
	if len(r.saved) > 900 {
		return formErrorf("graphics states nest too deep at a form XObject")
	}
	resources, err := r.file.dictAt(form.dict, "Resources")
	if err != nil {
		return err
	}
	ctm, saved, outer := r.ctm, r.saved, r.resources
	if list, ok := form.dict.get("Matrix").(array); ok {
		var m []operand
		for _, v := range list {
			n, ok := v.(float64)
			m = append(m, operand{number: n, numeric: ok})
		}
		by, err := matrixOf(m)
		if err != nil {
			return err
		}
		r.ctm = by.times(r.ctm)
	}
	r.saved = nil
	if resources != nil {
		r.resources = resources
	}
	err = r.draw(form)
	r.ctm, r.saved, r.resources = ctm, saved, outer
	return err
}
