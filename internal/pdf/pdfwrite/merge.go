package pdfwrite

import (
	"bytes"
	"fmt"
	"regexp"
)

// type3Merger merges the Type 3 fonts of each face into one font with a CFF program.
type type3Merger struct {
	doc      *parsedFile
	faces    []*face
	newCodes map[int]map[byte]int // by a Type 3 font's number: the new code of each old one
	faceOf   map[int]*face        // by a Type 3 font's number
}

// mergeType3 merges the Type 3 fonts of each face and changes the text to refer to the
// merged fonts. If a content stream is not in the expected form, nothing is changed.
func (d *parsedFile) mergeType3() {
	m := type3Merger{doc: d, newCodes: map[int]map[byte]int{}, faceOf: map[int]*face{}}
	if !m.readFonts() {
		return
	}
	replaced, ok := m.rewriteTexts()
	if !ok {
		return
	}
	var parts []*object
	for i, f := range m.faces {
		font, more, ok := f.objects(i, len(d.objects)+len(parts))
		if !ok {
			return
		}
		replaced[f.first] = font
		parts = append(parts, more...)
	}
	d.objects = append(d.objects, parts...)
	for n, o := range replaced {
		d.objects[n] = o
	}
	for _, o := range d.objects {
		if o != nil {
			o.body = m.renameResources(o.body)
		}
	}
}

// readFonts reads the Type 3 fonts and reports whether there are any to merge. A font that
// cannot be read is left as it is; the other fonts of its face are still merged.
func (m *type3Merger) readFonts() bool {
	byName := map[string]*face{}
	for n, o := range m.doc.objects {
		if o == nil || string(entry(o.body, "Subtype")) != "/Type3" {
			continue
		}
		t, ok := m.doc.readType3(o.body)
		if !ok {
			if entry(o.body, "Resources") == nil { // glyphs with resources are pictures, as expected
				m.doc.reportUnknown("unexpected form of a Type 3 font")
			}
			continue
		}
		f := byName[t.name]
		if f == nil {
			f = &face{first: n, source: t, codes: map[string]int{}}
		}
		newCodes, ok := f.add(m.doc, t)
		if !ok {
			m.doc.reportUnknown("unexpected form of a glyph of a Type 3 font")
			continue
		}
		if byName[t.name] == nil {
			byName[t.name] = f
			m.faces = append(m.faces, f)
		}
		m.newCodes[n], m.faceOf[n] = newCodes, f
	}
	return len(m.faces) > 0
}

// rewriteTexts returns the content streams that change, by object number, with the names and
// codes of the merged fonts.
func (m *type3Merger) rewriteTexts() (map[int]*object, bool) {
	changed := map[int]*object{}
	for _, n := range m.doc.contents() {
		o := m.doc.get(n)
		content := m.doc.inflate(o)
		out := make([]byte, 0, len(content)+len(content)/8)
		at, font, known := 0, 0, true
		ok := textOperands(content, func(s operand) {
			out = append(out, content[at:s.from]...)
			old := content[s.from:s.to]
			at = s.to
			if s.font {
				if font = fontNumber(old); m.faceOf[font] != nil {
					old = fmt.Appendf(nil, "F%d", m.faceOf[font].first)
				}
				out = append(out, old...)
			} else if newCodes := m.newCodes[font]; newCodes == nil {
				out = append(out, old...)
			} else if known {
				out, known = appendCodes(out, old, newCodes)
			}
		})
		if content == nil || !ok || !known {
			m.doc.reportUnknown("unexpected form of a content stream with Type 3 fonts")
			return nil, false
		}
		out = append(out, content[at:]...)
		if bytes.Equal(out, content) {
			continue
		}
		data, err := deflate(out)
		if err != nil {
			return nil, false
		}
		changed[n] = &object{body: withLength(o.body, len(data)), stream: data}
	}
	return changed, true
}

// appendCodes appends a hexadecimal string of one-byte codes as two-byte codes. It reports
// false if a code is not in newCodes.
func appendCodes(out, hex []byte, newCodes map[byte]int) ([]byte, bool) {
	for ; len(hex) >= 2; hex = hex[2:] {
		old, ok := hexNumber([]byte{'<', hex[0], hex[1], '>'})
		n, known := newCodes[byte(old)]
		if !ok || !known {
			return nil, false
		}
		out = fmt.Appendf(out, "%04X", n)
	}
	return out, len(hex) == 0
}

// withLength returns a stream's dictionary for compressed data of n bytes.
func withLength(dict []byte, n int) []byte {
	out := []byte("<<")
	entries(dict, func(name, v []byte) bool {
		if string(name) != "Length" && string(name) != "Filter" {
			out = fmt.Appendf(out, "/%s %s\n", name, v)
		}
		return true
	})
	return fmt.Appendf(out, "/Filter /FlateDecode\n/Length %d>>", n)
}

var fontResource = regexp.MustCompile(`/F(\d+) (\d+) 0 R\n?`)

// renameResources changes a dictionary's font resources to the merged fonts, each once.
func (m *type3Merger) renameResources(dict []byte) []byte {
	if !bytes.Contains(dict, []byte("/Font <<")) {
		return dict
	}
	listed := map[int]bool{} // the fonts that the dictionary has already
	for _, match := range fontResource.FindAllSubmatch(dict, -1) {
		n, _ := number(match[1])
		if m.faceOf[n] == nil {
			listed[n] = true
		}
	}
	return fontResource.ReplaceAllFunc(dict, func(old []byte) []byte {
		n, _ := number(old[2:])
		f := m.faceOf[n]
		switch {
		case f == nil:
			return old
		case listed[f.first]:
			return nil
		}
		listed[f.first] = true
		return fmt.Appendf(nil, "/F%d %d 0 R\n", f.first, f.first)
	})
}
