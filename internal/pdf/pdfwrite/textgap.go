package pdfwrite

import (
	"bytes"
	"math"
	"strconv"
)

// bridgeRoom is the part of the size that is left free at both ends of a gap: more than
// what some readers take for the end of a word, less than what they take for a blank.
const bridgeRoom = 0.12

// bridgeText is the ActualText of a stretched blank, two blanks: poppler counts one as
// nothing.
const bridgeText = "/Span<</ActualText <feff00200020> >> BDC\n"

// bridgeGap stretches the blank at the end of a text up to the next text, if that is on the
// same line and at least the size of the font away: the dates after a title. Readers that
// sort text by where it stands take what is far apart for columns.
func (w *runWriter) bridgeGap() {
	if !w.open || w.lost || w.reversed || w.originY != 0 || string(w.axes) != upright {
		return
	}
	n := len(w.out) - 4
	code, ok := hexCode(w.out[n:])
	if !ok || w.font.texts[code] != "0020" {
		return
	}
	to, ok := w.nextPlace()
	width := w.font.widthOf(code) * w.size / 1000
	if !ok || width <= 0 || to-w.pen < w.size {
		return
	}
	blank := string(w.out[n:])
	w.cut(n)
	from := w.pen - width + bridgeRoom*w.size
	to -= bridgeRoom * w.size
	w.out = append(w.out, bridgeText...)
	w.move(from, 0)
	w.out = strconv.AppendFloat(w.out, math.Round(1e4*(to-from)/width)/100, 'f', -1, 64)
	w.out = append(append(append(w.out, " Tz <"...), blank...), "> Tj 100 Tz\nEMC\n"...)
	w.lost = true
}

// upright is the axes of text that is neither turned nor scaled.
const upright = "1 0 0 -1"

// nextPlace returns where the next text begins, in the space of this one, if it is on the
// same line and nothing but marks and a colour is before it.
func (w *runWriter) nextPlace() (x float64, ok bool) {
	for i := range w.after {
		switch l := &w.after[i]; l.kind {
		case setMatrix:
			if string(l.axes) != upright || l.dy != w.matrixY {
				return 0, false
			}
			x = l.dx - w.matrixX
		case showText:
			return x + l.dx, l.dy == 0
		case otherLine:
			if !bytes.HasSuffix(l.raw, []byte(" rg")) {
				return 0, false
			}
		case beginText, setFont, beginSpan, beginMark, endMark, endText, droppedLine:
		default:
			return 0, false
		}
	}
	return 0, false
}

// cut ends the open string at a position in what is written, without what is after it.
func (w *runWriter) cut(n int) {
	w.out, w.blanks = w.out[:n], 0
	switch {
	case n == w.start+len("[<"):
		w.out, w.open = w.out[:w.start], false
	case w.out[n-1] == '<': // after an adjustment
		w.out, w.open = append(w.out[:n-1], "] TJ\n"...), false
	default:
		w.flush()
	}
}
