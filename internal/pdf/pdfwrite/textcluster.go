package pdfwrite

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// cluster is a span of ActualText whose glyphs are shown in one font, which is the text
// of a character or of several that are written as one.
type cluster struct {
	font  *textFont
	shows []int  // lines that show its glyphs
	end   int    // the line with its end
	parts []part // its glyphs

	size         float64
	x            float64 // where the next glyph is; the first is at 0, 0
	lineX, lineY float64 // from where its place is measured
	left, right  float64 // the ends of all glyphs
	up           float64 // the height of the widest one
	widest       float64
}

// part is a glyph of a cluster and its distance from the first one, in units of the face.
type part struct{ code, dx, dy int }

// pen is where text is written: the font, and the distance from the last place that was
// stated, from which the next one is measured.
type pen struct {
	font *textFont
	size float64
	x    float64
}

// follow takes the effect of a line of a content stream.
func (p *pen) follow(j *joiner, l *textLine) {
	switch l.kind {
	case setFont:
		p.font, p.size = j.font(l.font), l.size
	case setMatrix:
		p.x = 0
	case showText:
		if l.moved {
			p.x = 0
		}
		if p.font != nil {
			width, _ := p.font.width(l.hex)
			p.x += width * p.size / 1000
		}
	}
}

// cluster reads the span that begins at a line. It reports false if the span is of
// another form, or its font is none to which glyphs can be added.
func (j *joiner) cluster(lines []textLine, at int, p pen) (c cluster, ok bool) {
	for i := at + 1; i < len(lines); i++ {
		switch l := &lines[i]; l.kind {
		case setFont, setMatrix:
			if len(c.shows) > 0 {
				return c, false
			}
			p.follow(j, l)
		case showText:
			if len(c.shows) == 0 {
				if p.font == nil || p.size <= 0 || !p.font.extensible(j.doc) {
					return c, false
				}
				c.font, c.size = p.font, p.size
				if !l.moved {
					c.lineX = -p.x
				}
			} else if l.moved {
				c.lineX, c.lineY = c.lineX+l.dx, c.lineY+l.dy
				c.x = c.lineX
			}
			c.shows = append(c.shows, i)
			eachCode(l.hex, c.add)
			if len(c.parts) > maxParts {
				return c, false
			}
		case endMark:
			c.end = i
			c.measure(lines[i+1:])
			c.align()
			return c, len(c.parts) > 0
		default:
			return c, false
		}
	}
	return c, false
}

// add adds the next glyph.
func (c *cluster) add(code int) {
	width := c.font.widthOf(code)
	c.parts = append(c.parts, part{code, c.units(c.x), c.units(c.lineY)})
	if width > c.widest || len(c.parts) == 1 {
		c.widest, c.up = width, c.lineY
	}
	c.left = min(c.left, c.x)
	c.x += width * c.size / 1000
	c.right = max(c.right, c.x)
}

// units returns a distance in units of the face.
func (c *cluster) units(v float64) int {
	return int(math.Round(v * float64(c.font.outlines.units) / c.size))
}

// align moves the origin of a cluster to its left end, at the height of its widest glyph.
func (c *cluster) align() {
	left, up := c.units(c.left), c.units(c.up)
	for i := range c.parts {
		c.parts[i].dx -= left
		c.parts[i].dy -= up
	}
}

// measure sets the right end of a cluster to the place where the text goes on, if that
// is at the same height.
func (c *cluster) measure(after []textLine) {
	for _, l := range after {
		switch l.kind {
		case showText:
			x, most := c.lineX+l.dx, c.left+2*(c.right-c.left)
			if l.moved && math.Abs(c.lineY+l.dy-c.up) < c.size/1000 && x >= c.left && x < most {
				c.right = x
			}
			return
		case beginSpan:
		default:
			return
		}
	}
}

// width returns the width of all glyphs in thousandths of the size.
func (c *cluster) width() float64 { return (c.right - c.left) * 1000 / c.size }

// maxParts bounds the glyphs of a cluster.
const maxParts = 32

