package pdfwrite

import (
	"bytes"
	"math"
)

// nextText is the largest distance, in thousandths of the size, at which a text on the
// same line is written as part of the one before.
const nextText = 500

// goesOn takes the lines after the end of a text. It reports whether a line needs nothing
// else, because a text that begins where the one before has ended is written as a part of
// it: Chrome ends a text where the font changes, also within words.
func (w *runWriter) goesOn(l *textLine) bool {
	switch {
	case l.kind == droppedLine:
		return true
	case l.kind == beginText && !w.reopened:
		w.reopened = true
		return true
	case l.kind == setFont && w.reopened && w.held == nil:
		w.held = l
		return true
	case l.kind == setMatrix && w.held != nil && w.matrix == nil:
		w.matrix = l
		return true
	case l.kind == showText && w.matrix != nil && w.follows(w.matrix, l):
		font, x := w.held, w.matrix.dx-w.matrixX
		w.ended, w.reopened, w.held, w.matrix = false, false, nil, nil
		w.line(font)
		w.lineX, w.lineY, w.x = x, 0, x
		return false
	}
	w.end()
	return false
}

// follows reports whether a text with this matrix and first string begins where the
// written one ends. Where text runs from right to left, readers go by the texts for the
// order.
func (w *runWriter) follows(matrix, first *textLine) bool {
	x := matrix.dx + first.dx - w.matrixX
	return !w.reversed && string(matrix.axes) == upright && bytes.Equal(w.axes, matrix.axes) && matrix.dy == w.matrixY && first.dy == 0 &&
		w.originY == 0 && w.lineY == 0 && !w.lost && w.font != nil && math.Abs(w.pen-x) <= nextText*w.size/1000
}

// end writes the end of a text, and what was held back after it.
func (w *runWriter) end() {
	if !w.ended {
		w.flush()
		return
	}
	reopened, font, matrix := w.reopened, w.held, w.matrix
	w.ended, w.reopened, w.held, w.matrix = false, false, nil, nil
	w.flush()
	w.out = append(w.out, "ET\n"...)
	if reopened {
		w.line(&textLine{kind: beginText, raw: []byte("BT")})
	}
	if font != nil {
		w.line(font)
	}
	if matrix != nil {
		w.line(matrix)
	}
}
