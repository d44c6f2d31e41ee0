// Package pdf reads PDFs as Chrome writes them and this program finishes them
// (ISO 32000-1): their text with its places, their links, structure, outline,
// information and attached files, so that what other software will find in them
// can be judged.
//
// It is no general reader. Encryption, filters other than Flate, fonts that Skia
// does not write and text operators it does not use are refused with an error that says so. Whatever the bytes are, time and memory
// are bounded by them and by the limits below, and nothing panics.
package pdf

import (
	"errors"
	"fmt"
)

// ErrForm says that a file is damaged, or of a form that this program does not
// write.
var ErrForm = errors.New("the PDF is damaged, or other software has changed it")

// Bounds on what hostile files can cost.
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