// compose replaces spans of ActualText by glyphs that stand for the text. Glyphs of a
// cluster become one glyph, so that no reader sees them in another order, with others
// between, or apart. Most readers do not know ActualText.
//
// Text from right to left is in the order in which it is seen, which readers turn
// around, character by character. There, each character of a cluster but the first gets
// a glyph of its own without an outline, before the one with all outlines. Other text
// has one of these after it for the marks: some readers take the width of a glyph that
// stands for a mark, among others, for zero.
func (j *joiner) compose() {
	var p pen
	depth, reversed := 0, 0 // reversed is the depth of the mark of reversed text, or 0
	for i := 0; i < len(j.lines); i++ {
		l := &j.lines[i]
		switch l.kind {
		case beginSpan:
			if end, ok := j.composeSpan(i, p, reversed > 0); ok {
				for ; i < end; i++ {
					p.follow(j, &j.lines[i])
				}
				l.kind, j.lines[end].kind = droppedLine, droppedLine
				continue
			}
			depth++
		case beginMark:
			depth++
			if reversed == 0 && isReversed(l) {
				reversed = depth
			}
		case endMark:
			if depth--; depth < reversed {
				reversed = 0
			}
		}
		p.follow(j, l)
		if l.kind == showText && p.font != nil && p.font.several {
			j.splitCodes(l, p.font, reversed > 0)
		}
	}
}

// composeSpan lets the glyphs of the span that begins at a line stand for its text. It
// returns the line where the span ends.
func (j *joiner) composeSpan(at int, p pen, reversed bool) (end int, ok bool) {
	c, ok := j.cluster(j.lines, at, p)
	if !ok {
		return 0, false
	}
	hex, ok := c.hex(j.lines[at].actual, reversed)
	if !ok {
		return 0, false
	}
	for _, n := range c.shows {
		j.lines[n].instead = &replacement{}
	}
	j.lines[c.shows[0]].instead = &replacement{hex: hex, x: c.left, y: c.up}
	return c.end, true
}

// hex returns the codes of the glyphs that stand for the text of a cluster.
func (c *cluster) hex(actual string, reversed bool) ([]byte, bool) {
	list := textUnits(actual)
	if len(list) == 0 || len(list) > maxParts {
		return nil, false
	}
	var hex []byte
	ok := true
	add := func(parts []part, text string, width float64) {
		code, added := c.font.glyph(parts, text, width)
		hex = append(hex, hexUnit(uint16(code))...)
		ok = ok && added
	}
	if reversed {
		step := float64(leadWidth + leadGap)
		if lead := step * float64(len(list)-1); c.width() > lead {
			for _, r := range slices.Backward(list[1:]) {
				add(nil, r, leadWidth)
				c.font.lead(hex)
			}
			add(c.shifted(-lead), list[0], c.width()-lead)
			return hex, ok
		}
		for _, r := range slices.Backward(list[1:]) {
			add(nil, r, 0)
		}
		add(c.parts, list[0], c.width())
		return hex, ok
	}
	marks := 1
	for marks < len(list) && !isMark(list[marks]) {
		marks++
	}
	if marks == len(list) {
		add(c.parts, actual, c.width())
		return hex, ok
	}
	room := min(markWidth, c.width()/2)
	add(c.parts, strings.Join(list[:marks], ""), c.width()-room)
	add(nil, strings.Join(list[marks:], ""), room)
	return hex, ok
}

// markWidth is the width, in thousandths of the size, of a glyph for the marks of a
// cluster, which the others leave to it. If it had none, rounding could put it inside of
// the next glyph, and some readers would take that for what it marks.
const markWidth = 10

// leadWidth and leadGap are the width of a glyph before the one with the outlines of a
// cluster from right to left, and the gap after it, in thousandths of the size. poppler takes
// two glyphs less than 100 apart for one that is drawn twice, and a gap of more than 100
// for the end of a word.
const leadWidth, leadGap = 75, 28

