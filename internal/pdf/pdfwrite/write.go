package pdfwrite

import (
	"bytes"
	"fmt"
	"strconv"
)

// Written is a finished file.
type Written struct {
	Data []byte
	// Uncompacted says which parts could not be made smaller; nil if there are none.
	Uncompacted *Uncompacted
}

// Uncompacted says that the file, or a part of it, is larger than necessary, because the
// browser wrote it in a form that this package does not know.
type Uncompacted struct {
	Producer string // the browser's name and version as the file has them
	Err      error  // the parts concerned
}

// uncompacted returns nil if err is nil.
func (f *File) uncompacted(err error) *Uncompacted {
	if err == nil {
		return nil
	}
	return &Uncompacted{Producer: f.oldInfo().producer, Err: err}
}

// Write returns the file with the information, compacted. The same file and
// information give the same bytes. Write must be called once only, since it may write to
// the file's memory.
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
	unknown := d.compact()
	out, err := d.write()
	if err != nil {
		return Written{}, fmt.Errorf("writing a PDF: %w", err)
	}
	return Written{Data: out, Uncompacted: f.uncompacted(unknown)}, nil
}

// write returns the bytes of the file: the streams as they are stored, all other objects in
// one compressed object stream, and a compressed cross-reference stream. Unreferenced
// objects are left out.
func (d *parsedFile) write() ([]byte, error) {
	d.dropUnreferenced()
	plain, stored := d.sizes()
	w := fileWriter{
		out:  bytes.NewBuffer(make([]byte, 0, len(d.header)+stored+plain/3+1024)),
		xref: make([]location, len(d.objects), len(d.objects)+2),
	}
	w.out.Write(withVersion(d.header))
	w.writeStreams(d.objects)
	if err := w.writeObjectStream(d.objects, d.scratch); err != nil {
		return nil, err
	}
	if err := w.writeXref(d.root, d.info); err != nil {
		return nil, err
	}
	return w.out.Bytes(), nil
}

// sizes returns the total size of the objects without a stream (plain) and of those with
// one (stored), both with the syntax around them.
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

// dropUnreferenced removes the objects that cannot be reached from the catalog or the
// document information.
func (d *parsedFile) dropUnreferenced() {
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

// withVersion returns the header with version 1.5, which compressed objects need, if its
// version is lower.
func withVersion(header []byte) []byte {
	const at = len("%PDF-1.")
	if len(header) <= at || header[at] >= '5' {
		return header
	}
	header = bytes.Clone(header)
	header[at] = '5'
	return header
}

// fileWriter writes objects and records where they are.
type fileWriter struct {
	out  *bytes.Buffer
	xref []location // by object number
}

// writeStreams writes the objects that are streams.
func (w *fileWriter) writeStreams(objects []*object) {
	for n, o := range objects {
		if o != nil && o.stream != nil {
			w.xref[n] = location{kind: inFile, offset: w.out.Len()}
			w.writeStream(n, o.body, o.stream)
		}
	}
}

// writeObjectStream writes the objects that are not streams into one object stream
// (ISO 32000-1, 7.5.7), which gets the next free number: first the number and offset of
// each object, then the objects.
func (w *fileWriter) writeObjectStream(objects []*object, s *scratch) error {
	number := len(w.xref)
	index, bodies := &s.index, &s.bodies
	index.Reset()
	bodies.Reset()
	count := 0
	for n, o := range objects {
		if o == nil || o.stream != nil {
			continue
		}
		index.Write(strconv.AppendInt(index.AvailableBuffer(), int64(n), 10))
		index.WriteByte(' ')
		index.Write(strconv.AppendInt(index.AvailableBuffer(), int64(bodies.Len()), 10))
		index.WriteByte(' ')
		bodies.Write(o.body)
		bodies.WriteByte('\n')
		w.xref[n] = location{kind: inObjectStream, stream: number, index: count}
		count++
	}
	first := index.Len()
	index.Write(bodies.Bytes())
	data, err := deflate(index.Bytes())
	if err != nil {
		return err
	}
	w.xref = append(w.xref, location{kind: inFile, offset: w.out.Len()})
	w.writeStream(number, fmt.Appendf(nil, "<</Type /ObjStm\n/N %d\n/First %d\n/Filter /FlateDecode\n/Length %d>>", count, first, len(data)), data)
	return nil
}

// writeStream writes one object that is a stream.
func (w *fileWriter) writeStream(number int, dict, data []byte) {
	w.out.Write(strconv.AppendInt(nil, int64(number), 10))
	w.out.WriteString(" 0 obj\n")
	w.out.Write(dict)
	w.out.WriteString(" stream\n")
	w.out.Write(data)
	w.out.WriteString("\nendstream\nendobj\n")
}
