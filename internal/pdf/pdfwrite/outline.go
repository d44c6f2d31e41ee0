package pdfwrite

import (
	"bytes"
	"math"
	"strconv"
)

// outline is the shape of a glyph in thousandths of an em, y upwards.
type outline struct {
	width    int
	segments []segment
}

// segment is a step of an outline: to a point, in a line or a curve, or back to
// where it began.
type segment struct {
	op byte     // m, l or c as in a content stream, h to close
	p  [6]int32 // the points, the last one last in a curve
}

// maxCoordinate bounds what a font program can say (a number of 16 bits).
const maxCoordinate = 1 << 14

// readOutline reads the procedure of a glyph (ISO 32000-1, 9.6.5) that does
// nothing but fill a path; ok is false for all others, such as pictures. Scale turns
// its units into thousandths.
func readOutline(procedure []byte, scale float64) (g outline, ok bool) {
	var args [6]float64
	n, filled := 0, false
	x0, y0 := 0, 0 // where the path is
	point := func(i int) (int, int) {
		return int(math.Round(args[i] * scale)), int(math.Round(-args[i+1] * scale))
	}
	const step = 16 // bytes of a short one
	g.segments = make([]segment, 0, len(procedure)/step)
	add := func(op byte, p ...int) {
		s := segment{op: op}
		for i, v := range p {
			if v > maxCoordinate || v < -maxCoordinate {
				filled = true // and thereby refused
			}
			s.p[i] = int32(v)
		}
		g.segments = append(g.segments, s)
		if len(p) > 0 {
			x0, y0 = p[len(p)-2], p[len(p)-1]
		}
	}
	for rest := skipSpace(procedure); len(rest) > 0; rest = skipSpace(rest) {
		end := wordEnd(rest)
		word := rest[:end]
		rest = rest[end:]
		if c := word[0]; c <= '9' {
			v, ok := decimal(word)
			if !ok || n == len(args) {
				return g, false
			}
			args[n] = v
			n++
			continue
		}
		if filled {
			return g, false
		}
		switch op := string(word); {
		case op == "d1" && n == 6 && len(g.segments) == 0:
			g.width = int(math.Round(args[0] * scale))
		case (op == "m" || op == "l") && n == 2:
			x, y := point(0)
			add(op[0], x, y)
		case op == "c" && n == 6:
			x1, y1 := point(0)
			x2, y2 := point(2)
			x3, y3 := point(4)
			add('c', x1, y1, x2, y2, x3, y3)
		case op == "v" && n == 4:
			x2, y2 := point(0)
			x3, y3 := point(2)
			add('c', x0, y0, x2, y2, x3, y3)
		case op == "y" && n == 4:
			x1, y1 := point(0)
			x3, y3 := point(2)
			add('c', x1, y1, x3, y3, x3, y3)
		case op == "re" && n == 4:
			x, y := point(0)
			args[0], args[1] = args[0]+args[2], args[1]+args[3]
			right, bottom := point(0)
			add('m', x, y)
			add('l', right, y)
			add('l', right, bottom)
			add('l', x, bottom)
			add('h')
		case op == "h" && n == 0:
			add('h')
		case op == "f" && n == 0:
			filled = true
		default:
			return g, false
		}
		n = 0
	}
	return g, n == 0 && (filled || len(g.segments) == 0)
}

// decimal reads a number. Those of outlines are short: an integer and a power of ten
// that both fit a float64 give the same when divided as strconv's longer way.
func decimal(word []byte) (float64, bool) {
	digits := word
	if digits[0] == '-' {
		digits = digits[1:]
	}
	const most = 15 // digits that fit
	if len(digits) == 0 || len(digits) > most {
		v, err := strconv.ParseFloat(string(word), 64)
		return v, err == nil
	}
	whole, divisor, point := 0, 1, false
	for _, c := range digits {
		switch {
		case c == '.' && !point:
			point = true
		case c >= '0' && c <= '9':
			whole = 10*whole + int(c-'0')
			if point {
				divisor *= 10
			}
		default:
			v, err := strconv.ParseFloat(string(word), 64)
			return v, err == nil
		}
	}
	v := float64(whole) / float64(divisor)
	if len(digits) < len(word) {
		v = -v
	}
	return v, len(digits) > 1 || !point
}

// numbers reads an array of numbers; nil when it is none.
func numbers(array []byte) []float64 {
	if len(array) < 2 || array[0] != '[' {
		return nil
	}
	var list []float64
	for _, word := range bytes.Fields(array[1 : len(array)-1]) {
		v, ok := decimal(word)
		if !ok {
			return nil
		}
		list = append(list, v)
	}
	return list
}
