package pdfwrite

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
)

// slimFonts leaves of every embedded TrueType program what draws glyphs by number
// in print: outlines and widths. Names, character maps and layout are the
// document's business (ISO 32000-1, 9.9), and instructions fit outlines to the
// pixels of screens long gone.
func (d *parsedFile) slimFonts() {
	unused := d.unusedNotdef()
	for _, o := range d.objects {
		if o == nil || o.stream == nil || entry(o.body, "Length1") == nil {
			continue
		}
		program := d.inflate(o)
		slim, ok := d.scratch.slimTrueType(program, unused[o])
		if !ok {
			d.keep("a TrueType program is of another form")
		}
		if !ok || len(slim) >= len(program) {
			continue
		}
		data, err := deflate(slim)
		if err != nil || len(data) >= len(o.stream) {
			continue
		}
		*o = object{
			body:   fmt.Appendf(nil, "<</Filter /FlateDecode\n/Length1 %d\n/Length %d>>", len(slim), len(data)),
			stream: data,
		}
	}
}

// table is one of a font program.
type table struct {
	tag  string
	data []byte
}

// slimTrueType rewrites a font program; ok is false for what is none. The glyphs
// keep their numbers. Without notdef, glyph 0 is emptied. The program is there until
// the next call.
func (s *scratch) slimTrueType(program []byte, dropNotdef bool) (slim []byte, ok bool) {
	tables := map[string][]byte{}
	if len(program) < 12 || binary.BigEndian.Uint32(program) != 0x00010000 {
		return nil, false
	}
	count := int(binary.BigEndian.Uint16(program[4:]))
	if len(program) < 12+16*count {
		return nil, false
	}
	for i := range count {
		record := program[12+16*i:]
		from, length := int(binary.BigEndian.Uint32(record[8:])), int(binary.BigEndian.Uint32(record[12:]))
		if from > len(program) || length > len(program)-from {
			return nil, false
		}
		tables[string(record[:4])] = program[from : from+length]
	}
	head, maxp := bytes.Clone(tables["head"]), bytes.Clone(tables["maxp"])
	if len(head) < 54 || len(maxp) < 32 || tables["hhea"] == nil || tables["hmtx"] == nil {
		return nil, false
	}
	glyf, loca, ok := s.slimGlyphs(tables["glyf"], tables["loca"], head[51] == 1, dropNotdef)
	if !ok {
		return nil, false
	}
	clear(head[8:12])                            // the checksum of a whole that is no more
	clear(maxp[16:28])                           // what instructions need
	s.font = appendTrueType(s.font[:0], []table{ // in this order, see the OpenType specification
		{"glyf", glyf}, {"head", head}, {"hhea", tables["hhea"]}, {"hmtx", tables["hmtx"]}, {"loca", loca}, {"maxp", maxp},
	})
	return s.font, true
}

// slimGlyphs copies the outlines without their instructions, and says anew where
// they are.
func (s *scratch) slimGlyphs(glyf, loca []byte, long, dropNotdef bool) (newGlyf, newLoca []byte, ok bool) {
	width := 2
	if long {
		width = 4
	}
	at := func(i int) int {
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
	place := func() {
		if long {
			newLoca = binary.BigEndian.AppendUint32(newLoca, uint32(len(newGlyf)))
		} else {
			newLoca = binary.BigEndian.AppendUint16(newLoca, uint16(len(newGlyf)/2))
		}
	}
	for i := range n {
		place()
		from, to := at(i), at(i+1)
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
	place()
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

const glyphHeader = 10 // the number of contours and the box, in bytes

// appendGlyph copies one glyph without its instructions.
func appendGlyph(out, glyph []byte) ([]byte, bool) {
	if len(glyph) < glyphHeader {
		return nil, false
	}
	contours := int(int16(binary.BigEndian.Uint16(glyph)))
	if contours >= 0 {
		points := glyphHeader + 2*contours
		if len(glyph) < points+2 {
			return nil, false
		}
		after := points + 2 + int(binary.BigEndian.Uint16(glyph[points:]))
		if len(glyph) < after {
			return nil, false
		}
		out = append(out, glyph[:points]...)
		out = append(out, 0, 0)
		return append(out, glyph[after:]...), true
	}
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

// appendTrueType appends a program of the tables, which are sorted by tag.
func appendTrueType(out []byte, tables []table) []byte {
	n := len(tables)
	power := 1 // the largest power of two that is not over n
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

// checksum adds up a table's words of four bytes.
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
