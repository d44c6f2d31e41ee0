package pdfwrite

import (
	"bytes"
	"slices"
)

// operand is the position of a font's name or of a string in a content stream: the bytes
// from from up to to.
type operand struct {
	font     bool // a font's name; otherwise a string of glyph codes
	from, to int
}

// contents returns the numbers of the content streams of pages and forms, in ascending order.
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

// contentStream is a content stream of the file, decoded.
type contentStream struct {
	number int    // of its object
	data   []byte // nil if it cannot be decoded
}

// contentStreams decodes all content streams. The result is valid until the file is
// written.
func (d *parsedFile) contentStreams() []contentStream {
	numbers := d.contents()
	list := make([]contentStream, len(numbers))
	ends := make([]int, len(numbers))
	all := d.scratch.contents[:0]
	for i, n := range numbers {
		data := d.inflate(d.get(n))
		all = append(all, data...)
		list[i], ends[i] = contentStream{number: n, data: data}, len(all)
	}
	d.scratch.contents = all
	from := 0
	for i, end := range ends { // only now: append moves what is there
		if list[i].data != nil {
			list[i].data = all[from:end:end]
		}
		from = end
	}
	return list
}

// textOperands calls visit for each font name and string in a content stream, in order.
// Chrome writes one operator a line, strings in hexadecimal, and Tj as the only operator
// that shows text. For anything else textOperands returns false.
func textOperands(content []byte, visit func(operand)) bool {
	for at := 0; at < len(content); {
		end := bytes.IndexByte(content[at:], '\n')
		if end < 0 {
			end = len(content) - at
		}
		line := content[at : at+end]
		switch {
		case bytes.HasSuffix(line, []byte("> Tj")):
			from := at + bytes.LastIndexByte(line, '<') + 1
			visit(operand{from: from, to: at + end - len("> Tj")})
		case bytes.HasSuffix(line, []byte(" Tf")):
			name := bytes.IndexByte(line, ' ')
			if line[0] != '/' {
				return false
			}
			visit(operand{font: true, from: at + 1, to: at + name})
		case bytes.HasSuffix(line, []byte("TJ")), bytes.HasSuffix(line, []byte("Tj")), bytes.Contains(line, []byte(" Tf ")),
			bytes.HasSuffix(line, []byte(" '")), bytes.HasSuffix(line, []byte(` "`)):
			return false
		}
		at += end + 1
	}
	return true
}

// fontNumber returns the object number of the font with this resource name, or 0. Chrome
// names a font "F" followed by its object number.
func fontNumber(name []byte) int {
	if len(name) < 2 || name[0] != 'F' {
		return 0
	}
	n, _ := number(name[1:])
	return n
}

// unusedNotdef reports for each font program whether glyph 0 (.notdef, the box for a
// missing character) is never shown. Every program has this glyph, and it is often the
// largest one.
func (d *parsedFile) unusedNotdef(contents []contentStream) map[*object]bool {
	fonts := map[int]bool{} // by object number: whether glyph 0 is shown
	for n, o := range d.objects {
		if o != nil && string(entry(o.body, "Subtype")) == "/Type0" {
			fonts[n] = false
		}
	}
	for _, c := range contents {
		content := c.data
		font := 0
		ok := textOperands(content, func(s operand) {
			if s.font {
				font = fontNumber(content[s.from:s.to])
			} else if shown, wide := fonts[font]; wide && !shown && hasZero(content[s.from:s.to]) {
				fonts[font] = true
			}
		})
		if content == nil || !ok {
			d.reportUnknown("unexpected form of a content stream")
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

// hasZero reports whether a hexadecimal string of two-byte codes contains code 0.
func hasZero(hex []byte) bool {
	for ; len(hex) >= 4; hex = hex[4:] {
		if string(hex[:4]) == "0000" {
			return true
		}
	}
	return false
}

// program returns the TrueType program of a composite font, or nil.
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
