package pdfwrite

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
)

// stripFonts reduces every embedded TrueType program to its outlines and widths. A PDF
// does not use a program's names, character maps and layout tables (ISO 32000-1, 9.9);
// instructions only adjust outlines to screens of low resolution.
func (d *parsedFile) stripFonts(contents []contentStream) {
	unused := d.unusedNotdef(contents)
	for _, o := range d.objects {
		if o == nil || o.stream == nil || entry(o.body, "Length1") == nil {
			continue
		}
		program := d.inflate(o)
		stripped, ok := d.scratch.stripTrueType(program, unused[o])
		if !ok {
			d.reportUnknown("unexpected form of a TrueType program")
		}
		if !ok || len(stripped) >= len(program) {
			continue
		}
		d.programs[o] = newProgram{data: bytes.Clone(stripped)}
	}
}

// newProgram is a font program that replaces the one in the file.
type newProgram struct {
	data   []byte
	longer bool // it has more glyphs, so it replaces the other also if it is larger
}

// storePrograms compresses the new font programs, each once.
func (d *parsedFile) storePrograms() {
	for o, p := range d.programs {
		data, err := deflate(p.data)
		if err != nil {
			d.reportUnknown(err.Error())
			continue
		}
		if !p.longer && len(data) >= len(o.stream) {
			continue
		}
		*o = object{
			body:   fmt.Appendf(nil, "<</Filter /FlateDecode\n/Length1 %d\n/Length %d>>", len(p.data), len(data)),
			stream: data,
		}
	}
}

// fontTable is a table of a TrueType program.
type fontTable struct {
	tag  string
	data []byte
}

// fontTables returns the tables of a TrueType program by their tags. It reports false if
// program is not a complete TrueType program.
func fontTables(program []byte) (map[string][]byte, bool) {
	if len(program) < 12 || binary.BigEndian.Uint32(program) != 0x00010000 {
		return nil, false
	}
	count := int(binary.BigEndian.Uint16(program[4:]))
	if len(program) < 12+16*count {
		return nil, false
	}
	tables := make(map[string][]byte, count)
	for i := range count {
		record := program[12+16*i:]
		from, length := int(binary.BigEndian.Uint32(record[8:])), int(binary.BigEndian.Uint32(record[12:]))
		if from > len(program) || length > len(program)-from {
			return nil, false
		}
		tables[string(record[:4])] = program[from : from+length]
	}
	return tables, true
}

// stripTrueType returns a program with the tables that a PDF needs and without
// instructions. The glyphs keep their numbers; dropNotdef empties glyph 0. It reports false
// if program is not a complete TrueType program. The result is valid until the next call.
func (s *scratch) stripTrueType(program []byte, dropNotdef bool) (stripped []byte, ok bool) {
	tables, ok := fontTables(program)
	if !ok {
		return nil, false
	}
	head, maxp := bytes.Clone(tables["head"]), bytes.Clone(tables["maxp"])
	if len(head) < 54 || len(maxp) < 32 || tables["hhea"] == nil || tables["hmtx"] == nil {
		return nil, false
	}
	glyf, loca, ok := s.stripGlyphs(tables["glyf"], tables["loca"], head[51] == 1, dropNotdef)
	if !ok {
		return nil, false
	}
	clear(head[8:12])  // the checksum of the whole program, which changes
	clear(maxp[16:28]) // the limits of instructions
	// The OpenType specification requires the tables to be sorted by tag.
	s.font = appendTrueType(s.font[:0], []fontTable{
		{"glyf", glyf}, {"head", head}, {"hhea", tables["hhea"]}, {"hmtx", tables["hmtx"]}, {"loca", loca}, {"maxp", maxp},
	})
	return s.font, true
}

