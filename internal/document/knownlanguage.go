package document

import "golang.org/x/text/language"

// KnownLanguage reports whether a text is a BCP 47 tag of a language that exists. A
// document can be made in any of them; where there are no words in a language, the
// headings and dates are in English.
func KnownLanguage(tag string) bool {
	if !looksLikeTag(tag) {
		return false
	}
	parsed, err := language.Parse(tag)
	return err == nil && !undetermined(parsed)
}
