package pdfwrite

import "bytes"

// reversedWord is a text from right to left that may go on in the next text.
type reversedWord struct {
	font, matrix *textLine // as set in it
	x            float64   // of its last place, from the matrix
}

// nextWord is a text after another: its lines by what they are, -1 for none.
type nextWord struct{ begin, mark, font, matrix, show, end int }

// joinReversed makes one text of words from right to left and the blanks between them.
// The blanks are often in another font, so that each word is a text of its own, and some
// readers put letters in order only within a text. The words of a line then come out
// last to first.
func (j *joiner) joinReversed() {
	var w reversedWord
	reversed := false
	for i := 0; i < len(j.lines); i++ {
		switch l := &j.lines[i]; l.kind {
		case beginText:
			w = reversedWord{}
		case setFont:
			w.font = l
		case setMatrix:
			w.matrix, w.x = l, 0
		case showText:
			if l.moved {
				w.x += l.dx
				if l.dy != 0 {
					w.matrix = nil // not on the line; the next matrix is
				}
			}
		case beginMark:
			reversed = isReversed(l)
		case endMark:
			for reversed && w.font != nil && w.matrix != nil {
				end, ok := j.goOn(i, &w)
				if !ok {
					break
				}
				i = end
			}
			reversed = false
		}
	}
}

func isReversed(l *textLine) bool {
	return l.kind == beginMark && string(l.raw) == "/ReversedChars BMC"
}

// goOn joins a word to the one whose mark ends at a line, with a blank between them. It
// returns the line where the mark of the joined one ends.
func (j *joiner) goOn(at int, w *reversedWord) (end int, ok bool) {
	closing := j.next(at)
	if closing < 0 || j.lines[closing].kind != endText {
		return 0, false
	}
	blank, ok := j.readWord(closing)
	if !ok || blank.mark >= 0 || j.lines[blank.end].kind != endText {
		return 0, false
	}
	word, ok := j.readWord(blank.end)
	if !ok || word.mark < 0 {
		return 0, false
	}
	for end = word.show; j.lines[end].kind != endMark; end++ {
		if l := &j.lines[end]; l.kind != showText && l.kind != droppedLine || end > word.show && l.moved && l.dy != 0 {
			return 0, false
		}
	}
	first, gap := &j.lines[word.show], &j.lines[blank.show]
	if !bytes.Equal(j.lines[word.font].raw, w.font.raw) || !first.moved || !gap.moved || first.dy != 0 || gap.dy != 0 || gap.instead != nil ||
		!bytes.Equal(j.lines[blank.matrix].raw, w.matrix.raw) || !bytes.Equal(j.lines[word.matrix].raw, w.matrix.raw) {
		return 0, false
	}
	code, ok := j.blankFor(w.font, &j.lines[blank.font], gap)
	if !ok {
		return 0, false
	}
	gap.hex, gap.instead = nil, &replacement{hex: []byte(hexUnit(uint16(code)))}
	first.dx, gap.dx = first.dx-gap.dx, gap.dx-w.x
	w.x += gap.dx + first.dx
	for _, n := range []int{at, closing, blank.begin, blank.font, blank.matrix, blank.end, word.begin, word.mark, word.font, word.matrix} {
		j.lines[n].kind = droppedLine
	}
	for n := word.show + 1; n < end; n++ {
		if l := &j.lines[n]; l.kind == showText && l.moved {
			w.x += l.dx
		}
	}
	return end, true
}

// blankFor returns the code of a blank in the font that a line sets, if a string of
// another font is a blank.
func (j *joiner) blankFor(font, other, gap *textLine) (code int, ok bool) {
	f, g := j.font(font.font), j.font(other.font)
	if f == nil || g == nil || len(gap.hex) != 4 {
		return 0, false
	}
	shown, ok := hexCode(gap.hex)
	if !ok || g.texts[shown] != "0020" {
		return 0, false
	}
	if code = f.blank(); code >= 0 {
		return code, true
	}
	if !f.extensible(j.doc) {
		return 0, false
	}
	return f.glyph(nil, "0020", g.widthOf(shown)*other.size/font.size)
}

// readWord reads the text after a line.
func (j *joiner) readWord(at int) (t nextWord, ok bool) {
	t = nextWord{mark: -1, font: -1, matrix: -1, show: -1}
	if t.begin = j.next(at); t.begin < 0 || j.lines[t.begin].kind != beginText {
		return t, false
	}
	for i := j.next(t.begin); i >= 0; i = j.next(i) {
		switch l := &j.lines[i]; {
		case isReversed(l) && t.mark < 0 && t.show < 0:
			t.mark = i
		case l.kind == setFont && t.font < 0:
			t.font = i
		case l.kind == setMatrix && t.matrix < 0:
			t.matrix = i
		case l.kind == showText && t.font >= 0 && t.matrix >= 0:
			t.show = i
			t.end = j.next(i)
			return t, t.end >= 0
		default:
			return t, false
		}
	}
	return t, false
}

// next returns the next line that is written, or -1.
func (j *joiner) next(at int) int {
	for i := at + 1; i < len(j.lines); i++ {
		if j.lines[i].kind != droppedLine {
			return i
		}
	}
	return -1
}
