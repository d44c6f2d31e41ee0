package pdfwrite

import (
	"bytes"
	"slices"
)

// span is where in a content stream a font's name or a string of glyph codes
// stands.
type span struct {
	font     bool
	from, to int
}

// contents are the streams that show text, by object number: of pages and of
// forms.
func (d *parsedFile) contents() []int {
	var list []int
	for n, o := range d.objects {
		switch {
		case o == nil:
		case o.stream != nil && string(entry(o.body, "Subtype")) == "/Form":
			list = append(list, n)
		case o.stream == nil && string(entry(o.body, "Type")) == "/Page":
			references(entry(o.body, "Contents"), func(n int) { list = append(list, n) })
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// spans calls visit with the fonts and strings in a content stream, in order. Chrome
// writes an operator to a line, strings in hexadecimal, and no other operators that
// show text; spans is false when it does not.
func spans(content []byte, visit func(span)) bool {
	for at := 0; at < len(content); {
		end := bytes.IndexByte(content[at:], '\n')
		if end < 0 {
			end = len(content) - at
		}
		line := content[at : at+end]
		switch {
		case bytes.HasSuffix(line, []byte("> Tj")):
			from := at + bytes.LastIndexByte(line, '<') + 1
			visit(span{from: from, to: at + end - len("> Tj")})
		case bytes.HasSuffix(line, []byte(" Tf")):
			name := bytes.IndexByte(line, ' ')
			if line[0] != '/' {
				return false
			}
			visit(span{font: true, from: at + 1, to: at + name})
		case bytes.HasSuffix(line, []byte("TJ")), bytes.HasSuffix(line, []byte("Tj")), bytes.Contains(line, []byte(" Tf ")),
			bytes.HasSuffix(line, []byte(" '")), bytes.HasSuffix(line, []byte(` "`)):
			return false
		}
		at += end + 1
	}
	return true
}

// fontNumber is the object number of a font that content calls by this name:
// Chrome's names are "F" and that number.
func fontNumber(name []byte) int {
	if len(name) < 2 || name[0] != 'F' {
		return 0
	}
	n, _ := number(name[1:])
	return n
}

// unusedNotdef tells of which font programs no text shows glyph 0, the box for what a
// font lacks. Every program has it, and it is often the largest.
func (d *parsedFile) unusedNotdef() map[*object]bool {
	fonts := map[int]bool{} // true when glyph 0 is shown
	for n, o := range d.objects {
		if o != nil && string(entry(o.body, "Subtype")) == "/Type0" {
			fonts[n] = false
		}
	}
	for _, n := range d.contents() {
		content := d.inflate(d.get(n))
		font := 0
		ok := spans(content, func(s span) {
			if s.font {
				font = fontNumber(content[s.from:s.to])
			} else if shown, wide := fonts[font]; wide && !shown && hasZero(content[s.from:s.to]) {
				fonts[font] = true
			}
		})
		if content == nil || !ok {
			d.keep("a content stream is of another form")
			return nil
		}
	}
	unused := map[*object]bool{}
	for n, shown := range fonts {
		if program := d.program(n); program != nil {
			before, known := unused[program]
			unused[program] = !shown && (before || !known)
		}
	}
	return unused
}

// hasZero reports whether a string of two-byte codes has code 0.
func hasZero(hex []byte) bool {
	for ; len(hex) >= 4; hex = hex[4:] {
		if string(hex[:4]) == "0000" {
			return true
		}
	}
	return false
}

// program is the TrueType program of a composite font, or nil.
func (d *parsedFile) program(font int) *object {
	o := d.get(font)
	for _, key := range []string{"DescendantFonts", "FontDescriptor", "FontFile2"} {
		next := 0
		references(entry(o.body, key), func(n int) { next = n })
		if o = d.get(next); o == nil {
			return nil
		}
	}
	return o
}
