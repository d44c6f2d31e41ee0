package dates

import (
	"strings"
	"sync"

	"github.com/letrazapp/letraz-export/internal/locales"
)

// noiseWords are words between the parts of a date that say nothing, and days of the week.
const noiseWords = "of the in on since from de del d di da du le el la den der am im seit ab von depuis dès desde dal dall'  sinds vanaf sedan od с з fra alkaen г года году год р року рік r roku v " +
	"năm ngày anno any año ano vuonna i monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun"

// ordinals follow the number of a day.
var ordinals = map[string]bool{"st": true, "nd": true, "rd": true, "th": true, "er": true, "º": true, "ª": true, "o": true, "ten": true}

// monthSigns stand before the number of a month in Vietnamese.
var monthSigns = map[string]bool{"thang": true, "thg": true, "th": true}

var chineseNumbers = map[string]int{
	"一": 1, "元": 1, "正": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "十一": 11, "十二": 12,
}

// table has the words in the form that fold gives them.
type table struct {
	months  map[string]int
	present map[string]bool
	noise   map[string]bool
}

var tables = sync.OnceValue(func() *table {
	t := &table{months: map[string]int{}, present: map[string]bool{}, noise: map[string]bool{}}
	all, err := locales.All()
	if err != nil {
		return t // its own tests fail
	}
	for _, l := range all {
		for _, names := range [...][]string{l.Months, l.Spellings.Months} {
			for i, spellings := range names {
				for name := range strings.SplitSeq(spellings, "|") {
					t.addMonth(phrase(fold(name)), i+1)
				}
			}
		}
		for _, word := range append([]string{l.Present}, l.Spellings.Present...) {
			t.present[phrase(fold(word))] = true
		}
	}
	delete(t.present, "")
	for _, word := range strings.Fields(noiseWords) {
		t.noise[fold(word)] = true
	}
	return t
})

// addMonth adds a name of a month. A word for different months in different languages is
// not understood.
func (t *table) addMonth(name string, month int) {
	if known, ok := t.months[name]; ok && known != month {
		month = 0
	}
	t.months[name] = month
}

// isPresent reports whether a folded text is a word for the present.
func isPresent(text string) bool { return len(text) <= 60 && tables().present[phrase(text)] }

// phrase returns a folded text without the punctuation around and in it.
func phrase(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ReplaceAll(text, ".", ""), func(r rune) bool {
		return strings.ContainsRune(" \t\n()[]*,;:!", r)
	}), " ")
}
