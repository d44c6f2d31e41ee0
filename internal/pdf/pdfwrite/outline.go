package pdfwrite

import (
	"bytes"
	"math"
	"strconv"
)

// outline is the shape of a glyph in thousandths of an em, with y upwards.
type outline struct {
	width    int
	segments []segment
}

// segment is a path operator with its points.
type segment struct {
	op byte     // 'm' (move), 'l' (line), 'c' (curve) or 'h' (close), as in a content stream
	p  [6]int32 // x and y of the end point; of a curve, of two control points and the end point
}

// maxCoordinate limits coordinates so that the difference of two fits the 16 bits of a font
// program's numbers.
const maxCoordinate = 1<<14 - 1

// readOutline reads the content stream of a Type 3 glyph (ISO 32000-1, 9.6.5). It reports
// false unless the stream only sets the width and fills one path; pictures, for example,
// do more. scale is the factor from the stream's units to thousandths of an em.
func readOutline(procedure []byte, scale float64) (g outline, ok bool) {
	const usualSegment = 16 // bytes
	r := outlineReader{scale: scale, segments: make([]segment, 0, len(procedure)/usualSegment)}
	for rest := skipSpace(procedure); len(rest) > 0; rest = skipSpace(rest) {
		end := wordEnd(rest)
		word := rest[:end]
		rest = rest[end:]
		if word[0] > '9' { // numbers begin with a digit, sign or point
			ok = r.operator(word)
		} else {
			ok = r.argument(word)
		}
		if !ok {
			return outline{}, false
		}
	}
	complete := r.filled || len(r.segments) == 0
	return outline{r.width, r.segments}, complete && r.n == 0 && !r.tooLarge
}

// outlineReader collects the path of a glyph.
type outlineReader struct {
	scale    float64
	width    int
	segments []segment
	args     [6]float64 // arguments of the next operator
	n        int        // how many there are
	x, y     int        // the current point
	filled   bool       // the path is complete
	tooLarge bool       // a coordinate exceeds maxCoordinate
}

// argument adds an argument of the next operator.
func (r *outlineReader) argument(word []byte) bool {
	v, ok := decimal(word)
	if !ok || r.n == len(r.args) {
		return false
	}
	r.args[r.n] = v
	r.n++
	return true
}

// operator applies an operator to the arguments. It reports false for an operator that a
// filled path does not have.
func (r *outlineReader) operator(word []byte) bool {
	if r.filled {
		return false
	}
	switch op := string(word); {
	case op == "d1" && r.n == 6 && len(r.segments) == 0:
		r.width = int(math.Round(r.args[0] * r.scale))
	case (op == "m" || op == "l") && r.n == 2:
		x, y := r.point(0)
		r.add(op[0], x, y)
	case op == "c" && r.n == 6:
		x1, y1 := r.point(0)
		x2, y2 := r.point(2)
		x3, y3 := r.point(4)
		r.add('c', x1, y1, x2, y2, x3, y3)
	case op == "v" && r.n == 4:
		x2, y2 := r.point(0)
		x3, y3 := r.point(2)
		r.add('c', r.x, r.y, x2, y2, x3, y3)
	case op == "y" && r.n == 4:
		x1, y1 := r.point(0)
		x3, y3 := r.point(2)
		r.add('c', x1, y1, x3, y3, x3, y3)
	case op == "re" && r.n == 4:
		r.addRectangle()
	case op == "h" && r.n == 0:
		r.add('h')
	case op == "f" && r.n == 0:
		r.filled = true
	default:
		return false
	}
	r.n = 0
	return true
}

// point returns the point that arguments i and i+1 give. The stream's y points downwards.
func (r *outlineReader) point(i int) (x, y int) {
	return int(math.Round(r.args[i] * r.scale)), int(math.Round(-r.args[i+1] * r.scale))
}

// add appends a segment with these coordinates.
func (r *outlineReader) add(op byte, p ...int) {
	s := segment{op: op}
	for i, v := range p {
		r.tooLarge = r.tooLarge || v > maxCoordinate || v < -maxCoordinate
		s.p[i] = int32(v)
	}
	r.segments = append(r.segments, s)
	if len(p) > 0 {
		r.x, r.y = p[len(p)-2], p[len(p)-1]
	}
}

// addRectangle appends the rectangle of the operator re: x, y, width, height.
func (r *outlineReader) addRectangle() {
	x, y := r.point(0)
	r.args[0], r.args[1] = r.args[0]+r.args[2], r.args[1]+r.args[3]
	right, bottom := r.point(0)
	r.add('m', x, y)
	r.add('l', right, y)
	r.add('l', right, bottom)
	r.add('l', x, bottom)
	r.add('h')
}

// decimal parses a number as strconv.ParseFloat does, but faster for the short numbers of
// outlines: digits and power of ten are exact as float64, so that their
// quotient is the correctly rounded number.
func decimal(word []byte) (float64, bool) {
	digits := word
	if digits[0] == '-' {
		digits = digits[1:]
	}
	const maxExact = 15 // digits that a float64 holds exactly
	if len(digits) == 0 || len(digits) > maxExact {
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

// numbers reads an array of numbers. It returns nil for anything else.
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
