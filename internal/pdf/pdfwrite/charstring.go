package pdfwrite

// Operators of Type 2 charstrings (Adobe Technical Note 5177).
const (
	opRlineto    = 5
	opHlineto    = 6
	opVlineto    = 7
	opRrcurveto  = 8
	opEndchar    = 14
	opRmoveto    = 21
	opHmoveto    = 22
	opVmoveto    = 4
	opVvcurveto  = 26
	opHhcurveto  = 27
	opVhcurveto  = 30
	opHvcurveto  = 31
	maxArguments = 48 // size of an interpreter's stack
)

// charstring returns the Type 2 charstring of an outline. It has a width only if that differs
// from usualWidth, the font's default.
func charstring(g outline, usualWidth int) []byte {
	w := charWriter{}
	if g.width != usualWidth {
		w.width, w.hasWidth = g.width, true
	}
	var x, y int32           // the current point
	var startX, startY int32 // the start of the contour
	for i, s := range g.segments {
		switch s.op {
		case 'm':
			w.move(int(s.p[0]-x), int(s.p[1]-y))
			x, y = s.p[0], s.p[1]
			startX, startY = x, y
		case 'l':
			// Contours are closed implicitly, so a line back to the start is left out.
			closing := i+1 < len(g.segments) && g.segments[i+1].op == 'h'
			if closing && s.p[0] == startX && s.p[1] == startY {
				continue
			}
			w.line(int(s.p[0]-x), int(s.p[1]-y))
			x, y = s.p[0], s.p[1]
		case 'c':
			w.curve([6]int{int(s.p[0] - x), int(s.p[1] - y), int(s.p[2] - s.p[0]), int(s.p[3] - s.p[1]), int(s.p[4] - s.p[2]), int(s.p[5] - s.p[3])})
			x, y = s.p[4], s.p[5]
		}
	}
	w.flush()
	w.emit(opEndchar)
	return w.out
}

// charWriter writes a charstring. Consecutive lines or curves of one kind share an operator,
// so their arguments are collected first.
type charWriter struct {
	out      []byte
	width    int
	hasWidth bool  // width has still to be written
	op       int   // operator of the collected arguments; 0 if there are none
	next     int   // operator whose arguments may follow under op
	args     []int // collected arguments
}

// emit writes the width, if that is still to be written, the arguments and the operator.
func (w *charWriter) emit(op byte, args ...int) {
	if w.hasWidth {
		w.out = appendNumber(w.out, w.width)
		w.hasWidth = false
	}
	for _, a := range args {
		w.out = appendNumber(w.out, a)
	}
	w.out = append(w.out, op)
}

// flush writes the collected arguments with their operator.
func (w *charWriter) flush() {
	if w.op != 0 {
		w.emit(byte(w.op), w.args...)
		w.op, w.args = 0, w.args[:0]
	}
}

// add collects the arguments of one line or curve with operator op. The arguments of next
// may follow under the same operator: op itself, or for operators that alternate (such as
// hlineto and vlineto) the other one.
func (w *charWriter) add(op, next int, args ...int) {
	if w.op == 0 || w.next != op || len(w.args)+len(args) > maxArguments {
		w.flush()
		w.op = op
	}
	w.args = append(w.args, args...)
	w.next = next
}

func (w *charWriter) move(dx, dy int) {
	w.flush()
	switch {
	case dy == 0:
		w.emit(opHmoveto, dx)
	case dx == 0:
		w.emit(opVmoveto, dy)
	default:
		w.emit(opRmoveto, dx, dy)
	}
}

func (w *charWriter) line(dx, dy int) {
	switch {
	case dx == 0 && dy == 0:
	case dy == 0:
		w.add(opHlineto, opVlineto, dx)
	case dx == 0:
		w.add(opVlineto, opHlineto, dy)
	default:
		w.add(opRlineto, opRlineto, dx, dy)
	}
}

// curve adds a curve. d holds the differences from each point to the next: two control points
// and the end point.
func (w *charWriter) curve(d [6]int) {
	switch {
	case d[1] == 0 && d[4] == 0:
		w.add(opHvcurveto, opVhcurveto, d[0], d[2], d[3], d[5])
	case d[0] == 0 && d[5] == 0:
		w.add(opVhcurveto, opHvcurveto, d[1], d[2], d[3], d[4])
	case d[1] == 0 && d[5] == 0:
		w.add(opHhcurveto, opHhcurveto, d[0], d[2], d[3], d[4])
	case d[0] == 0 && d[4] == 0:
		w.add(opVvcurveto, opVvcurveto, d[1], d[2], d[3], d[5])
	default:
		w.add(opRrcurveto, opRrcurveto, d[:]...)
	}
}

// appendNumber appends a 16-bit integer in the shortest encoding.
func appendNumber(out []byte, v int) []byte {
	switch {
	case v >= -107 && v <= 107:
		return append(out, byte(v+139))
	case v >= 108 && v <= 1131:
		v -= 108
		return append(out, byte(247+v>>8), byte(v))
	case v >= -1131 && v <= -108:
		v = -v - 108
		return append(out, byte(251+v>>8), byte(v))
	}
	return append(out, 28, byte(v>>8), byte(v))
}
