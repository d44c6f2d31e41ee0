package pdfwrite

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
)

// scratch is memory for what is needed only for a moment.
type scratch struct {
	inflated bytes.Buffer // what was read last of a compressed stream
	index    bytes.Buffer // of a stream of objects
	bodies   bytes.Buffer
	content  []byte // a content stream
	glyphs   []byte // outlines of a font
	font     []byte // a font program
}

// scratches are kept for the next file, which needs about as much.
var scratches = sync.Pool{New: func() any { return new(scratch) }}

// compact makes the objects smaller. What is of an unknown form stays, and is named
// in the error.
func (d *parsedFile) compact() error {
	d.mergeOutlines()
	d.slimFonts()
	d.joinTexts()
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
