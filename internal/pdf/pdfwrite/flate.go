package pdfwrite

import (
	"bytes"
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/zlib"
)

// maxStream bounds what a stream is inflated to. Whole documents have less.
const maxStream = 64 << 20

// level is where more of zlib's effort stops paying: level 6 takes half as long again
// for 3 % of a file.
const level = 4

// deflater compresses into a buffer of its own.
type deflater struct {
	*zlib.Writer
	out bytes.Buffer
}

// deflaters are kept, because one takes a megabyte and longer to make than to use.
var deflaters = sync.Pool{New: func() any {
	w, err := zlib.NewWriterLevel(io.Discard, level)
	if err != nil {
		w = zlib.NewWriter(io.Discard) // no level is refused that the library knows
	}
	return &deflater{Writer: w}
}}

// deflate compresses. Go's compressor gives the same bytes for the same data, but
// not necessarily from one version of Go to the next.
func deflate(data []byte) ([]byte, error) {
	w := deflaters.Get().(*deflater)
	defer deflaters.Put(w)
	w.out.Reset()
	w.Reset(&w.out)
	if _, err := w.Write(data); err != nil {
		return nil, fmt.Errorf("compressing: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compressing: %w", err)
	}
	return bytes.Clone(w.out.Bytes()), nil
}

// deflateSmall compresses with more effort, for what is as large as the rest of a file.
func deflateSmall(data []byte) ([]byte, error) {
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	if _, err := w.Write(data); err != nil {
		return nil, fmt.Errorf("compressing: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compressing: %w", err)
	}
	return packed.Bytes(), nil
}

var inflaters sync.Pool

// inflate returns what a stream holds, or nil when that cannot be told. It is
// there until the next call.
func (d *parsedFile) inflate(o *object) []byte {
	if o == nil || o.stream == nil {
		return nil
	}
	filter := entry(o.body, "Filter")
	if filter == nil {
		return o.stream
	}
	if string(filter) != "/FlateDecode" || entry(o.body, "DecodeParms") != nil {
		return nil
	}
	source := bytes.NewReader(o.stream)
	r, kept := inflaters.Get().(io.ReadCloser)
	if kept {
		if r.(zlib.Resetter).Reset(source, nil) != nil {
			return nil
		}
	} else {
		var err error
		if r, err = zlib.NewReader(source); err != nil {
			return nil
		}
	}
	defer inflaters.Put(r)
	d.scratch.inflated.Reset()
	if _, err := d.scratch.inflated.ReadFrom(io.LimitReader(r, maxStream)); err != nil || d.scratch.inflated.Len() >= maxStream {
		return nil
	}
	return d.scratch.inflated.Bytes()
}
