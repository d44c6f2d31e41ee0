package pdfwrite

import "slices"

// span is the ActualText that replaces a glyph.
type span struct {
	actual string // the last one
	mixed  bool   // there are different ones
}

// gatherAll notes how the content streams use glyphs. They end at these lines.
func (j *joiner) gatherAll(lines []textLine, ends []int) {
	from := 0
	for _, end := range ends {
		j.gather(lines[from:end])
		from = end
	}
}

// gather notes how a content stream uses glyphs.
func (j *joiner) gather(lines []textLine) {
	var p pen
	for i := 0; i < len(lines); i++ {
		l := &lines[i]
		if l.kind == beginSpan {
			end := 0
			if f, code, last := j.single(lines, i, p.font); f != nil {
				f.replaced(code, l.actual)
				end = last
			} else if c, ok := j.cluster(lines, i, p); ok {
				end = c.end // gets a glyph of its own
			}
			for ; i < end; i++ {
				p.follow(j, &lines[i])
			}
			continue
		}
		p.follow(j, l)
		if l.kind == showText && p.font != nil {
			eachCode(l.hex, p.font.shown)
		}
	}
}

// single returns the glyph of a span that has just one, with its font and the line
// where the span ends. The font is nil if there are more.
func (j *joiner) single(lines []textLine, at int, font *textFont) (f *textFont, code, end int) {
	for i := at + 1; i < len(lines); i++ {
		switch l := &lines[i]; l.kind {
		case setFont:
			font = j.font(l.font)
		case showText:
			if f != nil || font == nil || len(l.hex) != 4 {
				return nil, 0, 0
			}
			f = font
			eachCode(l.hex, func(c int) { code = c })
		case endMark:
			return f, code, i
		case beginMark, beginSpan:
			return nil, 0, 0
		}
	}
	return nil, 0, 0
}

// eachCode calls visit with the codes of two bytes of a string.
func eachCode(hex []byte, visit func(code int)) {
	for ; len(hex) >= 4; hex = hex[4:] {
		if code, ok := hexCode(hex); ok {
			visit(code)
		}
	}
}

// shown notes that a glyph is in the text outside of ActualText, or beside others in it.
func (f *textFont) shown(code int) {
	if missing := code + 1 - len(f.plain); missing > 0 {
		f.plain = append(f.plain, make([]bool, max(missing, len(f.plain)))...)
	}
	f.plain[code] = true
}

// replaced notes that ActualText replaces a glyph.
func (f *textFont) replaced(code int, actual string) {
	s := f.spans[code]
	f.spans[code] = span{actual: actual, mixed: s.mixed || s.actual != "" && s.actual != actual}
}

// learn lets glyphs that ActualText always replaces by the same text stand for that
// text by themselves, for the readers that do not know ActualText. Chrome says of such a
// glyph nothing, or the first of several characters that it stands for in the face: a
// radical of a dictionary (U+2F08) for 人.
func (f *textFont) learn() (changed bool) {
	for code, s := range f.spans {
		plain := code < len(f.plain) && f.plain[code]
		if s.actual == "" || plain && f.texts[code] != "" || s.mixed && f.texts[code] != "" && !variant(f.texts[code]) {
			continue
		}
		if f.texts[code] != s.actual && len(s.actual) <= 4*maxLearned {
			f.texts[code] = s.actual
			changed = true
		}
	}
	return changed
}

// maxLearned bounds the text of a glyph, in units of UTF-16.
const maxLearned = 8

// variant reports characters that look like a more usual one: radicals and
// compatibility ideographs.
func variant(text string) bool {
	return slices.ContainsFunc(runesOf(text), func(r rune) bool { return r >= 0x2e80 && r <= 0x2fdf || r >= 0xf900 && r <= 0xfaff })
}