// stripGlyphs returns the table of outlines (glyf) without instructions, and the table of
// their offsets (loca), whose entries have four bytes if long is set, else two.
func (s *scratch) stripGlyphs(glyf, loca []byte, long, dropNotdef bool) (newGlyf, newLoca []byte, ok bool) {
	width := 2
	if long {
		width = 4
	}
	offset := func(i int) int {
		if long {
			return int(binary.BigEndian.Uint32(loca[4*i:]))
		}
		return 2 * int(binary.BigEndian.Uint16(loca[2*i:]))
	}
	n := len(loca)/width - 1
	if n < 1 {
		return nil, nil, false
	}
	newGlyf, newLoca = s.glyphs[:0], make([]byte, 0, len(loca))
	defer func() { s.glyphs = newGlyf }()
	appendOffset := func() {
		if long {
			newLoca = binary.BigEndian.AppendUint32(newLoca, uint32(len(newGlyf)))
		} else {
			newLoca = binary.BigEndian.AppendUint16(newLoca, uint16(len(newGlyf)/2))
		}
	}
	for i := range n {
		appendOffset()
		from, to := offset(i), offset(i+1)
		if from > to || to > len(glyf) {
			return nil, nil, false
		}
		if from == to || i == 0 && dropNotdef {
			continue
		}
		if newGlyf, ok = appendGlyph(newGlyf, glyf[from:to]); !ok {
			return nil, nil, false
		}
		if len(newGlyf)%2 == 1 {
			newGlyf = append(newGlyf, 0)
		}
	}
	appendOffset()
	return newGlyf, newLoca, true
}

// Flags of a component of a composite glyph.
const (
	wordArguments   = 0x0001
	hasScale        = 0x0008
	moreComponents  = 0x0020
	hasTwoScales    = 0x0040
	hasMatrix       = 0x0080
	hasInstructions = 0x0100
)

const glyphHeader = 10 // size of the number of contours and the bounding box, in bytes

// appendGlyph appends a glyph without its instructions. It reports false if the glyph is
// incomplete.
func appendGlyph(out, glyph []byte) ([]byte, bool) {
	if len(glyph) < glyphHeader {
		return nil, false
	}
	if contours := int(int16(binary.BigEndian.Uint16(glyph))); contours >= 0 {
		return appendSimpleGlyph(out, glyph, contours)
	}
	return appendCompositeGlyph(out, glyph)
}

// appendSimpleGlyph appends a glyph that has its own outline: header, ends of the contours,
// length of the instructions, instructions, points.
func appendSimpleGlyph(out, glyph []byte, contours int) ([]byte, bool) {
	length := glyphHeader + 2*contours // offset of the length of the instructions
	if len(glyph) < length+2 {
		return nil, false
	}
	points := length + 2 + int(binary.BigEndian.Uint16(glyph[length:]))
	if len(glyph) < points {
		return nil, false
	}
	out = append(out, glyph[:length]...)
	out = append(out, 0, 0)
	return append(out, glyph[points:]...), true
}

// appendCompositeGlyph appends a glyph that consists of other glyphs: header, components,
// instructions.
func appendCompositeGlyph(out, glyph []byte) ([]byte, bool) {
	out = append(out, glyph[:glyphHeader]...)
	for at := glyphHeader; ; {
		if len(glyph) < at+4 {
			return nil, false
		}
		flags := binary.BigEndian.Uint16(glyph[at:])
		size := 4 + 2
		if flags&wordArguments != 0 {
			size += 2
		}
		switch {
		case flags&hasScale != 0:
			size += 2
		case flags&hasTwoScales != 0:
			size += 4
		case flags&hasMatrix != 0:
			size += 8
		}
		if len(glyph) < at+size {
			return nil, false
		}
		out = binary.BigEndian.AppendUint16(out, flags&^hasInstructions)
		out = append(out, glyph[at+2:at+size]...)
		at += size
		if flags&moreComponents == 0 {
			return out, true
		}
	}
}

// appendTrueType appends a program with these tables, which must be sorted by tag.
func appendTrueType(out []byte, tables []fontTable) []byte {
	n := len(tables)
	power := 1 // the largest power of two not greater than n
	exponent := 0
	for 2*power <= n {
		power, exponent = 2*power, exponent+1
	}
	out = append(out, 0, 1, 0, 0)
	for _, v := range []int{n, 16 * power, exponent, 16 * (n - power)} {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	at := 12 + 16*n
	size := at
	for _, t := range tables {
		size += (len(t.data) + 3) &^ 3
	}
	out = slices.Grow(out, size)
	for _, t := range tables {
		out = append(out, t.tag...)
		for _, v := range []uint32{checksum(t.data), uint32(at), uint32(len(t.data))} {
			out = binary.BigEndian.AppendUint32(out, v)
		}
		at += (len(t.data) + 3) &^ 3
	}
	for _, t := range tables {
		out = append(out, t.data...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	return out
}

// checksum returns the sum of a table's 32-bit words.
func checksum(data []byte) uint32 {
	var sum uint32
	for len(data) >= 4 {
		sum += binary.BigEndian.Uint32(data)
		data = data[4:]
	}
	var last [4]byte
	copy(last[:], data)
	return sum + binary.BigEndian.Uint32(last[:])
}
