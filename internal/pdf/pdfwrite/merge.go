package pdfwrite

import (
	"bytes"
	"fmt"
	"regexp"
)

// merge is the work of putting fonts of procedures together.
type merge struct {
	doc   *parsedFile
	faces []*face
	codes map[int]map[byte]int // by font: the new code of each old one
	into  map[int]*face        // by font
}

// mergeOutlines makes one font with a program out of all fonts of procedures of a
// face, and has the text refer to it. Whatever is not as expected leaves
// everything as it is.
func (d *parsedFile) mergeOutlines() {
	m := merge{doc: d, codes: map[int]map[byte]int{}, into: map[int]*face{}}
	if !m.gather() {
		return
	}
	texts, ok := m.recode()
	if !ok {
		return
	}
	var parts []*object
	for i, c := range m.faces {
		font, more, ok := c.objects(i, len(d.objects)+len(parts))
		if !ok {
			return
		}
		texts[c.first] = font
		parts = append(parts, more...)
	}
	d.objects = append(d.objects, parts...)
	for n, o := range texts {
		d.objects[n] = o
	}
	for _, o := range d.objects {
		if o != nil {
			o.body = m.renameResources(o.body)
		}
	}
}

// gather reads the fonts. Of a face with a font that cannot be read, those fonts
// that can are still merged.
func (m *merge) gather() bool {
	byName := map[string]*face{}
	for n, o := range m.doc.objects {
		if o == nil || string(entry(o.body, "Subtype")) != "/Type3" {
			continue
		}
		t, ok := m.doc.readType3(o.body)
		if !ok {
			if entry(o.body, "Resources") == nil { // with resources its glyphs are pictures
				m.doc.keep("a font of procedures is of another form")
			}
			continue
		}
		c := byName[t.name]
		if c == nil {
			c = &face{first: n, source: t, numbers: map[string]int{}}
		}
		codes, ok := c.add(m.doc, t)
		if !ok {
			m.doc.keep("a glyph of a font of procedures is of another form")
			continue
		}
		if byName[t.name] == nil {
			byName[t.name] = c
			m.faces = append(m.faces, c)
		}
		m.codes[n], m.into[n] = codes, c
	}
	return len(m.faces) > 0
}

// recode writes the texts with the new fonts' names and codes.
func (m *merge) recode() (map[int]*object, bool) {
	changed := map[int]*object{}
	for _, n := range m.doc.contents() {
		o := m.doc.get(n)
		content := m.doc.inflate(o)
		out := make([]byte, 0, len(content)+len(content)/8)
		at, font, known := 0, 0, true
		ok := spans(content, func(s span) {
			out = append(out, content[at:s.from]...)
			old := content[s.from:s.to]
			at = s.to
			if s.font {
				if font = fontNumber(old); m.into[font] != nil {
					old = fmt.Appendf(nil, "F%d", m.into[font].first)
				}
				out = append(out, old...)
			} else if codes := m.codes[font]; codes == nil {
				out = append(out, old...)
			} else if known {
				out, known = appendCodes(out, old, codes)
			}
		})
		if content == nil || !ok || !known {
			m.doc.keep("a content stream with fonts of procedures is of another form")
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

// appendCodes writes a string of codes of one byte as one of two bytes.
func appendCodes(out, hex []byte, codes map[byte]int) ([]byte, bool) {
	for ; len(hex) >= 2; hex = hex[2:] {
		old, ok := hexNumber([]byte{'<', hex[0], hex[1], '>'})
		n, known := codes[byte(old)]
		if !ok || !known {
			return nil, false
		}
		out = fmt.Appendf(out, "%04X", n)
	}
	return out, len(hex) == 0
}

// withLength is a stream's dictionary for compressed data of another length.
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

// renameResources has a dictionary with fonts under their names name the new ones.
func (m *merge) renameResources(dict []byte) []byte {
	if !bytes.Contains(dict, []byte("/Font <<")) {
		return dict
	}
	named := map[int]bool{}
	for _, match := range fontResource.FindAllSubmatch(dict, -1) {
		n, _ := number(match[1])
		if m.into[n] == nil {
			named[n] = true
		}
	}
	return fontResource.ReplaceAllFunc(dict, func(old []byte) []byte {
		n, _ := number(old[2:])
		c := m.into[n]
		switch {
		case c == nil:
			return old
		case named[c.first]:
			return nil
		}
		named[c.first] = true
		return fmt.Appendf(nil, "/F%d %d 0 R\n", c.first, c.first)
	})
}
