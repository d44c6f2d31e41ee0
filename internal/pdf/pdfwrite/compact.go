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
	widths   [][]float64  // lists for the widths of fonts, not in use
	glyphs   []byte       // a glyf table
	font     []byte       // a font program
}

// takeWidths returns an empty list for widths.
func (s *scratch) takeWidths() []float64 {
	last := len(s.widths) - 1
	if last < 0 {
		return nil
	}
	list := s.widths[last]
	s.widths = s.widths[:last]
	return list[:0]
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// compact makes the objects smaller. Its error names the parts that are not in the
// expected form; these are left as they were.
func (d *parsedFile) compact() error {
	d.mergeType3()
	contents := d.contentStreams()
	d.stripFonts(contents)
	d.joinTexts(contents)
	d.storePrograms()
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
