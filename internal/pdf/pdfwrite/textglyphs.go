package pdfwrite

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// outlines is a font's TrueType program, to which glyphs are added. Each is made of
// others, as a composite glyph, or blank.
type outlines struct {
	program *object // nil if nothing can be added
	glyphs  int     // number of glyphs at first
	units   int     // of the em

	tables  map[string][]byte
	offsets []int  // of the glyphs, and the end of the last
	glyf    []byte // their outlines
	metrics []byte // their widths
	widths  []byte // of the added ones, as the font lists them
	parts   int    // the most parts of an added glyph
}

// extensible reports whether glyphs can be added to the font. It reads the program once.
func (f *textFont) extensible(d *parsedFile) bool {
	if f.outlines == nil {
		f.outlines = &outlines{}
		if descriptor := d.get(reference(entry(f.part.body, "FontDescriptor"))); descriptor != nil {
			f.outlines.read(d, d.get(reference(entry(descriptor.body, "FontFile2"))))
		}
		if string(entry(f.part.body, "CIDToGIDMap")) != "/Identity" || f.texts == nil {
			f.outlines.program = nil
		}
	}
	return f.outlines.program != nil
}

// read reads a program, and sets it if it has the usual form.
func (o *outlines) read(d *parsedFile, program *object) {
	data := d.programs[program].data
	if data == nil {
		data = bytes.Clone(d.inflate(program)) // inflate reuses its memory
	}
	tables, ok := fontTables(data)
	if !ok || len(tables["head"]) < 54 || len(tables["maxp"]) < 32 || len(tables["hhea"]) < 36 {
		return
	}
	o.tables = tables
	o.glyphs = int(binary.BigEndian.Uint16(tables["maxp"][4:]))
	o.units = int(binary.BigEndian.Uint16(tables["head"][18:]))
	o.offsets = glyphOffsets(tables["loca"], tables["head"][51] == 1)
	o.metrics = allMetrics(tables["hmtx"], int(binary.BigEndian.Uint16(tables["hhea"][34:])), o.glyphs)
	n := len(o.offsets)
	if n != o.glyphs+1 || !slices.IsSorted(o.offsets) || o.offsets[n-1] > len(tables["glyf"]) || o.metrics == nil || o.units == 0 {
		return
	}
	o.glyf = tables["glyf"][:o.offsets[n-1]:o.offsets[n-1]]
	o.program = program
}

// add adds a glyph made of others, and returns its number. The width is in thousandths of
// the size.
func (o *outlines) add(parts []part, width int) (code int, ok bool) {
	code = len(o.offsets) - 1
	if code > lastCode || width < 0 || width > math.MaxInt16 {
		return 0, false
	}
	glyf, left, ok := o.appendComposite(parts)
	if !ok {
		return 0, false
	}
	for len(glyf)%4 != 0 {
		glyf = append(glyf, 0)
	}
	o.glyf = glyf
	o.offsets = append(o.offsets, len(glyf))
	o.metrics = binary.BigEndian.AppendUint16(o.metrics, uint16((width*o.units+500)/1000))
	o.metrics = binary.BigEndian.AppendUint16(o.metrics, uint16(left))
	o.widths = append(strconv.AppendInt(o.widths, int64(width), 10), ' ')
	o.parts = max(o.parts, len(parts))
	return code, true
}

// offsetArguments says that the arguments of a component are distances.
const offsetArguments = 0x0002

// appendComposite appends a glyph made of others to the outlines, or nothing if none of
// them has an outline. left is the left end of the result.
func (o *outlines) appendComposite(parts []part) (glyf []byte, left int, ok bool) {
	glyf = o.glyf
	start, last := len(glyf), 0
	box := [4]int{math.MaxInt16, math.MaxInt16, math.MinInt16, math.MinInt16}
	for _, p := range parts {
		if p.code >= o.glyphs {
			return nil, 0, false
		}
		from, to := o.offsets[p.code], o.offsets[p.code+1]
		if from == to {
			continue
		}
		if to-from < glyphHeader {
			return nil, 0, false
		}
		if len(glyf) == start {
			glyf = append(glyf, make([]byte, glyphHeader)...)
		} else {
			binary.BigEndian.PutUint16(glyf[last:], wordArguments|offsetArguments|moreComponents)
		}
		last = len(glyf)
		for _, v := range []int{wordArguments | offsetArguments, p.code, p.dx, p.dy} {
			glyf = binary.BigEndian.AppendUint16(glyf, uint16(v))
		}
		for i, by := range []int{p.dx, p.dy, p.dx, p.dy} {
			v := int(int16(binary.BigEndian.Uint16(o.glyf[from+2+2*i:]))) + by
			if v < math.MinInt16 || v > math.MaxInt16 || by < math.MinInt16 || by > math.MaxInt16 {
				return nil, 0, false
			}
			if i < 2 {
				box[i] = min(box[i], v)
			} else {
				box[i] = max(box[i], v)
			}
		}
	}
	if len(glyf) == start {
		return glyf, 0, true
	}
	binary.BigEndian.PutUint16(glyf[start:], math.MaxUint16) // -1: a composite glyph
	for i, v := range box {
		binary.BigEndian.PutUint16(glyf[start+2+2*i:], uint16(v))
	}
	return glyf, box[0], true
}

