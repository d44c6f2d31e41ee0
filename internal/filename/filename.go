// Package filename makes file names from text that users type. A name that it returns is a
// valid path element on every common operating system, unchanged and in every Unicode
// normalization form.
package filename

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxBytes bounds a name that Safe or ASCII returns, so that a number can be
// added to it and it stays under the 255 bytes that file systems allow.
const MaxBytes = 230

// maxEnding bounds what counts as the ending of a name.
const maxEnding = 10

// Safe returns a whole name, with its ending, as a safe file name. It returns the fallback if
// nothing of the name is left.
func Safe(name, fallback string) string {
	ext := ending(name)
	stem := Part(strings.TrimSuffix(name, ext), MaxBytes-len(ext))
	if ext == "" { // it may be one now
		ext = ending(stem)
		stem = Part(strings.TrimSuffix(stem, ext), MaxBytes-len(ext))
	}
	if stem == "" {
		stem = fallback
	}
	return Unreserved(stem + ext)
}

// ASCII is Safe with ASCII letters, digits and punctuation only: letters lose their marks, and
// characters without an ASCII spelling are left out. A name without a letter or a digit
// becomes the fallback.
func ASCII(name, fallback string) string {
	name = Safe(name, fallback)
	ext := ending(name)
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.TrimSuffix(name, ext)) {
		b.WriteString(spelling(r))
	}
	// Cleaned last, because the spelling of a character may contain characters that are not
	// allowed.
	stem := Part(b.String(), MaxBytes-len(ext))
	if !strings.ContainsFunc(stem, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		stem = fallback
	}
	return Unreserved(stem + ext)
}

// Part makes a part of a file name of at most size bytes. It contains no path separator,
// wildcard, control character or direction mark, and neither begins nor ends with a dot or a
// space.
func Part(text string, size int) string {
	text = norm.NFC.String(strings.ToValidUTF8(text, ""))
	var b strings.Builder
	for _, r := range text {
		writeAllowed(&b, r)
	}
	text = strings.Join(strings.Fields(b.String()), " ")
	text = strings.TrimLeft(text, " .-~_"+joiners)
	return strings.TrimRight(Cut(text, size), " .-"+joiners)
}

// joiners are invisible characters that belong to the spelling of some scripts.
const joiners = "\u200c\u200d"

// writeAllowed writes a character, or its replacement in a file name.
func writeAllowed(b *strings.Builder, r rune) {
	switch {
	case r >= '0' && r <= '9', r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z', strings.ContainsRune(joiners, r):
		b.WriteRune(r)
	case unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs), r == unicode.ReplacementChar, noncharacter(r):
	default:
		// Some systems decompose names, and some replace a character by a similar ASCII one,
		// such as "／" by "/". So a character is treated like what it may become.
		plain := norm.NFKD.String(string(r))
		switch {
		case strings.ContainsFunc(plain, forbidden):
			b.WriteByte(' ')
		case strings.ContainsAny(plain, ".-~_"): // Part looks for these at its ends
			b.WriteString(plain)
		default:
			b.WriteRune(r)
		}
	}
}

// forbidden reports whether a file system or shell treats the character specially, or whether
// it is a space.
func forbidden(r rune) bool {
	return strings.ContainsRune("/\\:*?\"<>|\u2044\u2215\u29f5\u2216", r) || unicode.IsSpace(r) || unicode.IsControl(r)
}

// noncharacter reports whether r is a code point that is never a character.
func noncharacter(r rune) bool { return r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef }

// Cut shortens s to at most size bytes, never inside a character nor before a
// mark that belongs to the last one.
func Cut(s string, size int) string {
	if len(s) <= size {
		return s
	}
	end := 0
	for i, r := range s {
		if i > size {
			break
		}
		if !unicode.IsMark(r) && r != '\u200d' {
			end = i
		}
	}
	return s[:end]
}

// Unreserved returns the name, with an underscore before it if it is a device name on Windows,
// whatever its ending.
func Unreserved(name string) string {
	stem, _, _ := strings.Cut(name, ".")
	stem = strings.ToUpper(strings.TrimSpace(norm.NFKC.String(stem)))
	number, port := strings.CutPrefix(stem, "COM")
	if !port {
		number, port = strings.CutPrefix(stem, "LPT")
	}
	switch {
	case port && utf8.RuneCountInString(number) == 1 && strings.Contains("0123456789", number),
		stem == "CON", stem == "PRN", stem == "AUX", stem == "NUL", stem == "CONIN$", stem == "CONOUT$":
		return "_" + name
	}
	return name
}

// ending returns the ending of a name with its dot, or "" if it has none that a program would
// recognise.
func ending(name string) string {
	ext := path.Ext(name)
	if len(ext) < 2 || len(ext) > maxEnding || strings.Trim(ext[1:], "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return ext
}

// spelling returns the ASCII spelling of a letter, or "".
func spelling(r rune) string {
	switch r {
	case '"', '%':
		return ""
	case 'ß':
		return "ss"
	case 'ø', 'Ø':
		return "o"
	case 'æ', 'Æ':
		return "ae"
	case 'œ', 'Œ':
		return "oe"
	case 'ł', 'Ł':
		return "l"
	case 'đ', 'Đ', 'ð', 'Ð':
		return "d"
	case 'ı':
		return "i"
	case '’', '‘':
		return "'"
	case '–', '—':
		return "-"
	}
	if r > '~' {
		return ""
	}
	return string(r)
}
