package compact

import (
	"bytes"
	"fmt"
	"github.com/klauspost/compress/zlib"
	"io"
	"sync"
)

// maxStream bounds what a stream is inflated to. Whole documents have less.
const maxStream = 64 << 20

// level is where more of zlib's effort stops paying: level 6 takes half as long again
// for 3 % of a file.
const level = 4

// deflaters are kept, because one takes a megabyte and longer to make than to use.
var deflaters = sync.Pool{New: func() any {
	w, err := zlib.NewWriterLevel(io.Discard, level)
	if err != nil {
		return zlib.NewWriter(io.Discard) // no level is refused that the library knows
	}
	return w
}}

// deflate compresses. Go's compressor gives the same bytes for the same data, but
// not necessarily from one version of Go to the next.
func deflate(data []byte) ([]byte, error) {
	w := deflaters.Get().(*zlib.Writer)
	defer deflaters.Put(w)
	out := bytes.NewBuffer(make([]byte, 0, len(data)/3+64))
	w.Reset(out)
	if _, err := w.Write(data); err != nil {
		return nil, fmt.Errorf("compressing: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compressing: %w", err)
	}
	return out.Bytes(), nil
}

var inflaters sync.Pool

// inflate returns what a stream holds, or nil when that cannot be told.
func (o *object) inflate() []byte {
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
	out := bytes.NewBuffer(make([]byte, 0, 4*len(o.stream)))
	if _, err := out.ReadFrom(io.LimitReader(r, maxStream)); err != nil || out.Len() >= maxStream {
		return nil
	}
	return out.Bytes()
}
