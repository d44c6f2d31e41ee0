package pdfwrite

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
)

// buffers are kept for the next file, which needs one as large.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// compact makes the objects smaller. What is of an unknown form stays, and is named
// in the error.
func (d *parsedFile) compact() error {
	d.inflated = buffers.Get().(*bytes.Buffer)
	defer buffers.Put(d.inflated)
	d.mergeOutlines()
	d.slimFonts()
	return errors.Join(d.kept...)
}

// keep notes that something stays as it is, once for each kind.
func (d *parsedFile) keep(format string, args ...any) {
	err := fmt.Errorf(format, args...)
	for _, known := range d.kept {
		if known.Error() == err.Error() {
			return
		}
	}
	d.kept = append(d.kept, err)
}
