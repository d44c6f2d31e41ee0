package pdfwrite

import (
	"bytes"
	"math"
	"strconv"
)

// runWriter writes a content stream with the strings of each line joined.
type runWriter struct {
	*joiner
	out    []byte
	failed bool // the content is of another form
	font   *textFont
	size   float64
	name   []byte // the line that set the font in this text

	// Positions along (x) and across (y) the line, in the space of the text matrix.
	lineX, lineY     float64 // where the line begins in the content that is read
	x                float64 // where its next string begins
	originX, originY float64 // where the line begins in what is written
	pen              float64 // where the text ends in what is written
	lost             bool    // x and pen are not known
	fresh            bool    // nothing is written yet after the text matrix was set

	axes             []byte  // of the written text matrix; nil for none
	matrixX, matrixY float64 // its position
	matrixAt         int     // where it is in out; -1 if other lines follow it

	ended    bool      // ET is not written yet
	reopened bool      // and a BT after it
	held     *textLine // and a font after that
	matrix   *textLine // and a text matrix after that

	open  bool // a string is open
	start int  // of the open string and its adjustments in out
	moves bool // there are adjustments

	blanks int // length of the codes at the end that show nothing and have no width

	after []textLine // the lines after the one that is written
}

// farthest is the largest distance, in thousandths of the size, that is written as an
// adjustment inside of a text.
const farthest = 1500

// kerning is the largest adjustment to the left that is written as one number. Some readers
// take larger numbers for blanks, in either direction.
const kerning = 40

// nearest is the smallest distance, in thousandths of the size, that is written. What is
// not is part of the next distance.
const nearest = 2

func (w *runWriter) line(l *textLine) {
	if w.ended && w.goesOn(l) {
		return
	}
	switch l.kind {
	case showText:
		w.show(l)
		return
	case droppedLine:
		return
	case endText:
		w.bridgeGap()
		w.ended = true
		return
	case unreadable:
		w.failed = true
	case setFont:
		if w.sameFont(l) {
			return
		}
	}
	w.flush()
	w.matrixAt = -1
	switch l.kind {
	case setFont:
		w.font, w.size = w.joiner.font(l.font), l.size
		w.name = append(w.name[:0], l.raw...)
	case beginText:
		w.name = w.name[:0] // ends of graphics states restore fonts
		w.axes = nil
	case setMatrix:
		w.axes, w.matrixX, w.matrixY = l.axes, l.dx, l.dy
		w.lineX, w.lineY, w.x, w.originX, w.originY, w.pen = 0, 0, 0, 0, 0, 0
		w.lost, w.fresh = false, true
		w.matrixAt = len(w.out)
	}
	w.out = append(append(w.out, l.raw...), '\n')
}

// sameFont reports whether a line sets the font that is set. Fonts that were merged
// are set for each glyph or two.
func (w *runWriter) sameFont(l *textLine) bool { return bytes.Equal(w.name, l.raw) }

// show writes a string of codes, after the one before if it is on the same line.
func (w *runWriter) show(l *textLine) {
	if l.moved {
		w.lineX, w.lineY = w.lineX+l.dx, w.lineY+l.dy
		w.x = w.lineX
	}
	if w.font == nil || w.size <= 0 || w.lost && !l.moved {
		w.showAlone(l)
		return
	}
	width, ok := w.font.width(l.hex)
	if !ok {
		w.failed = true
		return
	}
	hex, x, y := l.hex, w.x, w.lineY
	if r := l.instead; r != nil && r.hex == nil { // part of what was written before
		w.x += width * w.size / 1000
		return
	}
	if r := l.instead; r != nil {
		hex, x, y = r.hex, x+r.x, y+r.y
	}
	if math.Abs(y-w.originY) < w.size/10000 {
		y = w.originY // heights are rounded
	}
	by := math.Round((w.pen - x) * 1000 / w.size)
	if w.lost || w.fresh && by != 0 || y != w.originY || math.Abs(by) > farthest {
		w.flush()
		w.move(x, y)
		by = 0
	}
	if !w.open {
		w.open, w.start, w.moves = true, len(w.out), false
		w.out = append(w.out, "[<"...)
	}
	if math.Abs(by) >= nearest {
		w.adjust(by)
	}
	w.x += width * w.size / 1000
	if l.instead != nil {
		width, _ = w.font.width(hex)
	}
	w.codes(hex, width)
	w.fresh = false
	w.blanks = w.font.blanks(hex)
}

// codes writes the codes of a string and the gaps after some of them.
func (w *runWriter) codes(hex []byte, width float64) {
	if w.font.leads == nil {
		w.out = append(w.out, hex...)
		w.pen += width * w.size / 1000
		return
	}
	for ; len(hex) >= 4; hex = hex[4:] {
		code, _ := hexCode(hex)
		w.out = append(w.out, hex[:4]...)
		w.pen += w.font.widthOf(code) * w.size / 1000
		if w.font.leads[code] {
			w.adjust(-leadGap)
		}
	}
}

// showAlone writes a string whose width is not known.
func (w *runWriter) showAlone(l *textLine) {
	w.flush()
	if l.moved {
		w.move(w.x, w.lineY)
	}
	w.out = append(append(append(w.out, '<'), l.hex...), "> Tj\n"...)
	w.lost, w.fresh = true, false
}

// adjust moves the next string to the left, in thousandths of the size. A glyph without
// an outline that stands for marks before it moves along: else it would be inside of the
// next glyph, which some readers take for what it marks.
func (w *runWriter) adjust(by float64) {
	w.moves = true
	if by > 0 && w.blanks > 0 {
		n := len(w.out) - w.blanks
		marks := string(w.out[n:])
		w.out, w.blanks = w.out[:n], 0
		w.adjust(by)
		w.out = append(w.out, marks...)
		return
	}
	if n := len(w.out); w.out[n-1] == '<' {
		w.out = w.out[:n-1]
	} else {
		w.out = append(w.out, '>')
	}
	w.pen -= by * w.size / 1000
	for ; by > kerning; by -= kerning {
		w.out = append(strconv.AppendInt(w.out, kerning, 10), ' ')
	}
	w.out = append(strconv.AppendInt(w.out, int64(by), 10), '<')
}

// move begins a line where the next string has to begin. After the text matrix was set,
// it becomes part of that: some readers take each move for a distance from the text before.
func (w *runWriter) move(x, y float64) {
	w.pen, w.lost = x, false
	if w.fresh && x == 0 && y == 0 {
		return
	}
	if w.fresh && w.matrixAt >= 0 && string(w.axes) == upright {
		w.out = append(append(w.out[:w.matrixAt], upright...), ' ')
		w.out = append(appendDecimal(w.out, w.matrixX+x), ' ')
		w.out = append(appendDecimal(w.out, w.matrixY-y), " Tm\n"...)
		w.originX, w.originY = x, y
		return
	}
	w.out = appendDecimal(w.out, x-w.originX)
	w.out = append(appendDecimal(append(w.out, ' '), y-w.originY), " Td "...)
	w.originX, w.originY = x, y
}

// flush ends the open string.
func (w *runWriter) flush() {
	if !w.open {
		return
	}
	w.open, w.blanks = false, 0
	if w.moves {
		w.out = append(w.out, ">] TJ\n"...)
		return
	}
	w.out = append(w.out[:w.start], w.out[w.start+1:]...) // without the bracket
	w.out = append(w.out, "> Tj\n"...)
}

// appendDecimal appends a number with up to five decimals, as Chrome writes them.
func appendDecimal(out []byte, v float64) []byte {
	return strconv.AppendFloat(out, math.Round(v*1e5)/1e5, 'f', -1, 64)
}