// lead notes that the last of some codes has a gap after it.
func (f *textFont) lead(hex []byte) {
	if code, ok := hexCode(hex[len(hex)-4:]); ok {
		if f.leads == nil {
			f.leads = map[int]bool{}
		}
		f.leads[code] = true
	}
}

// shifted returns the glyphs of a cluster moved by a distance in thousandths of the size.
func (c *cluster) shifted(by float64) []part {
	list := slices.Clone(c.parts)
	for i := range list {
		list[i].dx += int(math.Round(by * float64(c.font.outlines.units) / 1000))
	}
	return list
}

// splitCodes replaces glyphs that stand for several characters as compose does. The
// browser lists all characters of a glyph if they are always the same.
func (j *joiner) splitCodes(l *textLine, f *textFont, reversed bool) {
	var out []byte
	for at := 0; at+4 <= len(l.hex); at += 4 {
		code, ok := hexCode(l.hex[at:])
		if text := f.texts[code]; ok && len(text) > 4 && f.splits(text, reversed) && f.extensible(j.doc) {
			c := cluster{font: f, size: 1000, parts: []part{{code: code}}, right: f.widthOf(code)}
			if hex, ok := c.hex(text, reversed); ok {
				if out == nil {
					out = append(out, l.hex[:at]...)
				}
				out = append(out, hex...)
				continue
			}
		}
		if out != nil {
			out = append(out, l.hex[at:at+4]...)
		}
	}
	if out != nil {
		l.instead = &replacement{hex: out}
	}
}

// isMark reports whether a text is a mark on the letter before.
func isMark(text string) bool {
	runes := runesOf(text)
	return len(runes) > 0 && unicode.Is(unicode.Mn, runes[0])
}

// says reports whether a glyph stands for a text, or a blank for a wider one.
func (f *textFont) says(code int, text string) bool {
	as := f.texts[code]
	return as == text || as == "0020" && isBlank(text)
}

// isBlank reports white space of any width. The browser says so of the one after a bullet.
func isBlank(text string) bool {
	runes := runesOf(text)
	return len(runes) == 1 && unicode.IsSpace(runes[0])
}

// splits reports whether a glyph must not stand for a text alone.
func (f *textFont) splits(text string, reversed bool) bool {
	list := textUnits(text)
	return len(list) > 1 && (reversed || slices.ContainsFunc(list[1:], isMark))
}

// textUnits returns the characters of UTF-16 in hexadecimal.
func textUnits(text string) []string {
	var list []string
	for len(text) >= 4 {
		n := 4
		if high := strings.ToUpper(text[:2]); high >= "D8" && high <= "DB" && len(text) >= 8 {
			n = 8
		}
		list = append(list, text[:n])
		text = text[n:]
	}
	return list
}

// glyph returns the code of a glyph that looks like some glyphs and stands for a text. It
// adds one if there is none.
func (f *textFont) glyph(parts []part, text string, width float64) (code int, ok bool) {
	if len(parts) == 1 && parts[0].dx == 0 && parts[0].dy == 0 && f.says(parts[0].code, text) {
		return parts[0].code, true
	}
	var b strings.Builder
	b.WriteString(text)
	for _, p := range parts {
		for _, n := range []int{p.code, p.dx, p.dy} {
			b.WriteByte(' ')
			b.WriteString(strconv.Itoa(n))
		}
	}
	key := b.String()
	if code, ok = f.composed[key]; ok {
		return code, true
	}
	rounded := math.Round(width)
	if code, ok = f.outlines.add(parts, int(rounded)); !ok || !f.setWidth(code, rounded) {
		return 0, false
	}
	if f.composed == nil {
		f.composed = map[string]int{}
	}
	f.composed[key] = code
	f.texts[code] = text
	return code, true
}

// blanks returns the length of the codes at the end of a string that were added without
// an outline.
func (f *textFont) blanks(hex []byte) int {
	n := 0
	for f.outlines != nil && n+4 <= len(hex) {
		code, ok := hexCode(hex[len(hex)-n-4:])
		if !ok || code < f.outlines.glyphs || f.widthOf(code) > markWidth {
			break
		}
		n += 4
	}
	return n
}
