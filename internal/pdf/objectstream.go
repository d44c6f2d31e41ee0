package pdf

import "bytes"

// objectIndex is the location of an object in an object stream (ISO 32000-1, 7.5.7).
type objectIndex struct {
	stream ref
	place  int // index in the stream
}

// objectStream is a decompressed object stream, with the offset of each object in its
// data.
type objectStream struct {
	data   []byte
	begins []int
}

// readTableStream reads a cross-reference stream, and returns the offset of the
// previous table, or 0.
func (f *File) readTableStream(at int) (before int, err error) {
	v, err := f.objectAt(at, 0)
	if err != nil {
		return 0, err
	}
	s, ok := v.(*stream)
	if !ok || s.dict.get("Type") != name("XRef") {
		return 0, formErrorf("its cross-reference table is missing")
	}
	rows, err := f.inflate(s)
	if err != nil {
		return 0, err
	}
	var widths [3]int
	row := 0
	list, _ := s.dict.get("W").(array)
	for i, w := range list[:min(len(list), 3)] {
		n, _ := w.(float64)
		widths[i] = int(max(0, min(n, 8)))
		row += widths[i]
	}
	size, _ := s.dict.get("Size").(float64)
	index, ok := s.dict.get("Index").(array)
	if !ok {
		index = array{0.0, size}
	}
	if row == 0 || len(list) != 3 || len(index)%2 != 0 {
		return 0, formErrorf("its cross-reference stream is damaged")
	}
	for i := 0; i < len(index); i += 2 {
		first, _ := index[i].(float64)
		n, _ := index[i+1].(float64)
		if first < 0 || first > 1e9 || n < 0 || n > float64(len(rows)/row) {
			return 0, formErrorf("its cross-reference stream is truncated")
		}
		if len(f.offsets)+int(n) > maxObjects {
			return 0, formErrorf("it lists more than %d objects", maxObjects)
		}
		for k := range int(n) {
			f.locate(int(first)+k, rows[k*row:(k+1)*row], widths)
		}
		rows = rows[int(n)*row:]
	}
	return f.chain(s.dict, at)
}

// locate records the location of object n, unless a newer table has it.
func (f *File) locate(n int, row []byte, widths [3]int) {
	var v [3]int
	v[0] = 1 // the default type: an object that is not in an object stream
	for i, w := range widths {
		if w > 0 {
			v[i] = 0
		}
		for range w {
			v[i] = (v[i]<<8 | int(row[0])) & (1<<40 - 1)
			row = row[1:]
		}
	}
	if _, known := f.offsets[n]; known {
		return
	}
	f.offsets[n] = 0
	switch {
	case v[0] == 1 && v[1] < len(f.data):
		f.offsets[n] = v[1]
	case v[0] == 2:
		f.compressed[n] = objectIndex{ref(v[1]), v[2]}
	}
}

// compressedObject reads an object from an object stream.
func (f *File) compressedObject(n ref, w objectIndex) (any, error) {
	if f.readable < 0 {
		return nil, formErrorf("its objects are read too often")
	}
	s, ok := f.streams[w.stream]
	if !ok {
		var err error
		if s, err = f.readObjectStream(w.stream); err != nil {
			return nil, err
		}
		f.streams[w.stream] = s
	}
	if w.place >= len(s.begins) {
		return nil, formErrorf("object %d is not at its offset", n)
	}
	begin := s.begins[w.place]
	p := parser{lexer{data: s.data, pos: begin}, f.known}
	defer func() { f.readable -= p.pos - begin }()
	return p.value(0)
}

// readObjectStream decompresses an object stream. Its data begins with pairs of object
// number and offset.
func (f *File) readObjectStream(n ref) (*objectStream, error) {
	offset := f.offsets[int(n)]
	if offset == 0 {
		return nil, formErrorf("an object stream is missing")
	}
	v, err := f.objectAt(offset, n)
	if err != nil {
		return nil, err
	}
	s, ok := v.(*stream)
	if !ok || s.dict.get("Type") != name("ObjStm") {
		return nil, formErrorf("an object stream has another type")
	}
	data, err := f.inflate(s)
	if err != nil {
		return nil, err
	}
	first, _ := s.dict.get("First").(float64)
	count, _ := s.dict.get("N").(float64)
	if first < 0 || first > float64(len(data)) || count < 0 || count > float64(len(data)) {
		return nil, formErrorf("an object stream is damaged")
	}
	l := &lexer{data: data[:int(first)]}
	out := &objectStream{data: data}
	for range int(count) {
		if _, err := l.next(); err != nil {
			return nil, err
		}
		at, err := l.next()
		if err != nil || at.kind != aNumber || at.num < 0 || at.num > float64(len(data))-first {
			return nil, formErrorf("an object stream is damaged")
		}
		out.begins = append(out.begins, int(first+at.num))
	}
	return out, nil
}

// unpredict reverses PNG prediction (ISO 32000-1, 7.4.4.4): each row begins with the
// type of its predictor and holds differences to the bytes beside or above.
func unpredict(data []byte, parameters dict) ([]byte, error) {
	predictor, _ := parameters.get("Predictor").(float64)
	columns, ok := parameters.get("Columns").(float64)
	if !ok {
		columns = 1
	}
	if predictor < 10 || columns < 1 || columns > 64 || parameters.get("Colors") != nil || parameters.get("BitsPerComponent") != nil {
		return nil, formErrorf("a stream has unsupported decoding parameters")
	}
	row := int(columns)
	above := make([]byte, row)
	out := make([]byte, 0, len(data))
	for ; len(data) > row; data = data[row+1:] {
		line := bytes.Clone(data[1 : row+1])
		switch data[0] {
		case 0:
		case 1:
			for i := 1; i < row; i++ {
				line[i] += line[i-1]
			}
		case 2:
			for i := range line {
				line[i] += above[i]
			}
		default:
			return nil, formErrorf("a stream has unsupported decoding parameters")
		}
		out = append(out, line...)
		above = line
	}
	return out, nil
}
