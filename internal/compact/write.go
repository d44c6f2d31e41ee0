package compact

import (
	"bytes"
	"fmt"
	"strconv"
)

// write puts the file together again: streams as they are, all other objects in
// one compressed stream, and a compressed cross-reference stream. Objects that
// nothing refers to any more are left out.
func (f *file) write() ([]byte, error) {
	f.sweep()
	plain, stored := f.sizes()
	out := bytes.NewBuffer(make([]byte, 0, len(f.header)+stored+plain/3+1024))
	out.Write(withVersion(f.header))

	size := len(f.objects)
	table := make([]location, size, size+2)
	table[0] = location{b: 0xffff} // the head of the list of free numbers, by custom
	var index, bodies bytes.Buffer
	index.Grow(plain + size*len("12345 123456 "))
	bodies.Grow(plain)
	inside, packed := 0, size
	for n, o := range f.objects {
		if o == nil {
			continue
		}
		if o.stream == nil {
			index.Write(strconv.AppendInt(index.AvailableBuffer(), int64(n), 10))
			index.WriteByte(' ')
			index.Write(strconv.AppendInt(index.AvailableBuffer(), int64(bodies.Len()), 10))
			index.WriteByte(' ')
			bodies.Write(o.body)
			bodies.WriteByte('\n')
			table[n] = location{kind: inStream, a: packed, b: inside}
			inside++
			continue
		}
		table[n] = location{kind: inFile, a: out.Len()}
		writeStream(out, n, o.body, o.stream)
	}

	table = append(table, location{kind: inFile, a: out.Len()}, location{})
	first := index.Len()
	index.Write(bodies.Bytes())
	data, err := deflate(index.Bytes())
	if err != nil {
		return nil, err
	}
	writeStream(out, packed, fmt.Appendf(nil, "<</Type /ObjStm\n/N %d\n/First %d\n/Filter /FlateDecode\n/Length %d>>", inside, first, len(data)), data)

	last := packed + 1
	start := out.Len()
	table[last] = location{kind: inFile, a: start}
	if data, err = deflate(rows(table)); err != nil {
		return nil, err
	}
	dict := fmt.Appendf(nil, "<</Type /XRef\n/Size %d\n/W [%d %d %d]\n", len(table), kindWidth, aWidth, bWidth)
	for _, key := range []string{"Root", "Info", "ID"} {
		if v := entry(f.trailer, key); v != nil {
			dict = fmt.Appendf(dict, "/%s %s\n", key, v)
		}
	}
	dict = fmt.Appendf(dict, "/Filter /FlateDecode\n/DecodeParms <</Predictor 12\n/Columns %d>>\n/Length %d>>", rowWidth, len(data))
	writeStream(out, last, dict, data)
	fmt.Fprintf(out, "startxref\n%d\n%%%%EOF\n", start)
	return out.Bytes(), nil
}

// sizes are the bytes of the objects that are packed, and of the streams with what
// is around them.
func (f *file) sizes() (plain, stored int) {
	for _, o := range f.objects {
		switch {
		case o == nil:
		case o.stream == nil:
			plain += len(o.body) + 1
		default:
			stored += len(o.body) + len(o.stream) + len("12345 0 obj\n stream\n\nendstream\nendobj\n")
		}
	}
	return plain, stored
}

// sweep drops the objects that cannot be reached from the trailer.
func (f *file) sweep() {
	reached := make([]*object, len(f.objects))
	queue := make([]int, 0, len(f.objects))
	visit := func(n int) {
		if o := f.get(n); o != nil && reached[n] == nil {
			reached[n] = o
			queue = append(queue, n)
		}
	}
	for _, key := range []string{"Root", "Info"} {
		visit(reference(entry(f.trailer, key)))
	}
	for len(queue) > 0 {
		n := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		references(f.objects[n].body, visit)
	}
	f.objects = reached
}

// withVersion is a header that says 1.5 at least, which compressed objects need.
func withVersion(header []byte) []byte {
	const at = len("%PDF-1.")
	if len(header) <= at || header[at] >= '5' {
		return header
	}
	header = bytes.Clone(header)
	header[at] = '5'
	return header
}

func writeStream(out *bytes.Buffer, n int, dict, data []byte) {
	out.Write(strconv.AppendInt(nil, int64(n), 10))
	out.WriteString(" 0 obj\n")
	out.Write(dict)
	out.WriteString(" stream\n")
	out.Write(data)
	out.WriteString("\nendstream\nendobj\n")
}

// location is where an object is: a row of the cross-reference stream (ISO
// 32000-1, table 18).
type location struct {
	kind int // free, inFile or inStream
	a    int // an offset, or the number of the stream it is in
	b    int // its place in that stream
}

const (
	inFile   = 1
	inStream = 2
)

// Widths of a row's parts, in bytes: a file has less than 4 GB, and one of its
// streams less than 65,536 objects.
const (
	kindWidth = 1
	aWidth    = 4
	bWidth    = 2
	rowWidth  = kindWidth + aWidth + bWidth
)

// rows are the locations in bytes, each row less the one above it (the predictor
// "up", PNG's filter 2): most then are the same.
func rows(table []location) []byte {
	out := make([]byte, 0, len(table)*(1+rowWidth))
	var above [rowWidth]byte
	for _, l := range table {
		row := [rowWidth]byte{byte(l.kind), byte(l.a >> 24), byte(l.a >> 16), byte(l.a >> 8), byte(l.a), byte(l.b >> 8), byte(l.b)}
		out = append(out, 2)
		for i, c := range row {
			out = append(out, c-above[i])
		}
		above = row
	}
	return out
}
