package pdfwrite

import (
	"encoding/binary"
	"slices"
)

// fontProgram returns a CID-keyed CFF program (Adobe Technical Note 5176) with these glyphs.
// A glyph's CID is its index. Offsets have a fixed length, so the program is laid out in one
// pass.
func fontProgram(name string, glyphs []outline) []byte {
	usual := usualWidth(glyphs)
	box := boundingBox(glyphs)
	programs := make([][]byte, len(glyphs))
	for i, g := range glyphs {
		programs[i] = charstring(g, usual)
	}
	n := uint16(len(glyphs))

	out := []byte{1, 0, 4, 4} // version 1.0, header of 4 bytes, offsets of 4 bytes
	out = appendIndex(out, [][]byte{[]byte(name)})
	private := dictNumber(nil, usual)
	private = append(private, 20) // defaultWidthX
	private = dictNumber(private, 0)
	private = append(private, 21) // nominalWidthX

	charset := binary.BigEndian.AppendUint16([]byte{2, 0, 1}, n-2) // format 2: CID 1 and the n-2 that follow
	if n < 2 {
		charset = []byte{0}
	}
	selection := []byte{3, 0, 1, 0, 0, 0} // FDSelect format 3: one range, from glyph 0, with font dictionary 0
	selection = binary.BigEndian.AppendUint16(selection, n)

	// The size of the top dictionary does not depend on the offsets in it: each takes five bytes.
	rest := appendIndex(nil, [][]byte{[]byte("Adobe"), []byte("Identity")})
	rest = append(rest, 0, 0) // no global subroutines
	start := len(out) + len(appendIndex(nil, [][]byte{topDict(box, len(glyphs), 0, 0, 0, 0)})) + len(rest)
	charsetAt := start
	selectionAt := charsetAt + len(charset)
	privateAt := selectionAt + len(selection)
	fontDict := dictNumber(nil, len(private))
	fontDict = append(dictOffset(fontDict, privateAt), 18) // Private
	arrayAt := privateAt + len(private)
	array := appendIndex(nil, [][]byte{fontDict})
	programsAt := arrayAt + len(array)

	out = appendIndex(out, [][]byte{topDict(box, len(glyphs), charsetAt, programsAt, arrayAt, selectionAt)})
	for _, part := range [][]byte{rest, charset, selection, private, array} {
		out = append(out, part...)
	}
	return appendIndex(out, programs)
}

// topDict returns the top dictionary. ROS, which must come first, refers to the registry and
// the ordering, the first two custom strings (391 and 392).
func topDict(box [4]int, glyphs, charset, programs, array, selection int) []byte {
	var d []byte
	for _, v := range []int{391, 392, 0} {
		d = dictNumber(d, v)
	}
	d = append(d, 12, 30) // ROS
	for _, v := range box {
		d = dictNumber(d, v)
	}
	d = append(d, 5)                                // FontBBox
	d = append(dictNumber(d, glyphs), 12, 34)       // CIDCount
	d = append(dictOffset(d, charset), 15)          // charset
	d = append(dictOffset(d, programs), 17)         // CharStrings
	d = append(dictOffset(d, array), 12, 36)        // FDArray
	return append(dictOffset(d, selection), 12, 37) // FDSelect
}

// dictNumber appends a 16-bit integer. Dictionaries and charstrings encode these alike.
func dictNumber(out []byte, v int) []byte { return appendNumber(out, v) }

// dictOffset appends a 32-bit integer in five bytes.
func dictOffset(out []byte, v int) []byte {
	return binary.BigEndian.AppendUint32(append(out, 29), uint32(v))
}

// appendIndex appends an INDEX, CFF's list of byte strings.
func appendIndex(out []byte, items [][]byte) []byte {
	out = binary.BigEndian.AppendUint16(out, uint16(len(items)))
	total := 1
	for _, item := range items {
		total += len(item)
	}
	size := 1 // bytes of an offset
	for total >= 1<<(8*size) {
		size++
	}
	out = slices.Grow(out, 1+size*(len(items)+1)+total)
	out = append(out, byte(size))
	at := 1
	for i := 0; i <= len(items); i++ {
		for shift := 8 * (size - 1); shift >= 0; shift -= 8 {
			out = append(out, byte(at>>shift))
		}
		if i < len(items) {
			at += len(items[i])
		}
	}
	for _, item := range items {
		out = append(out, item...)
	}
	return out
}

// usualWidth returns the most frequent width of the glyphs; if several are equally frequent,
// the smallest.
func usualWidth(glyphs []outline) int {
	count := map[int]int{}
	usual := 0
	for _, g := range glyphs {
		count[g.width]++
		if count[g.width] > count[usual] || count[g.width] == count[usual] && g.width < usual {
			usual = g.width
		}
	}
	return usual
}

// boundingBox returns the bounding box of the origin and all points: left, bottom, right, top.
func boundingBox(glyphs []outline) [4]int {
	box := [4]int{}
	for _, g := range glyphs {
		for _, s := range g.segments {
			points := 2
			switch s.op {
			case 'c':
				points = 6
			case 'h':
				points = 0
			}
			for i := 0; i < points; i += 2 {
				x, y := int(s.p[i]), int(s.p[i+1])
				box = [4]int{min(box[0], x), min(box[1], y), max(box[2], x), max(box[3], y)}
			}
		}
	}
	return box
}