// storeGlyphs writes the added glyphs to the font's program and their widths to the font.
func (d *parsedFile) storeGlyphs(f *textFont) {
	o := f.outlines
	d.programs[o.program] = newProgram{data: bytes.Clone(o.bytes(d.scratch)), longer: true}
	list := fmt.Appendf(nil, "/W [%d [%s] ", o.glyphs, bytes.TrimSpace(o.widths))
	body := f.part.body
	if before, after, ok := bytes.Cut(body, []byte("/W [")); ok {
		body = slices.Concat(before, list, after)
	} else {
		body = slices.Concat(bytes.TrimSuffix(body, []byte(">>")), []byte("\n"), list, []byte("]>>"))
	}
	*f.part = object{body: body, stream: f.part.stream}
}

// bytes returns the program with the added glyphs. It is valid until the next call.
func (o *outlines) bytes(s *scratch) []byte {
	head, hhea, maxp := bytes.Clone(o.tables["head"]), bytes.Clone(o.tables["hhea"]), bytes.Clone(o.tables["maxp"])
	loca := make([]byte, 0, 4*len(o.offsets))
	for _, at := range o.offsets {
		loca = binary.BigEndian.AppendUint32(loca, uint32(at))
	}
	glyphs := len(o.offsets) - 1
	head[50], head[51] = 0, 1 // loca has four bytes for each glyph
	binary.BigEndian.PutUint16(hhea[34:], uint16(glyphs))
	setLimits(maxp, glyphs, o.parts)
	clear(head[8:12]) // the checksum of the whole program, which changes
	s.font = appendTrueType(s.font[:0], []fontTable{
		{"glyf", o.glyf}, {"head", head}, {"hhea", hhea}, {"hmtx", o.metrics}, {"loca", loca}, {"maxp", maxp},
	})
	return s.font
}

// glyphOffsets reads the table loca.
func glyphOffsets(loca []byte, long bool) []int {
	var list []int
	if long {
		for ; len(loca) >= 4; loca = loca[4:] {
			list = append(list, int(binary.BigEndian.Uint32(loca)))
		}
		return list
	}
	for ; len(loca) >= 2; loca = loca[2:] {
		list = append(list, 2*int(binary.BigEndian.Uint16(loca)))
	}
	return list
}

// allMetrics returns the table hmtx with a width for every glyph; the first ones, stated
// in number, have one. It returns nil if the table is incomplete.
func allMetrics(hmtx []byte, stated, glyphs int) []byte {
	if stated == 0 || stated > glyphs || len(hmtx) < 4*stated+2*(glyphs-stated) {
		return nil
	}
	out := bytes.Clone(hmtx[:4*stated])
	for i := range glyphs - stated {
		out = append(out, hmtx[4*stated-4], hmtx[4*stated-3], hmtx[4*stated+2*i], hmtx[4*stated+2*i+1])
	}
	return out
}

// setLimits sets the limits in the table maxp for composite glyphs of up to so many parts.
func setLimits(maxp []byte, glyphs, parts int) {
	get := func(at int) int { return int(binary.BigEndian.Uint16(maxp[at:])) }
	set := func(at, v int) { binary.BigEndian.PutUint16(maxp[at:], uint16(min(v, math.MaxUint16))) }
	set(4, glyphs)
	set(10, max(get(10), parts*max(get(6), get(10)))) // points
	set(12, max(get(12), parts*max(get(8), get(12)))) // contours
	set(28, max(get(28), parts))
	set(30, get(30)+1) // levels
}
