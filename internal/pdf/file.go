package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"github.com/klauspost/compress/zlib"
	"io"
)

// File is an open PDF. It is not safe for concurrent use.
type File struct {
	data       []byte
	offsets    map[int]int // of each object's newest version; 0 if it was deleted or is in an object stream
	compressed map[int]objectIndex
	tables     map[int]bool // the offsets of the cross-reference tables read
	streams    map[ref]*objectStream
	trailer    dict
	catalog    dict
	pages      []page
	fonts      map[ref]*font
	known      *known
	flate      io.ReadCloser // reused for the next stream

	measuring bool // lengthOf is reading an object

	// The limits left, and the work done.
	inflatable int // bytes left
	readable   int // bytes of objects left, each counted as often as it is read
	operators  int
	glyphs     int
}

// page is a page. Inherited attributes are not supported: Chrome does not use them.
type page struct {
	ref  ref
	dict dict
}

// Open reads the structure of a file. It keeps the data, which must not change.
func Open(data []byte) (*File, error) {
	if !bytes.HasPrefix(data, []byte("%PDF-")) {
		return nil, formErrorf("it does not begin with a PDF header")
	}
	f := &File{data: data, offsets: map[int]int{}, compressed: map[int]objectIndex{}, tables: map[int]bool{}, streams: map[ref]*objectStream{}, fonts: map[ref]*font{}, known: newKnown(), inflatable: maxInflate, readable: 1<<20 + 32*len(data)}
	at, err := f.startOfTable()
	if err != nil {
		return nil, err
	}
	for n := 0; at > 0; n++ {
		if n == maxUpdates {
			return nil, formErrorf("it has more than %d incremental updates", maxUpdates)
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

// object reads an object. It does not cache it.
func (f *File) object(n ref) (any, error) {
	offset := f.offsets[int(n)]
	if offset == 0 {
		if w, ok := f.compressed[int(n)]; ok {
			return f.compressedObject(n, w)
		}
		return nil, nil // ISO 32000-1, 7.3.10: a missing object is null
	}
	return f.objectAt(offset, n)
}

// objectAt reads the object at an offset. Its number must be n, unless n is 0.
func (f *File) objectAt(offset int, n ref) (any, error) {
	p := parser{lexer{data: f.data, pos: offset}, f.known}
	defer func() { f.readable -= p.pos - offset }()
	if f.readable < 0 {
		return nil, formErrorf("its objects are read too often")
	}
	number, err := p.next()
	if err != nil || number.kind != aNumber || n != 0 && number.num != float64(n) {
		return nil, formErrorf("object %d is not at its offset", n)
	}
	_, _ = p.next() // the generation, which other readers ignore here too
	if t, err := p.next(); err != nil || string(t.data) != "obj" {
		return nil, formErrorf("object %d is not at its offset", n)
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
		return nil, formErrorf("the length of stream %d is missing or wrong", n)
	}
	return &stream{d, f.data[p.pos : p.pos+int(length)]}, nil
}

// lengthOf returns the length of a stream. It may be an indirect object, but not one
// that is itself a stream with an indirect length.
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

// resolve follows references until it finds a value.
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
	return nil, formErrorf("objects refer to each other in a cycle")
}

// dictAt resolves the value of a key of d. It returns nil if that is no dictionary.
func (f *File) dictAt(d dict, key name) (dict, error) {
	v, err := f.resolve(d.get(key))
	found, _ := v.(dict)
	return found, err
}

// listAt is dictAt for arrays.
func (f *File) listAt(d dict, key name) (array, error) {
	v, err := f.resolve(d.get(key))
	found, _ := v.(array)
	return found, err
}

// inflate returns the decoded bytes of a stream.
func (f *File) inflate(s *stream) ([]byte, error) {
	switch s.dict.get("Filter") {
	case nil:
		return s.raw, nil
	case name("FlateDecode"):
	default:
		return nil, formErrorf("a stream has a filter other than FlateDecode")
	}
	z, err := f.inflater(bytes.NewReader(s.raw))
	if err != nil {
		return nil, formErrorf("a stream cannot be decompressed: %v", err)
	}
	limit := min(maxStream, f.inflatable)
	var out bytes.Buffer
	out.Grow(min(8*len(s.raw)+512, limit+1))
	n, err := io.Copy(&out, io.LimitReader(z, int64(limit)+1))
	f.inflatable -= int(n)
	switch {
	case n > int64(limit):
		return nil, formErrorf("its streams decompress to more than %d bytes", limit)
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, formErrorf("a stream cannot be decompressed: %v", err)
	case err != nil:
		return nil, formErrorf("a stream is truncated")
	}
	if parameters, ok := s.dict.get("DecodeParms").(dict); ok {
		return unpredict(out.Bytes(), parameters)
	}
	return out.Bytes(), nil
}

// inflater returns a reader that decompresses r. All streams of a file share it.
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

// readPages reads the page tree.
func (f *File) readPages() error {
	seen := map[ref]bool{}
	var walk func(v any, level int) error
	walk = func(v any, level int) error {
		r, ok := v.(ref)
		if !ok || seen[r] || level > maxLevels || len(f.pages) >= maxPages {
			return formErrorf("its page tree is damaged or has more than %d pages", maxPages)
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
		return formErrorf("its page tree has a node of another type")
	}
	if err := walk(f.catalog.get("Pages"), 0); err != nil {
		return err
	}
	if len(f.pages) == 0 {
		return formErrorf("it has no pages")
	}
	return nil
}

// Pages returns the number of pages.
func (f *File) Pages() int { return len(f.pages) }
