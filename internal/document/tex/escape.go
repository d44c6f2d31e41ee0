package tex

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// text returns a line of text with commands for the fonts and directions that its
// characters need.
func (w *writer) text(s string) string { return w.piece([]rune(s), opposed(s, w.rtl)) }

// piece escapes runes. against tells which of them run against the line's direction.
func (w *writer) piece(text []rune, against []bool) string {
	var b strings.Builder
	for from := 0; from < len(text); {
		to := from + sameLength(against[from:])
		part := w.oriented(text[from:to], against[from])
		if against[from] {
			part = w.crossing() + "{" + part + "}"
		}
		b.WriteString(part)
		from = to
	}
	return b.String()
}

// crossing returns the command for text that runs against the direction of the resume.
func (w *writer) crossing() string {
	if w.rtl {
		return `\cvlr`
	}
	return `\cvrl`
}

// oriented escapes runes that all run in the line's direction or all against it.
func (w *writer) oriented(text []rune, against bool) string {
	if w.turned = against != w.rtl; w.turned {
		text = mirrored(text)
	}
	return w.inFonts(text)
}

// mirrored swaps the brackets of right-to-left text. TeX reverses the order of
// characters, but does not mirror the glyphs of fonts of other scripts.
func mirrored(text []rune) []rune {
	const pairs = "()[]{}<>«»‹›"
	out := make([]rune, len(text))
	for i, r := range text {
		out[i] = r
		switch at := strings.IndexRune(pairs, r); {
		case at < 0:
		case strings.ContainsRune("([{<«‹", r):
			out[i], _ = utf8.DecodeRuneInString(pairs[at+utf8.RuneLen(r):])
		default:
			out[i], _ = utf8.DecodeLastRuneInString(pairs[:at])
		}
	}
	return out
}

// inFonts escapes runes with commands for fonts that have them. Marks and joiners
// stay with their characters, blanks with the words of a script around them.
func (w *writer) inFonts(text []rune) string {
	var b strings.Builder
	for from := 0; from < len(text); {
		family := w.familyAt(text, from)
		to := from + 1
		if family == "cvsymbol" {
			to = from + symbolLength(text[from:])
			w.symbol(&b, text[from:to])
			from = to
			continue
		}
		for to < len(text) {
			next := to
			for family != "" && next < len(text)-1 && text[next] == ' ' {
				next++
			}
			if w.familyAt(text, next) != family {
				break
			}
			to = next + 1
		}
		w.write(&b, family, text[from:to])
		from = to
	}
	return b.String()
}

// familyAt returns the family of a character in a text. The full stops of India, which
// belong to several scripts, take that of the word before them.
func (w *writer) familyAt(text []rune, i int) string {
	for i > 0 && unicode.In(text[i], unicode.M, unicode.Cf) {
		i--
	}
	if text[i] != '।' && text[i] != '॥' {
		return w.family(text[i])
	}
	for before := i - 1; before >= 0; before-- {
		if !unicode.In(text[before], unicode.M, unicode.Cf, unicode.Zs, unicode.P) {
			if f := w.family(text[before]); f != "" && f != "cvsymbol" && f != w.han {
				return f
			}
			break
		}
	}
	return "cvdevanagari"
}

// symbolLength returns the number of runes of the symbol at the beginning of a text,
// with its marks. Emoji may consist of several that are joined, or two letters of a
// flag.
func symbolLength(text []rune) int {
	const joiner = '\u200d'
	letter := func(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }
	n := 1
	if letter(text[0]) && len(text) > 1 && letter(text[1]) {
		n++
	}
	for n < len(text) {
		skin := text[n] >= 0x1f3fb && text[n] <= 0x1f3ff
		joined := text[n-1] == joiner && text[n] > 0x2000
		if !skin && !joined && !unicode.In(text[n], unicode.M, unicode.Cf) {
			break
		}
		n++
	}
	return n
}

// symbol writes a character that few fonts have, and what stands instead where none
// has: the letters that it is a variant of, or a sign that is read as the symbol.
func (w *writer) symbol(b *strings.Builder, text []rune) {
	w.unicode = true
	var tested, shown strings.Builder
	for _, r := range text {
		if !unicode.In(r, unicode.Cf, unicode.Variation_Selector) {
			tested.WriteRune(r)
		}
		if escapedRune(r, r) != "" {
			shown.WriteRune(r)
		}
	}
	instead := w.instead(text[0])
	if instead == "" {
		var codes strings.Builder
		for _, c := range utf16.Encode([]rune(shown.String())) {
			fmt.Fprintf(&codes, "%04X", c)
		}
		instead = "\\cvlost{" + codes.String() + "}"
	}
	b.WriteString("\\cvsymbol{" + tested.String() + "}{" + shown.String() + "}{" + instead + "}")
}

