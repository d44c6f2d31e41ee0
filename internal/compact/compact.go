package compact

import (
	"bytes"
	"fmt"
	"sync"
)

// buffers are kept for the next file, which needs one as large.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// PDF returns the file in fewer bytes. The same file gives the same bytes. An
// error means that it is not in the form that Chrome writes; the data itself is
// never changed.
func PDF(data []byte) ([]byte, error) {
	f, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("making a PDF smaller: %w", err)
	}
	f.inflated = buffers.Get().(*bytes.Buffer)
	defer buffers.Put(f.inflated)
	f.mergeOutlines()
	f.slimFonts()
	out, err := f.write()
	if err != nil {
		return nil, fmt.Errorf("making a PDF smaller: %w", err)
	}
	return out, nil
}
