package locales

import (
	"strings"
	"sync"
)

// Month returns the number, 1 to 12, of the month that a word names in any language, such
// as "March", "févr." or "marca". tag is the language of the document, if that is known:
// it decides on the words that name different months in different languages, such as
// "listopad". Without it these are not understood.
func Month(word, tag string) (month int, ok bool) {
	t, err := dateWords()
	if err != nil {
		return 0, false
	}
	word = fold(word)
	for ; tag != ""; tag = parent(tag) {
		if month, ok = t.own[tag][word]; ok {
			return month, true
		}
	}
	month = t.months[word]
	return month, month > 0
}

// IsPresent reports whether a text says that a period goes on, such as "Present",
// "heute" or "à ce jour".
func IsPresent(text string) bool {
	t, err := dateWords()
	return err == nil && t.present[fold(strings.Trim(text, " ()"))]
}

// wordTable is the words of dates in all languages, folded.
type wordTable struct {
	months  map[string]int            // -1: another month in another language
	own     map[string]map[string]int // by language
	present map[string]bool
}

var dateWords = sync.OnceValues(func() (*wordTable, error) {
	all, err := All()
	if err != nil {
		return nil, err
	}
	t := &wordTable{months: map[string]int{}, own: map[string]map[string]int{}, present: map[string]bool{}}
	for tag, l := range all {
		t.own[tag] = map[string]int{}
		for _, names := range [...][]string{l.Months, l.Spellings.Months} {
			for i, spellings := range names {
				for word := range strings.SplitSeq(spellings, "|") {
					t.add(tag, fold(word), i+1)
				}
			}
		}
		for _, word := range append([]string{l.Present}, l.Spellings.Present...) {
			t.present[fold(word)] = true
		}
	}
	return t, nil
})

func (t *wordTable) add(tag, word string, month int) {
	t.own[tag][word] = month
	if known := t.months[word]; known != 0 && known != month {
		month = -1
	}
	t.months[word] = month
}

// fold returns a word in lower case, without a full stop at its end and with the usual
// apostrophe.
func fold(word string) string {
	word = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(word)), "’", "'")
	return strings.TrimRight(word, ".")
}

// parent returns a language tag without its last part.
func parent(tag string) string {
	return tag[:max(strings.LastIndexByte(tag, '-'), 0)]
}
