package pdfwrite

import "fmt"

// location says where an object is: an entry of the cross-reference stream (ISO 32000-1,
// table 18).
type location struct {
	kind   locationKind
	offset int // inFile: in bytes from the start of the file
	stream int // inObjectStream: the object stream's number
	index  int // inObjectStream: the object's index in the stream
}

// locationKind is the type of an entry.
type locationKind byte

const (
	_              locationKind = 0 // not in the file
	inFile         locationKind = 1
	inObjectStream locationKind = 2
)

// Widths of the fields of an entry, in bytes: a file is smaller than 4 GB, and one object
// stream has fewer than 65,536 objects.
const (
	width1     = 1
	width2     = 4
	width3     = 2
	entryWidth = width1 + width2 + width3
)

// encode returns the three fields of the entry.
func (l location) encode() [entryWidth]byte {
	second, third := l.offset, 0
	if l.kind == inObjectStream {
		second, third = l.stream, l.index
	}
	return [entryWidth]byte{byte(l.kind), byte(second >> 24), byte(second >> 16), byte(second >> 8), byte(second), byte(third >> 8), byte(third)}
}

// writeXref writes the cross-reference stream (ISO 32000-1, 7.5.8), which gets the next free
// number, and the end of the file. root and info are the numbers of the catalog and of the
// document information.
func (w *fileWriter) writeXref(root, info int) error {
	number, start := len(w.xref), w.out.Len()
	w.xref = append(w.xref, location{kind: inFile, offset: start})
	data, err := deflate(encodeXref(w.xref))
	if err != nil {
		return err
	}
	dict := fmt.Appendf(nil, "<</Type /XRef\n/Size %d\n/W [%d %d %d]\n", len(w.xref), width1, width2, width3)
	dict = fmt.Appendf(dict, "/Root %d 0 R\n/Info %d 0 R\n", root, info)
	dict = fmt.Appendf(dict, "/Filter /FlateDecode\n/DecodeParms <</Predictor 12\n/Columns %d>>\n/Length %d>>", entryWidth, len(data))
	w.writeStream(number, dict, data)
	fmt.Fprintf(w.out, "startxref\n%d\n%%%%EOF\n", start)
	return nil
}

// encodeXref encodes the entries with PNG's predictor Up: each byte less the byte above it.
// Most bytes are then the same, which compresses well.
func encodeXref(xref []location) []byte {
	const up = 2 // the filter type that begins each row
	out := make([]byte, 0, len(xref)*(1+entryWidth))
	var above [entryWidth]byte
	for n, l := range xref {
		row := l.encode()
		if n == 0 {
			row[entryWidth-2], row[entryWidth-1] = 0xff, 0xff // generation 65535: the head of the free list
		}
		out = append(out, up)
		for i, c := range row {
			out = append(out, c-above[i])
		}
		above = row
	}
	return out
}
