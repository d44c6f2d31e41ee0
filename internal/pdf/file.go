package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"github.com/klauspost/compress/zlib"
	"io"
)

// File is a PDF that has been opened. It is not safe for concurrent use.
type File struct {
	data    []byte
	offsets map[int]int // of each object's newest version; 0 where it was deleted or is inside another
	inside  map[int]within
	tables  map[int]bool // that were read, by their place
	streams map[ref]*packed
	trailer dict
	catalog dict
	pages   []page
	fonts   map[ref]*font
	known   *known
	flate   io.ReadCloser // for the next stream

	measuring bool // the length of a stream is being looked up

	// What has been done so far, and what may still be.
	inflatable int // bytes
	readable   int // bytes of objects, some more than once
	operators  int
	glyphs     int
}

// page is one with what it inherits nothing of: Chrome writes all into the page.
type page struct {
	ref  ref
	dict dict
}

// Open reads the structure of a file. It keeps the data, which must not change.
func Open(data []byte) (*File, error) {
	if !bytes.HasPrefix(data, []byte("%PDF-")) {
		return nil, formErrorf("it does not begin as a PDF")
	}
	f := &File{data: data, offsets: map[int]int{}, inside: map[int]within{}, tables: map[int]bool{}, streams: map[ref]*packed{}, fonts: map[ref]*font{}, known: newKnown(), inflatable: maxInflate, readable: 1<<20 + 32*len(data)}
	at, err := f.startOfTable()
	if err != nil {
		return nil, err
	}
	for n := 0; at > 0; n++ {
		if n == maxUpdates {
			return nil, formErrorf("it was changed more than %d times", maxUpdates)
		}
		if at, err = f.readTable(at); err != nil {
			return nil, err
		}
	}
	if f.trailer.get("Encrypt") != nil {
		return nil, formErrorf("it is encrypted")
	}
	root, err := f.resolve(f.trailer.get("Root"))
	if err != nil {
		return nil, fmt.Errorf("reading the catalog: %w", err)
	}
	var ok bool
	if f.catalog, ok = root.(dict); !ok {
		return nil, formErrorf("it has no catalog")
	}
	return f, f.readPages()
}

// object reads an object anew; nothing is kept of it.
func (f *File) object(n ref) (any, error) {
	offset := f.offsets[int(n)]
	if offset == 0 {
		if w, ok := f.inside[int(n)]; ok {
			return f.packedObject(n, w)
		}
		return nil, nil // 7.3.10: what is missing is null
	}
	return f.objectAt(offset, n)
}

// objectAt reads the object at an offset, which has to be number n unless that is 0.
func (f *File) objectAt(offset int, n ref) (any, error) {
	p := parser{lexer{data: f.data, pos: offset}, f.known}
	defer func() { f.readable -= p.pos - offset }()
	if f.readable < 0 {
		return nil, formErrorf("its objects lead to one another again and again")
	}
	number, err := p.next()
	if err != nil || number.kind != aNumber || n != 0 && number.num != float64(n) {
		return nil, formErrorf("object %d is not in its place", n)
	}
	_, _ = p.next() // the generation, which readers ignore here as well
	if t, err := p.next(); err != nil || string(t.data) != "obj" {
		return nil, formErrorf("object %d is not in its place", n)
	}
	v, err := p.value(0)
	if err != nil {
		return nil, fmt.Errorf("reading object %d: %w", n, err)
	}
	d, ok := v.(dict)
	if !ok {
		return v, nil
	}
	if t, err := p.next(); err != nil || string(t.data) != "stream" {
		return v, nil
	}
	if p.peek(0, '\r') {
		p.pos++
	}
	p.pos++ // the line feed
	length, ok := f.lengthOf(d)
	if !ok || length < 0 || length > float64(len(f.data)-p.pos) {
		return nil, formErrorf("object %d does not say how long it is", n)
	}
	return &stream{d, f.data[p.pos : p.pos+int(length)]}, nil
}

