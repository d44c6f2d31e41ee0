// Package langid tells which language the texts of a resume are written in.
//
// The script decides where only one language that matters is written in it, and the
// letters do for the others except Latin. In Latin script only words in lower case count,
// so that names, titles and products, which are often those of another language, do not.
// Frequent words decide long texts. The statistics of whatlanggo decide short ones, and
// what they are not sure of is not decided.
//
// The alternatives were measured on the texts of testdata: lingua-go recognises as many,
// but adds 120 MB to the binary and takes 35 to 670 MB of memory. Neither library has a
// recent release; whatlanggo has no dependencies and its data does not age.
package langid

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxWords bounds the words that a sample keeps.
const maxWords = 1500

// Sample collects the texts of one document.
type Sample struct {
	scripts scriptCount
	words   []string // of prose in lower case
	titles  []string // of other texts in lower case; they count where there is no prose
	terms   []string // of all, see vocabulary
	foreign bool     // there are letters that English has not
}

// AddProse adds a text of sentences or phrases.
func (s *Sample) AddProse(text string) {
	if len(text) < 2 {
		return // a letter
	}
	s.add(text)
	s.addTerms(text)
	s.words = appendWords(s.words, text)
}

// AddTitle adds what something is called, such as a job or a section.
func (s *Sample) AddTitle(text string) {
	s.add(text)
	s.addTerms(text)
	s.titles = appendWords(s.titles, text)
}

// AddName adds the name of something, such as a skill, which may be a name in any language.
func (s *Sample) AddName(text string) {
	s.add(text)
	s.titles = appendWords(s.titles, text)
}

func (s *Sample) add(text string) {
	s.scripts.add(text)
	s.foreign = s.foreign || strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf && unicode.IsLetter(r) })
}

// appendWords appends the words of a text that are in lower case, or of a script without
// cases, and made of letters. Particles between two other words are parts of names, such
// as "van der" in "Vincent van der Berg", and are left out.
func appendWords(words []string, text string) []string {
	inName := false // after a word with a capital, or a particle after one
	held := 0       // particles in words that may turn out to be parts of a name
	for word := range strings.FieldsSeq(text) {
		if len(words) >= maxWords {
			break
		}
		trimmed := strings.TrimFunc(word, notLetter)
		if !plainWord(trimmed) {
			words = words[:len(words)-held]
			held, inName = 0, trimmed != ""
			continue
		}
		words = append(words, trimmed)
		if inName = inName && isParticle(trimmed); inName {
			held++
		} else {
			held = 0
		}
	}
	return words
}

// isParticle reports words that stand in the middle of names.
func isParticle(word string) bool {
	switch word {
	case "de", "la", "las", "los", "le", "du", "des", "del", "da", "do", "dos", "das", "di", "della", "van", "von", "der", "den", "zu", "zum", "y", "e", "i", "el", "al", "bin", "ibn", "of", "and", "the":
		return true
	}
	return false
}

func notLetter(r rune) bool {
	if r < utf8.RuneSelf {
		return r < 'A' || 'Z' < r && r < 'a' || 'z' < r
	}
	return !unicode.IsLetter(r) && !unicode.IsMark(r)
}

// plainWord reports whether a word has only letters, none of them a capital, with
// apostrophes and hyphens between them.
func plainWord(word string) bool {
	for _, r := range word {
		switch {
		case 'a' <= r && r <= 'z', r == '\'', r == '’', r == '-':
		case r < utf8.RuneSelf, unicode.IsUpper(r), !unicode.IsLetter(r) && !unicode.IsMark(r):
			return false
		}
	}
	return word != ""
}

// Result is the language of a sample.
type Result struct {
	Tag string // BCP 47; "en" if nothing else is likely
	// Sure is false for a tag that nothing speaks for, because there are too few words or
	// because they are as likely of several languages.
	Sure bool
	// Doubt means that the texts may be of another language than English although nothing
	// else is likely: there are many, or letters that English has not.
	Doubt bool
}

// Language returns the language of the texts.
func (s *Sample) Language() Result {
	switch tag := s.scripts.language(); tag {
	case "en":
		words := s.words
		if len(words) < enoughWords {
			words = append(words[:len(words):len(words)], s.titles...)
		}
		r := latin(words)
		if !r.Sure {
			r = s.byVocabulary()
		}
		r.Doubt = !r.Sure && (r.Doubt || len(words) >= manyWords || s.foreign)
		return r
	case "hi":
		return devanagari(s.words)
	case "":
		return Result{Tag: "en"}
	default:
		return Result{Tag: tag, Sure: true}
	}
}
