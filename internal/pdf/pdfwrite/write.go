package pdfwrite

import (
	"bytes"
	"fmt"
	"strconv"
)

// Written is a finished file.
type Written struct {
	Data []byte
	// Uncompacted says what could not be made smaller; nil as a rule.
	Uncompacted *Uncompacted
}

// Uncompacted is why a file is larger than it has to be: the browser has written it,
// or parts of it, in a form that is not known.
type Uncompacted struct {
	Producer string // the browser, as it calls itself in the file
	Err      error
}

// uncompacted is nil without an error.
func (f *File) uncompacted(err error) *Uncompacted {
	if err == nil {
		return nil
	}
	return &Uncompacted{Producer: f.oldInfo().producer, Err: err}
}

// Write returns the file with the information, compacted. The same file and
// information give the same bytes. It must not be called again, since it may use the
// memory of the file.
func (f *File) Write(i Info) (Written, error) {
	a, err := f.additions(i)
	if err != nil {
		return Written{}, fmt.Errorf("adding information to a PDF: %w", err)
	}
	d, err := f.readAll()
	if err != nil {
		f.pinDates(i)
		return Written{Data: a.update(), Uncompacted: f.uncompacted(err)}, nil
	}
	d.scratch = scratches.Get().(*scratch)
	defer scratches.Put(d.scratch)
	a.apply(d)
	kept := d.compact()
	out, err := d.write()
	if err != nil {
		return Written{}, fmt.Errorf("writing a PDF: %w", err)
	}
	return Written{Data: out, Uncompacted: f.uncompacted(kept)}, nil
}

// write puts the file together: streams as they are, all other objects in
// one compressed stream, and a compressed cross-reference stream. Objects that
// nothing refers to any more are left out.
func (d *parsedFile) write() ([]byte, error) {
	d.sweep()
	plain, stored := d.sizes()
	out := bytes.NewBuffer(make([]byte, 0, len(d.header)+stored+plain/3+1024))
	out.Write(withVersion(d.header))

	size := len(d.objects)
	table := make([]location, size, size+2)
	table[0] = location{b: 0xffff} // the head of the list of free numbers, by custom
	index, bodies := &d.scratch.index, &d.scratch.bodies
	index.Reset()
	bodies.Reset()
	inside, packed := 0, size
	for n, o := range d.objects {
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
	dict = fmt.Appendf(dict, "/Root %d 0 R\n/Info %d 0 R\n", d.root, d.info)
	dict = fmt.Appendf(dict, "/Filter /FlateDecode\n/DecodeParms <</Predictor 12\n/Columns %d>>\n/Length %d>>", rowWidth, len(data))
	writeStream(out, last, dict, data)
	fmt.Fprintf(out, "startxref\n%d\n%%%%EOF\n", start)
	return out.Bytes(), nil
}

// sizes are the bytes of the objects that are packed, and of the streams with what
// is around them.
func (d *parsedFile) sizes() (plain, stored int) {
	for _, o := range d.objects {
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

// sweep drops the objects that cannot be reached from the catalog or the information.
func (d *parsedFile) sweep() {
	reached := make([]*object, len(d.objects))
	queue := make([]int, 0, len(d.objects))
	visit := func(n int) {
		if o := d.get(n); o != nil && reached[n] == nil {
			reached[n] = o
			queue = append(queue, n)
		}
	}
	visit(d.root)
	visit(d.info)
	for len(queue) > 0 {
		n := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		references(d.objects[n].body, visit)
	}
	d.objects = reached
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