// lengthOf is how many bytes a stream has. The number may be an object of its own,
// which is no stream.
func (f *File) lengthOf(d dict) (length float64, ok bool) {
	v := d.get("Length")
	if r, elsewhere := v.(ref); elsewhere && !f.measuring {
		f.measuring = true
		v, _ = f.object(r)
		f.measuring = false
	}
	length, ok = v.(float64)
	return length, ok
}

// resolve follows references to the value itself.
func (f *File) resolve(v any) (any, error) {
	for range 8 {
		r, ok := v.(ref)
		if !ok {
			return v, nil
		}
		var err error
		if v, err = f.object(r); err != nil {
			return nil, err
		}
	}
	return nil, formErrorf("objects that stand for one another")
}

// dictAt resolves the value under a key of d to a dictionary; nil if it is none.
func (f *File) dictAt(d dict, key name) (dict, error) {
	v, err := f.resolve(d.get(key))
	found, _ := v.(dict)
	return found, err
}

// listAt is dictAt for lists.
func (f *File) listAt(d dict, key name) (array, error) {
	v, err := f.resolve(d.get(key))
	found, _ := v.(array)
	return found, err
}

// inflate gives the bytes of a stream.
func (f *File) inflate(s *stream) ([]byte, error) {
	switch s.dict.get("Filter") {
	case nil:
		return s.raw, nil
	case name("FlateDecode"):
	default:
		return nil, formErrorf("bytes that are packed in another way than Flate")
	}
	z, err := f.inflater(bytes.NewReader(s.raw))
	if err != nil {
		return nil, formErrorf("bytes that cannot be unpacked: %v", err)
	}
	limit := min(maxStream, f.inflatable)
	var out bytes.Buffer
	out.Grow(min(8*len(s.raw)+512, limit+1))
	n, err := io.Copy(&out, io.LimitReader(z, int64(limit)+1))
	f.inflatable -= int(n)
	switch {
	case n > int64(limit):
		return nil, formErrorf("its streams unpack to more than %d bytes", limit)
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, formErrorf("bytes that cannot be unpacked: %v", err)
	case err != nil:
		return nil, formErrorf("a stream that is cut off")
	}
	if parameters, ok := s.dict.get("DecodeParms").(dict); ok {
		return unpredict(out.Bytes(), parameters)
	}
	return out.Bytes(), nil
}

// inflater unpacks from r; it is the same for all streams of a file.
func (f *File) inflater(r io.Reader) (io.Reader, error) {
	if again, ok := f.flate.(zlib.Resetter); ok {
		return f.flate, again.Reset(r, nil)
	}
	z, err := zlib.NewReader(r)
	if err == nil {
		f.flate = z
	}
	return z, err
}

// readPages lists the pages in order.
func (f *File) readPages() error {
	seen := map[ref]bool{}
	var walk func(v any, level int) error
	walk = func(v any, level int) error {
		r, ok := v.(ref)
		if !ok || seen[r] || level > maxLevels || len(f.pages) >= maxPages {
			return formErrorf("its tree of pages is damaged, or has more than %d", maxPages)
		}
		seen[r] = true
		resolved, err := f.resolve(r)
		if err != nil {
			return err
		}
		node, _ := resolved.(dict)
		switch node.get("Type") {
		case name("Page"):
			f.pages = append(f.pages, page{r, node})
			return nil
		case name("Pages"):
			kids, err := f.listAt(node, "Kids")
			if err != nil {
				return err
			}
			for _, k := range kids {
				if err := walk(k, level+1); err != nil {
					return err
				}
			}
			return nil
		}
		return formErrorf("its tree of pages holds something else")
	}
	if err := walk(f.catalog.get("Pages"), 0); err != nil {
		return err
	}
	if len(f.pages) == 0 {
		return formErrorf("it has no pages")
	}
	return nil
}

// Pages is how many pages the file has.
func (f *File) Pages() int { return len(f.pages) }
