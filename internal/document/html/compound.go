package html

import (
	"html/template"
	"strings"
	"unicode/utf8"
)

// maxWhole is the length in characters up to which a compound stays on one line. A longer
// one might be wider than the page.
const maxWhole = 30

// whole returns a text as HTML in which lines do not end within words, after a hyphen or
// a slash. Readers of a PDF would take the parts for two words, or drop the hyphen.
func whole(text string) template.HTML {
	if !strings.ContainsAny(text, breakAfter) {
		return template.HTML(template.HTMLEscapeString(text))
	}
	var b strings.Builder
	held := "" // a word with a hyphen at its end, which stays with the next: "pre- and"
	for word := range strings.SplitAfterSeq(text, " ") {
		if word = held + word; strings.HasSuffix(word, "- ") && len(word) > 3 && held == "" {
			held = word
			continue
		}
		held = ""
		word, blank := strings.CutSuffix(word, " ")
		safe := template.HTMLEscapeString(word)
		if divisible(word) && utf8.RuneCountInString(word) <= maxWhole {
			safe = `<span class="w">` + safe + "</span>"
		}
		b.WriteString(safe)
		if blank {
			b.WriteByte(' ')
		}
	}
	b.WriteString(template.HTMLEscapeString(held))
	return template.HTML(b.String())
}

// undivided reports whether a link has to stay on one line for the same reason. Its text
// has no elements inside, because each of them would become a link of its own.
func undivided(text string) bool {
	return divisible(text) && utf8.RuneCountInString(text) <= maxWhole
}

// breakAfter lists characters after which a line may end within a word.
const breakAfter = "-/‐–"

// divisible reports whether a line may end within a word. Words from right to left are
// left alone: readers find the order of a line's parts by the letters around them.
func divisible(word string) bool {
	i := strings.IndexAny(word, breakAfter)
	if i < 0 {
		return false
	}
	_, size := utf8.DecodeRuneInString(word[i:])
	return i > 0 && i+size < len(word) && !strings.ContainsFunc(word, func(r rune) bool {
		return r >= 0x590 && r <= 0x8ff || r >= 0xfb1d && r <= 0xfeff
	})
}
