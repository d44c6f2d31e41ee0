package render

import (
	"bytes"
	"math"
	"strconv"
)

// matrix is a PDF transformation: a b c d e f (ISO 32000-1, 8.3.3).
type matrix [6]float64

// then is what m does, and n after it.
func (m matrix) then(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// readText follows the operators of a page's content that place and show text
// (ISO 32000-1, 9.4).
func readText(content []byte) pageText {
	text := pageText{sizes: map[float64]int{}, top: math.Inf(-1), bottom: math.Inf(1)}
	identity := matrix{1, 0, 0, 1, 0, 0}
	page, line := identity, identity
	var saved []matrix
	size := 0.
	var numbers []float64
	shown := 0 // bytes of the strings before an operator
	lexer := lexer{rest: content}
	for {
		token, kind := lexer.next()
		switch kind {
		case endOfContent:
			return text
		case numeral:
			v, _ := strconv.ParseFloat(string(token), 64)
			numbers = append(numbers, v)
			continue
		case literal:
			shown += len(token)
			continue
		case other:
			continue
		}
		// Operators are those of six numbers, or two, or their operands do not matter.
		operands, have := matrix{}, len(numbers)
		copy(operands[:], numbers[max(0, have-6):])
		switch string(token) {
		case "q":
			saved = append(saved, page)
		case "Q":
			if n := len(saved); n > 0 {
				page, saved = saved[n-1], saved[:n-1]
			}
		case "cm":
			page = operands.then(page)
		case "BT":
			line = identity
		case "Tm":
			line = operands
		case "Td", "TD":
			line = matrix{1, 0, 0, 1, operands[0], operands[1]}.then(line)
		case "Tf":
			size = operands[0]
		case "Tj", "TJ":
			if shown == 0 {
				break
			}
			m := line.then(page)
			points := math.Round(100*math.Abs(size)*math.Hypot(m[2], m[3])) / 100
			text.sizes[points] += shown
			text.top, text.bottom = max(text.top, m[5]), min(text.bottom, m[5])
		}
		numbers, shown = numbers[:0], 0
	}
}

// lexer takes a content stream apart (ISO 32000-1, 7.2 and 7.3).
type lexer struct{ rest []byte }

type tokenKind int

const (
	endOfContent tokenKind = iota
	numeral
	literal  // the bytes of a string
	other    // names and brackets
	operator // also true, false and null
)

const (
	blanks     = " \t\r\n\f\x00"
	delimiters = blanks + "()<>[]{}/%"
)

func (l *lexer) next() ([]byte, tokenKind) {
	l.rest = bytes.TrimLeft(l.rest, blanks)
	if len(l.rest) == 0 {
		return nil, endOfContent
	}
	switch c := l.rest[0]; {
	case c == '(':
		return l.text(), literal
	case bytes.HasPrefix(l.rest, []byte("<<")), bytes.HasPrefix(l.rest, []byte(">>")):
		return l.cut(2), other
	case c == '<':
		digits, after, _ := bytes.Cut(l.rest[1:], []byte(">"))
		l.rest = after
		return digits[:len(digits)/2], literal // only their number counts
	case c == '/':
		return l.cut(1 + length(l.rest[1:])), other
	case bytes.IndexByte([]byte(delimiters), c) >= 0:
		return l.cut(1), other
	}
	token := l.cut(length(l.rest))
	if c := token[0]; c == '-' || c == '+' || c == '.' || '0' <= c && c <= '9' {
		return token, numeral
	}
	return token, operator
}

// text takes a string in parentheses, which may hold others and escaped ones.
func (l *lexer) text() []byte {
	depth, i := 0, 0
	for ; i < len(l.rest); i++ {
		switch l.rest[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			break
		}
	}
	return l.cut(min(i+1, len(l.rest)))
}

func (l *lexer) cut(n int) []byte {
	token := l.rest[:n]
	l.rest = l.rest[n:]
	return token
}

// length is that of a name, a number or an operator.
func length(b []byte) int {
	if n := bytes.IndexAny(b, delimiters); n >= 0 {
		return n
	}
	return len(b)
}
