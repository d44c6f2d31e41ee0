package pdf

// cmap maps the codes of a font to text (ISO 32000-1, 9.10.3).
type cmap map[int]string

// parseCMap reads a ToUnicode map as Skia writes it: single codes and ranges.
func parseCMap(data []byte) (cmap, error) {
	m := cmap{}
	l := &lexer{data: data}
	read := 0 // codes in ranges
	for {
		t, err := l.next()
		if err != nil {
			return nil, err
		}
		if t.kind == atEnd {
			return m, nil
		}
		switch string(t.data) {
		case "beginbfchar":
			err = m.readCodes(l)
		case "beginbfrange":
			err = m.readRanges(l, &read)
		}
		if err != nil {
			return nil, err
		}
	}
}

// code returns the value of a string of one or two bytes.
func code(t token) (int, error) {
	switch {
	case t.kind == aString && len(t.data) == 1:
		return int(t.data[0]), nil
	case t.kind == aString && len(t.data) == 2:
		return int(t.data[0])<<8 | int(t.data[1]), nil
	}
	return 0, formErrorf("a font has codes of more than two bytes")
}

// readCodes reads pairs of code and text up to endbfchar.
func (m cmap) readCodes(l *lexer) error {
	for {
		from, err := l.next()
		if err != nil || from.kind == aKeyword {
			return err
		}
		c, err := code(from)
		if err != nil {
			return err
		}
		to, err := l.next()
		if err != nil {
			return err
		}
		if to.kind != aString {
			return formErrorf("the ToUnicode map of a font is damaged")
		}
		m[c] = decodeUTF16(to.data)
	}
}

// readRanges reads triples of first code, last code, and the text of the first,
// up to endbfrange, and counts the codes.
func (m cmap) readRanges(l *lexer, read *int) error {
	for {
		from, err := l.next()
		if err != nil || from.kind == aKeyword {
			return err
		}
		first, err := code(from)
		if err != nil {
			return err
		}
		to, err := l.next()
		if err != nil {
			return err
		}
		last, err := code(to)
		if err != nil {
			return err
		}
		start, err := l.next()
		if err != nil {
			return err
		}
		if start.kind != aString || len(start.data) < 2 || last < first {
			return formErrorf("the ToUnicode map of a font is damaged")
		}
		if *read += last - first; *read > 4*maxCodes {
			return formErrorf("the ToUnicode map of a font has too many codes")
		}
		text := append([]byte{}, start.data...)
		for c := first; c <= last; c++ {
			m[c] = decodeUTF16(text)
			if text[len(text)-1]++; text[len(text)-1] == 0 {
				text[len(text)-2]++
			}
		}
	}
}