// write escapes runes of one family.
func (w *writer) write(b *strings.Builder, family string, text []rune) {
	if family != "" {
		w.unicode = true
		b.WriteString("\\" + family + "{")
		defer b.WriteByte('}')
	}
	word := 0
	for i, r := range text {
		if !inT1(r) {
			w.unicode = true
		}
		var next rune
		if i+1 < len(text) {
			next = text[i+1]
		}
		b.WriteString(escapedRune(r, next))
		if w.turned && family == "" && r != ' ' && next != 0 && next != ' ' {
			b.WriteString("\\cvnext{}") // a word of a font from left to right is not turned
		}
		if word++; r == ' ' {
			word = 0
		} else if family == "" && word > longWord && word%8 == 0 && next != ' ' && next != 0 && !unicode.IsMark(next) {
			b.WriteString("\\allowbreak{}")
		}
	}
}

// instead returns the letters that a character is a variant of, or nothing.
func (w *writer) instead(r rune) string {
	var b strings.Builder
	for _, c := range norm.NFKC.String(string(r)) {
		if w.family(c) != "" {
			return ""
		}
		b.WriteString(escapedRune(c, c))
	}
	return b.String()
}

// longWord is the number of letters from which on a word may be divided.
const longWord = 40

// escapedRune returns the TeX source for a character. next is the following one, with
// which it could form a ligature, or 0 at the end.
func escapedRune(r, next rune) string {
	switch r {
	case '#', '$', '%', '&', '_', '{', '}':
		return `\` + string(r)
	case '-', ',': // two make one
		if next == r || next == 0 {
			return string(r) + "{}"
		}
	case '\u00a0', '\u202f':
		return "~"
	case '\u00ad':
		return `\-`
	case '\u200b':
		return `\allowbreak{}`
	case '\u200e', '\u200f', '\u061c', '\u2060', '\ufe0e', '\ufe0f', '\u20e3': // marks of direction and of looks
		return ""
	}
	if name := commandFor(r); name != "" {
		return `\` + name + "{}"
	}
	return string(r)
}

// commandFor returns the command for an ASCII character that has a meaning in TeX or
// another glyph in TeX's fonts.
func commandFor(r rune) string {
	switch r {
	case '\\':
		return "textbackslash"
	case '^':
		return "textasciicircum"
	case '~':
		return "textasciitilde"
	case '<':
		return "textless"
	case '>':
		return "textgreater"
	case '|':
		return "textbar"
	case '"':
		return "textquotedbl"
	case '\'':
		return "textquotesingle"
	case '`':
		return "textasciigrave"
	}
	return ""
}

// escaped escapes text that is not typeset, such as PDF metadata.
func escaped(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteString(escapedRune(r, r))
	}
	return b.String()
}

// hrefArgument returns an address as the argument of \href. Characters with a meaning
// in TeX are percent-encoded, or escaped in the way that hyperref undoes.
func hrefArgument(address string) string {
	var b strings.Builder
	for _, c := range []byte(address) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-.:/?=+,;@!*()", c) >= 0:
			b.WriteByte(c)
		case strings.IndexByte("%#&_", c) >= 0:
			b.WriteString(`\` + string(rune(c)))
		default:
			fmt.Fprintf(&b, `\%%%02X`, c)
		}
	}
	return b.String()
}

// inT1 reports whether the encodings T1 and TS1 of pdflatex have the character as one
// glyph. Extraction reads composed glyphs as two characters.
func inT1(r rune) bool {
	return r >= ' ' && r < 0x100 || strings.ContainsRune("ĂăĄąĆćČčĎďđĘęĚěĞğİıĹĺĽľŁłŃńŇňŊŋŐőŒœŔŕŘřŚśŞşŠšŢţŤťŮůŰűŸŹźŻżŽž"+
		"–—‘’‚“”„†‡•…‰‹›€™\u200b\u200e\u200f\u2060\u202f", r)
}

// opposed reports for each character of a line whether it runs against the line's
// direction. Characters between two of them, and numbers after one, belong to them.
// These are the rules of Unicode's bidirectional algorithm for lines without
// directional formatting characters.
func opposed(line string, rtl bool) []bool {
	text := []rune(line)
	out := make([]bool, len(text))
	last := -1 // the last one that is
	for i, r := range text {
		if escapedRune(r, r) == "" {
			continue // a mark of direction, which is decided here
		}
		p, _ := bidi.LookupRune(r)
		switch p.Class() {
		case bidi.L, bidi.R, bidi.AL:
			if (p.Class() == bidi.L) != rtl {
				last = -1
				continue
			}
		case bidi.EN, bidi.AN:
			if last < 0 {
				// A number by itself is written from left to right, too.
				out[i] = rtl
				if i > 1 && out[i] && out[i-2] && strings.ContainsRune(".,:/+-", text[i-1]) {
					out[i-1] = true
				}
				continue
			}
		default:
			continue
		}
		from := i
		if last >= 0 {
			from = last + 1
		}
		for j := from; j <= i; j++ {
			out[j] = true
		}
		last = i
	}
	// Marks go with what they stand on.
	for i := 1; i < len(text); i++ {
		if unicode.IsMark(text[i]) && out[i-1] {
			out[i] = true
		}
	}
	return out
}
