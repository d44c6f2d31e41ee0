// Package terminal makes text of unknown origin safe to print. A name in a resume, a file's
// name or a server's message must neither move the cursor of a terminal, nor change its colors
// or title, nor look like lines of this program. Tables are aligned by the width that a terminal
// gives to text. The package knows nothing of the project.
package terminal

import (
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Line returns text as a part of one line. Characters that control a terminal, line breaks,
// tabs and characters that change the direction of text become JSON escapes; bytes that are
// not UTF-8 become \x and two digits.
func Line(text string) string {
	return string(appendEscaped(make([]byte, 0, len(text)), text, ""))
}

// appendEscaped appends text and escapes all characters that are neither printable nor in
// keep.
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

// printable reports whether a character is visible as itself: letters, marks, digits,
// punctuation, symbols and spaces, and the joiners that some scripts and emoji need.
func printable(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return unicode.IsGraphic(r) || r == nonJoiner || r == joiner
}

// NewWriter returns a writer that passes printable text, line breaks and tabs on to w, and
// escapes everything else as Line does. It must not be used concurrently unless each write
// ends with a complete character.
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
