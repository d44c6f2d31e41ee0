// Package pdf reads the PDFs (ISO 32000-1) that Chrome writes and this program
// finishes: the text with its positions, the links, structure, outline, information
// and attached files. It serves to check what other software can read in them.
//
// It is not a general reader. It returns an error for encryption, filters other than
// Flate, and fonts and text operators that Skia does not use. For any input, time and
// memory are bounded by its size and by the limits below, and nothing panics.
package pdf

import (
	"errors"
	"fmt"
)

// ErrForm means that a file is damaged, or uses features of PDF that this program does
// not write.
var ErrForm = errors.New("the PDF is damaged, or other software has changed it")

// Limits on the time and memory that hostile files can use.
const (
	maxStream  = 24 << 20 // of one stream, inflated
	maxInflate = 96 << 20 // of all streams of a file together
	maxDepth   = 48       // of values in values
	maxUpdates = 32       // of a file
	maxPages   = 5000
	maxObjects = 1 << 20    // listed in the tables: Chrome writes ten for a page
	maxNodes   = 400_000    // of a tree: structure, pages, outline, names
	maxLevels  = 200        // of a tree
	maxText    = 8 << 20    // bytes of text in a file
	maxGlyphs  = 500_000    // of a file: a hundred dense pages
	maxWork    = 20_000_000 // operators of all pages: Chrome needs two or three for a glyph
	maxCodes   = 1 << 16    // of a font: they have two bytes
)

func formErrorf(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrForm, fmt.Sprintf(format, args...))
}
