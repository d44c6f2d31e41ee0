package note

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Bounds of the notes that are kept with a resume or an export.
const (
	MaxKept      = 100
	MaxKeptBytes = 32 << 10 // of the texts of all notes
	maxText      = 2 << 10  // of one text; longer ones are cut
)

// Limit returns the first notes of several lists, as many as may be kept: at most
// MaxKept and MaxKeptBytes. The rest is counted in a last note. A note that is there twice
// is taken once. Texts are valid UTF-8 without NUL, as databases require.
func Limit(lists ...[]Note) []Note {
	var kept []Note
	seen := map[Note]bool{}
	bytes, left := 0, 0
	for _, list := range lists {
		for _, n := range list {
			n = Note{Path: storable(n.Path), Code: n.Code, Message: storable(n.Message), Hint: storable(n.Hint)}
			if seen[n] {
				continue
			}
			seen[n] = true
			size := len(n.Path) + len(n.Code) + len(n.Message) + len(n.Hint)
			if left > 0 || len(kept) == MaxKept-1 || bytes+size > MaxKeptBytes {
				left++ // from here on all, so that the order says what is missing
				continue
			}
			bytes += size
			kept = append(kept, n)
		}
	}
	if left > 0 {
		kept = append(kept, Note{Code: More, Message: fmt.Sprintf("%d more notes are not listed", left),
			Hint: "attend to those above first"})
	}
	return kept
}

// storable cuts a text that is too long, and removes what a database refuses.
func storable(s string) string {
	if len(s) > maxText {
		s = s[:maxText]
		for len(s) > 0 && !utf8.RuneStart(s[len(s)-1]) {
			s = s[:len(s)-1]
		}
		s = s[:max(len(s)-1, 0)] + "…"
	}
	if strings.IndexByte(s, 0) < 0 && utf8.ValidString(s) {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
