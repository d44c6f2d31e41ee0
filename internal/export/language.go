package export

import "strings"

// maxLanguage bounds a language tag, in bytes, as RFC 5646 advises (section 4.4.1).
const maxLanguage = 35

// isLanguageTag reports whether a text has the form of a language tag (RFC 5646): a
// language of two or three letters, then subtags of one to eight letters and digits,
// separated by hyphens. Whether the language exists is not checked.
func isLanguageTag(s string) bool {
	if len(s) > maxLanguage {
		return false
	}
	for i, part := range strings.Split(s, "-") {
		if i == 0 && (len(part) < 2 || len(part) > 3) || len(part) < 1 || len(part) > 8 {
			return false
		}
		for j := range len(part) {
			letter, digit := 'a' <= part[j]|0x20 && part[j]|0x20 <= 'z', '0' <= part[j] && part[j] <= '9'
			if !letter && (i == 0 || !digit) {
				return false
			}
		}
	}
	return true
}
