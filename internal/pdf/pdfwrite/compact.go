package pdfwrite

import (
	"bytes"
	"errors"
	"sync"
)

// scratch holds buffers that are reused from file to file.
type scratch struct {
	inflated bytes.Buffer // the result of parsedFile.inflate
	index    bytes.Buffer // the numbers and offsets of an object stream
	bodies   bytes.Buffer // its objects
	contents []byte       // all content streams, one after the other
	lines    []textLine   // of a content stream
	content  []byte       // a content stream
	glyphs   []byte       // a glyf table
	font     []byte       // a font program
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// compact makes the objects smaller. Its error names the parts that are not in the
// expected form; these are left as they were.
func (d *parsedFile) compact() error {
	d.mergeType3()
	contents := d.contentStreams()
	d.stripFonts(contents)
	d.joinTexts(contents)
	return errors.Join(d.unknown...)
}

// reportUnknown records that a part is not in the expected form. The same message is
// recorded once.
func (d *parsedFile) reportUnknown(message string) {
	for _, known := range d.unknown {
		if known.Error() == message {
			return
		}
	}
	d.unknown = append(d.unknown, errors.New(message))
}
