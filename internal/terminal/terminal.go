// Package terminal makes text of unknown origin safe to print: a name in a resume,
// a file's name or a server's message must neither move the cursor of a terminal,
// nor change its colours or title, nor look like lines of the program's own. It
// knows nothing of the project.
package terminal

import (
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Line is text as a part of one line: characters that control a terminal, line
// breaks, tabs and whatever turns the direction of text are written as escapes,
// as JSON has them; bytes that are no UTF-8 as \x and two digits.
func Line(text string) string {
	return string(appendEscaped(make([]byte, 0, len(text)), text, ""))
}

// appendEscaped appends text with everything escaped but what is printable or in keep.
func appendEscaped(to []byte, text, keep string) []byte {
next:
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		part := text[i : i+size]
		i += size
		for _, k := range keep {
			if r == k {
				to = append(to, part...)
				continue next
			}
		}
		switch {
		case r == utf8.RuneError && size == 1:
			to = fmt.Appendf(to, `\x%02x`, part[0])
		case printable(r):
			to = append(to, part...)
		case r == '\n':
			to = append(to, `\n`...)
		case r == '\r':
			to = append(to, `\r`...)
		case r == '\t':
			to = append(to, `\t`...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			to = fmt.Appendf(to, `\u%04x\u%04x`, high, low)
		default:
			to = fmt.Appendf(to, `\u%04x`, r)
		}
	}
	return to
}

// printable reports characters that show as themselves: letters, marks, digits,
// punctuation, symbols and blanks, and the joiners that the spelling of some
// scripts, and emoji, need.
func printable(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return unicode.IsGraphic(r) || r == nonJoiner || r == joiner
}

// NewWriter returns a writer that passes printable text, line breaks and tabs on to
// w, and escapes everything else as Line does. It is for one goroutine at a time, or
// for writes that each end with a whole character.
func NewWriter(w io.Writer) io.Writer { return &writer{to: w} }

type writer struct {
	to io.Writer
}

// Write escapes what would control a terminal.
func (w *writer) Write(p []byte) (int, error) {
	if _, err := w.to.Write(appendEscaped(make([]byte, 0, len(p)), string(p), "\n\t")); err != nil {
		return 0, err
	}
	return len(p), nil
}
