package pdfwrite

import "bytes"

// lineKind tells the lines of a content stream apart that matter for text.
type lineKind uint8

const (
	otherLine   lineKind = iota
	beginText            // BT
	setFont              // /F4 12 Tf
	setMatrix            // … Tm
	showText             // <0001> Tj, maybe after "x y Td"
	beginSpan            // /Span<</ActualText (x) >> BDC
	beginMark            // any other BMC or BDC
	endMark              // EMC
	endText              // ET
	droppedLine          // is not written
	unreadable           // not in the form that Chrome writes
)

// textLine is a line of a content stream. Chrome writes an operator to a line, except
// that Td is on the line of the string it moves.
type textLine struct {
	kind   lineKind
	moved  bool // of showText: after a Td, by dx and dy
	raw    []byte
	font   int     // of setFont: the number of its object
	size   float64 // of setFont
	dx, dy float64 // of setMatrix: x and y
	axes   []byte  // of setMatrix: a, b, c and d
	hex    []byte  // of showText: the codes
	actual string  // of beginSpan: UTF-16 in hexadecimal

	instead *replacement // of showText: what is written in place of the codes; nil for themselves
}

// replacement is what is written in place of a string.
type replacement struct {
	hex  []byte  // the codes; nil for none
	x, y float64 // from where the string begins to where they do
}

// readLine reads one line.
func readLine(line []byte) textLine {
	l := textLine{raw: line}
	if len(line) < 2 {
		return l
	}
	switch end := string(line[len(line)-2:]); end {
	case "Tj":
		if bytes.HasSuffix(line, []byte("> Tj")) {
			return l.readShow()
		}
	case "BT", "ET":
		if len(line) == 2 && end == "BT" {
			l.kind = beginText
		} else if len(line) == 2 {
			l.kind = endText
		}
	case "Tm":
		return l.readMatrix()
	case "Tf":
		return l.readFont()
	case "MC":
		if bytes.HasSuffix(line, []byte("EMC")) {
			l.kind = endMark
		} else {
			l.kind = beginMark
		}
	case "DC":
		return l.readMark()
	case "TJ", "Td":
		l.kind = unreadable
	}
	return l
}

// readMark reads "/Span<</ActualText (x) >> BDC" and "/P <</MCID 3 >> BDC".
func (l textLine) readMark() textLine {
	l.kind = beginMark
	if text, ok := bytes.CutPrefix(l.raw, []byte("/Span<</ActualText ")); ok {
		if l.actual, ok = hexText(bytes.TrimSuffix(text, []byte(" >> BDC"))); ok {
			l.kind = beginSpan
		}
	}
	return l
}

// readShow reads "<0001> Tj" and "1 0 Td <0001> Tj".
func (l textLine) readShow() textLine {
	l.kind = unreadable
	open := bytes.LastIndexByte(l.raw, '<')
	if open < 0 {
		return l
	}
	l.hex = l.raw[open+1 : len(l.raw)-len("> Tj")]
	if move := l.raw[:open]; len(move) > 0 {
		x, rest, _ := bytes.Cut(move, []byte(" "))
		y, rest, _ := bytes.Cut(rest, []byte(" "))
		var ok1, ok2 bool
		l.moved = true
		l.dx, ok1 = realValue(x)
		l.dy, ok2 = realValue(y)
		if !ok1 || !ok2 || string(rest) != "Td " {
			return l
		}
	}
	l.kind = showText
	return l
}

// readMatrix reads "1 0 0 -1 10 20 Tm".
func (l textLine) readMatrix() textLine {
	l.kind = unreadable
	rest := bytes.TrimSuffix(l.raw, []byte(" Tm"))
	end := bytes.LastIndexByte(rest, ' ')
	if end < 0 {
		return l
	}
	start := bytes.LastIndexByte(rest[:end], ' ')
	if start < 0 {
		return l
	}
	var ok1, ok2 bool
	l.axes = rest[:start]
	l.dx, ok1 = realValue(rest[start+1 : end])
	l.dy, ok2 = realValue(rest[end+1:])
	if ok1 && ok2 {
		l.kind = setMatrix
	}
	return l
}

func (l textLine) readFont() textLine {
	l.kind = unreadable
	name, rest, _ := bytes.Cut(l.raw, []byte(" "))
	size, ok := realValue(bytes.TrimSuffix(rest, []byte(" Tf")))
	if !ok || len(name) < 2 || name[0] != '/' {
		return l
	}
	l.kind, l.font, l.size = setFont, fontNumber(name[1:]), size
	return l
}

// realValue reads a number with or without a fraction.
func realValue(word []byte) (float64, bool) {
	if len(word) == 0 {
		return 0, false
	}
	return decimal(word)
}
