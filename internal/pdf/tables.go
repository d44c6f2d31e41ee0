package pdf

import (
	"bytes"
	"strconv"
)

// startOfTable returns the offset of the newest cross-reference table.
func (f *File) startOfTable() (int, error) {
	tail := f.data[max(0, len(f.data)-1024):]
	at := bytes.LastIndex(tail, []byte("startxref"))
	if at < 0 || !bytes.Contains(tail[at:], []byte("%%EOF")) {
		return 0, formErrorf("its end is missing")
	}
	number, _, _ := bytes.Cut(bytes.TrimLeft(tail[at+len("startxref"):], "\r\n "), []byte("\n"))
	start, err := strconv.Atoi(string(bytes.TrimSpace(number)))
	if err != nil || start <= 0 || start >= len(f.data) {
		return 0, formErrorf("the offset of its cross-reference table is missing or wrong")
	}
	return start, nil
}

// readTable reads a cross-reference table and its trailer, and returns the offset of the
// previous table, or 0. Entries of newer tables take precedence.
func (f *File) readTable(at int) (before int, err error) {
	if at < 0 || at >= len(f.data) {
		return 0, formErrorf("the offset of a cross-reference table is outside of the file")
	}
	l := parser{lexer{data: f.data, pos: at}, f.known}
	if t, err := l.next(); err != nil || string(t.data) != "xref" {
		return f.readTableStream(at)
	}
	for {
		t, err := l.next()
		if err != nil {
			return 0, err
		}
		if t.kind == aKeyword && string(t.data) == "trailer" {
			break
		}
		n, err := l.next()
		if err != nil || t.kind != aNumber || n.kind != aNumber || t.num < 0 || n.num < 0 {
			return 0, formErrorf("its cross-reference table is damaged")
		}
		if err := f.readEntries(&l.lexer, int(min(t.num, 1e9)), int(min(n.num, 1e9))); err != nil {
			return 0, err
		}
	}
	v, err := l.value(0)
	if err != nil {
		return 0, err
	}
	trailer, ok := v.(dict)
	if !ok {
		return 0, formErrorf("it has no trailer")
	}
	return f.chain(trailer, at)
}

// chain keeps the first trailer, which is the newest, and returns the offset of the
// table before the one at the given offset, or 0.
func (f *File) chain(trailer dict, at int) (before int, err error) {
	if f.trailer == nil {
		f.trailer = trailer
	}
	prev, ok := trailer.get("Prev").(float64)
	if !ok {
		return 0, nil
	}
	// A linearised file has its newest table at the start, so the offsets need not
	// decrease.
	if f.tables[at] = true; prev <= 0 || prev >= float64(len(f.data)) || f.tables[int(prev)] {
		return 0, formErrorf("its cross-reference tables form a cycle")
	}
	return int(prev), nil
}

// readEntries reads n entries of 20 bytes: offset, generation, and "n" if in use.
func (f *File) readEntries(l *lexer, first, n int) error {
	l.skipBlank()
	const line = 20
	if n > (len(f.data)-l.pos)/line {
		return formErrorf("its cross-reference table is truncated")
	}
	for i := range n {
		e := f.data[l.pos : l.pos+line]
		l.pos += line
		if _, known := f.offsets[first+i]; known {
			continue
		}
		offset, err := strconv.Atoi(string(e[:10]))
		if err != nil || offset < 0 || offset >= len(f.data) {
			return formErrorf("its cross-reference table is damaged")
		}
		if e[17] != 'n' {
			offset = 0
		}
		f.offsets[first+i] = offset
	}
	return nil
}
