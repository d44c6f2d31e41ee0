package document

import (
	"unicode"

	"github.com/letrazapp/letraz-export/internal/richtext"
)

// lineLength is the approximate number of letters on a line of a page.
const lineLength = 100

// Long reports whether a paragraph or an item of a list is so long that it may be
// divided between two pages.
func Long(b richtext.Block) bool { return blockLines(b) >= longBlock }

// lineCount estimates how many lines a text takes on a page.
func lineCount(s string) int { return (columnsOf(s) + lineLength - 1) / lineLength }

// columnsOf returns the width of a text in letters. East Asian characters count
// twice, combining marks not at all.
func columnsOf(s string) int {
	width := 0
	for _, r := range s {
		switch {
		case r < '\u0300': // Latin: neither marks nor wide
			width++
		case unicode.Is(unicode.M, r):
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			width += 2
		default:
			width++
		}
	}
	return width
}

// blockLines estimates how many lines a block takes on a page.
func blockLines(b richtext.Block) int {
	if b.Kind == richtext.Rule {
		return 1
	}
	lines, width := 0, 0
	for _, s := range b.Spans {
		if s.Break {
			lines += (width + lineLength - 1) / lineLength
			width = 0
		}
		width += columnsOf(s.Text)
	}
	return lines + (width+lineLength-1)/lineLength
}

// textLines estimates how many lines rich text takes on a page.
func textLines(t richtext.Text) int {
	lines := 0
	for _, b := range t {
		lines += blockLines(b)
	}
	return lines
}

// Ideographic reports a character of Chinese or Japanese, which are written without
// blanks.
func Ideographic(r rune) bool {
	return r >= 0x2e80 && (unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) ||
		r >= 0x3000 && r <= 0x303f || r == 'ー' || r >= 0xff00 && r <= 0xffef)
}
