package pdfwrite

import (
	"bytes"
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/zlib"
)

// maxStream is the largest size of an inflated stream, in bytes. No stream of a document
// that Chrome prints for us comes near it.
const maxStream = 64 << 20

// level is zlib's compression level. Level 6 takes half as long again and saves 3 % of a
// file.
const level = 4

// deflater is a compressor and the buffer it writes to.
type deflater struct {
	*zlib.Writer
	out bytes.Buffer
}

// deflaters are reused: one takes a megabyte, and making it takes longer than using it.
var deflaters = sync.Pool{New: func() any {
	w, err := zlib.NewWriterLevel(io.Discard, level)
	if err != nil {
		w = zlib.NewWriter(io.Discard) // cannot happen: the level is valid
	}
	return &deflater{Writer: w}
}}

// deflate compresses data. The same data gives the same bytes with the same version of
// the compressor.
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

// deflateSmall compresses with zlib's default level, for attachments, which are about as
// large as the rest of the file.
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

// inflate returns the decoded bytes of a stream, or nil if o is no stream or has a filter
// other than plain FlateDecode. The bytes are valid until the next call.
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
	r, reused := inflaters.Get().(io.ReadCloser)
	if reused {
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
