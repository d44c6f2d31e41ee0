package pdfwrite

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// ErrForm is the error for a file that is incomplete or not in the form that Chrome writes.
var ErrForm = errors.New("the file is not a complete PDF in the form that Chrome writes")

func formErrorf(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrForm, fmt.Sprintf(format, args...))
}

// File is a PDF as Chrome prints it (PDF 1.4, ISO 32000-1): uncompressed objects and one
// cross-reference table. Parse reads only the objects that it needs.
type File struct {
	data    []byte
	table   int   // offset of the cross-reference table
	offsets []int // of each object by number; 0 where there is none
	root    int   // number of the catalog
	info    int   // number of the document information
	pages   int
}

// Parse reads the trailer, the cross-reference table and the number of pages. It fails
// with ErrForm if the file is incomplete. The File keeps data; the caller must not
// use it afterwards.
func Parse(data []byte) (*File, error) {
	f := &File{data: data}
	if !bytes.HasPrefix(data, []byte("%PDF-1.")) {
		return nil, formErrorf("no PDF header")
	}
	const tail = 64
	_, end, ok := bytes.Cut(data[max(0, len(data)-tail):], []byte("startxref\n"))
	if f.table, _ = number(end); !ok || f.table == 0 || f.table >= len(data) || !bytes.Contains(end, []byte("%%EOF")) {
		return nil, formErrorf("the end is missing")
	}
	trailer, err := f.readTable()
	if err != nil {
		return nil, err
	}
	f.root, f.info = reference(entry(trailer, "Root")), reference(entry(trailer, "Info"))
	if f.info == 0 || f.info >= len(f.offsets) {
		return nil, formErrorf("no document information")
	}
	if f.pages, err = f.countPages(); err != nil {
		return nil, err
	}
	return f, nil
}

// Data returns the file as it was printed.
func (f *File) Data() []byte { return f.data }

// Pages returns the number of pages, at least 1.
func (f *File) Pages() int { return f.pages }

// readTable reads the cross-reference table: "xref", "0 n", and n lines of 20 bytes that
// begin with an offset. It returns the trailer's dictionary, which follows.
func (f *File) readTable() (trailer []byte, err error) {
	rest, ok := bytes.CutPrefix(f.data[f.table:], []byte("xref\n0 "))
	if !ok {
		return nil, formErrorf("unexpected form of the cross-reference table")
	}
	n, ok := number(rest)
	_, lines, _ := bytes.Cut(rest, []byte("\n"))
	const line = 20
	if !ok || n == 0 || n > len(lines)/line {
		return nil, formErrorf("incomplete cross-reference table")
	}
	f.offsets = make([]int, n)
	for i := range f.offsets {
		row := lines[i*line : (i+1)*line]
		if row[17] != 'n' {
			continue
		}
		offset, ok := number(row[:10])
		if !ok || offset == 0 || offset >= len(f.data) {
			return nil, formErrorf("damaged cross-reference table")
		}
		f.offsets[i] = offset
	}
	rest, ok = bytes.CutPrefix(lines[n*line:], []byte("trailer"))
	if trailer, _, okDict := value(rest); ok && okDict {
		return trailer, nil
	}
	return nil, formErrorf("no trailer")
}

// countPages reads the number of pages from the root of the page tree.
func (f *File) countPages() (int, error) {
	catalog, err := f.object(f.root)
	if err != nil {
		return 0, err
	}
	tree, err := f.object(reference(entry(catalog.body, "Pages")))
	if err != nil {
		return 0, err
	}
	n, _ := number(entry(tree.body, "Count"))
	if n == 0 {
		return 0, formErrorf("no pages")
	}
	return n, nil
}

// object is a value or a stream.
type object struct {
	body   []byte // the value; of a stream, its dictionary
	stream []byte // the stream's stored bytes, usually compressed; nil if it is no stream
}

// object reads the object with this number.
func (f *File) object(n int) (*object, error) {
	if n <= 0 || n >= len(f.offsets) || f.offsets[n] == 0 {
		return nil, formErrorf("object %d is missing", n)
	}
	if o, ok := objectAt(f.data[f.offsets[n]:], n); ok {
		return &o, nil
	}
	return nil, formErrorf("unexpected form of object %d", n)
}

// objectAt reads "n 0 obj", a value, and a stream if one follows, from the start of data.
// It reports false for any other form. The length of a stream must be in its dictionary.
func objectAt(data []byte, n int) (o object, ok bool) {
	var head [24]byte
	rest, ok := bytes.CutPrefix(data, append(strconv.AppendInt(head[:0], int64(n), 10), " 0 obj\n"...))
	if !ok {
		return object{}, false
	}
	body, rest, ok := value(rest)
	if !ok {
		return object{}, false
	}
	rest = skipSpace(rest)
	if bytes.HasPrefix(rest, []byte("endobj")) {
		return object{body: body}, true
	}
	rest, ok = bytes.CutPrefix(rest, []byte("stream\n"))
	length, okLength := number(entry(body, "Length"))
	if !ok || !okLength || length > len(rest) || !bytes.HasPrefix(skipSpace(rest[length:]), []byte("endstream")) {
		return object{}, false
	}
	return object{body: body, stream: rest[:length:length]}, true
}

// parsedFile has all objects of a file. The slices of an object point into the file's
// data; they may be replaced but not written to.
type parsedFile struct {
	header  []byte    // everything before the first object
	objects []*object // by number; nil where there is none
	root    int       // number of the catalog
	info    int       // number of the document information

	programs map[*object]newProgram // new font programs, by the streams of the old ones

	scratch *scratch
	unknown []error // the parts that could not be made smaller
}

// readAll reads every object.
func (f *File) readAll() (*parsedFile, error) {
	d := &parsedFile{programs: map[*object]newProgram{}, objects: make([]*object, len(f.offsets)), root: f.root, info: f.info, scratch: new(scratch)}
	first := len(f.data)
	all := make([]object, len(f.offsets))
	for n, offset := range f.offsets {
		if offset == 0 {
			continue
		}
		o, ok := objectAt(f.data[offset:], n)
		if n == 0 || !ok {
			return nil, formErrorf("unexpected form of object %d", n)
		}
		all[n] = o
		d.objects[n] = &all[n]
		first = min(first, offset)
	}
	d.header = f.data[:first]
	return d, nil
}

// get returns the object with number n, or nil if there is none.
func (d *parsedFile) get(n int) *object {
	if n <= 0 || n >= len(d.objects) {
		return nil
	}
	return d.objects[n]
}
