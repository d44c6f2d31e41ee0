package pdfwrite

import (
	"bytes"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// objects returns the objects of the merged font with index i: the font itself, which
// replaces f.first, and its parts, which get the numbers next, next+1 and so on.
func (f *face) objects(i, next int) (font *object, parts []*object, ok bool) {
	name := subsetTag(i) + "+" + f.source.name
	program, err := deflate(fontProgram(name, f.glyphs))
	if err != nil {
		return nil, nil, false
	}
	unicode, err := deflate(unicodeMap(slices.All(f.texts)))
	if err != nil {
		return nil, nil, false
	}
	stem := entry(f.source.descriptor, "StemV")
	if stem == nil {
		stem = []byte("80")
	}
	box := boundingBox(f.glyphs)
	parts = []*object{{
		body:   fmt.Appendf(nil, "<</Subtype /CIDFontType0C\n/Filter /FlateDecode\n/Length %d>>", len(program)),
		stream: program,
	}, {
		body: fmt.Appendf(nil, "<</Type /FontDescriptor\n/FontName /%s\n/Flags 4\n/FontBBox [%d %d %d %d]\n/ItalicAngle 0\n"+
			"/Ascent %d\n/Descent %d\n/CapHeight %d\n/StemV %s\n/FontFile3 %d 0 R>>",
			name, box[0], box[1], box[2], box[3], box[3], box[1], box[3], stem, next),
	}, {
		body: fmt.Appendf(nil, "<</Type /Font\n/Subtype /CIDFontType0\n/BaseFont /%s\n"+
			"/CIDSystemInfo <</Registry (Adobe)\n/Ordering (Identity)\n/Supplement 0>>\n/FontDescriptor %d 0 R\n%s>>",
			name, next+1, widths(f.glyphs)),
	}, {
		body:   fmt.Appendf(nil, "<</Filter /FlateDecode\n/Length %d>>", len(unicode)),
		stream: unicode,
	}}
	font = &object{body: fmt.Appendf(nil, "<</Type /Font\n/Subtype /Type0\n/BaseFont /%s-Identity-H\n/Encoding /Identity-H\n"+
		"/DescendantFonts [%d 0 R]\n/ToUnicode %d 0 R>>", name, next+2, next+3)}
	return font, parts, true
}

// subsetTag returns the six letters that precede the name of a font subset (ISO 32000-1,
// 9.6.4). Chrome's own tags begin with A, B and so on and end with AAAA, so they differ.
func subsetTag(i int) string {
	return "SUBS" + string([]byte{'A' + byte(i/26%26), 'A' + byte(i%26)})
}

// widths returns a font's entries DW, the default width, and W, the widths that differ from it
// (ISO 32000-1, 9.7.4.3).
func widths(glyphs []outline) string {
	usual := usualWidth(glyphs)
	var b strings.Builder
	fmt.Fprintf(&b, "/DW %d\n/W [", usual)
	for i := 0; i < len(glyphs); i++ {
		if glyphs[i].width == usual {
			continue
		}
		fmt.Fprintf(&b, "%d [", i)
		for ; i < len(glyphs) && glyphs[i].width != usual; i++ {
			fmt.Fprintf(&b, "%d ", glyphs[i].width)
		}
		b.WriteString("] ")
	}
	b.WriteString("]")
	return b.String()
}

// unicodeMap returns a ToUnicode CMap (ISO 32000-1, 9.10.3). texts yields the codes and
// their text in hexadecimal UTF-16.
func unicodeMap(texts iter.Seq2[int, string]) []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	var lines []string
	for n, text := range texts {
		if text != "" {
			lines = append(lines, fmt.Sprintf("<%04X> <%s>\n", n, text))
		}
	}
	slices.Sort(lines)
	const maxBlock = 100 // entries of one bfchar block
	for block := range slices.Chunk(lines, maxBlock) {
		fmt.Fprintf(&b, "%d beginbfchar\n%sendbfchar\n", len(block), strings.Join(block, ""))
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}
