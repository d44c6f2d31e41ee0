package coverage

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/locales"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// forms are the parts of a document that are written in other words than in its source: dates,
// the present, countries and the words of lists.
type forms struct {
	dates   map[string]bool // as "2011", "2011-03" and "2011-03-15"
	present bool            // something has not ended
	text    string          // all words, each after a blank, with a blank at the end
	words   *locales.Locale
	regions display.Namer
	tag     string
}

func newForms(d *document.Document) forms {
	f := forms{dates: map[string]bool{}, tag: d.Lang}
	var all strings.Builder
	fields, _ := d.Fields(false)
	for _, field := range fields {
		words(field.Text, func(w string) { all.WriteString(" " + w) })
	}
	f.text = all.String() + " "
	if every, err := locales.All(); err == nil { // without it, words are compared as they are
		f.words = every[locales.Fallback]
		for t := language.Make(d.Lang); t != language.Und; t = t.Parent() {
			if l, ok := every[t.String()]; ok {
				f.words = l
				break
			}
		}
	}
	for _, s := range d.Sections {
		for _, e := range s.Entries {
			for _, m := range e.When {
				for m := m.Machine; m != ""; m = m[:max(strings.LastIndexByte(m, '-'), 0)] {
					f.dates[m] = true
				}
			}
		}
	}
	if f.words != nil {
		f.present = f.says(f.words.Present)
	}
	f.regions = display.Regions(language.Make(d.Lang))
	return f
}

// says reports whether the document has the words of a text in a row.
func (f *forms) says(text string) bool {
	var row strings.Builder
	words(text, func(w string) { row.WriteString(" " + w) })
	return row.Len() > 0 && strings.Contains(f.text, row.String()+" ")
}

// show reports whether the document says a value in other words.
func (f *forms) show(leaf resume.Leaf) bool {
	name := memberName(leaf.Path)
	text := strings.TrimSpace(leaf.Text)
	switch {
	case len(text) > 64:
		return false
	case text == "true" || text == "false":
		return isCurrent(name) && (text == "false" || f.present)
	case isCountry(name) && len(text) <= 3:
		return f.showsCountry(text)
	case f.present && locales.IsPresent(text):
		return true
	}
	return f.showsDate(text) || f.showsListed(text)
}

// isCurrent reports the members that say that something goes on.
func isCurrent(name string) bool {
	switch strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name)) {
	case "current", "iscurrent", "present", "ispresent", "ongoing", "currentlyworking", "iscurrentrole", "currentlyworkhere":
		return true
	}
	return false
}

func isCountry(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "country") || name == "nationality"
}

func (f *forms) showsCountry(code string) bool {
	region, err := language.ParseRegion(code)
	if err != nil || !region.IsCountry() {
		return false
	}
	if f.words != nil && region.String() == f.words.Home { // addresses leave it out
		return true
	}
	return f.regions != nil && f.says(f.regions.Name(region)) || f.says(display.English.Regions().Name(region))
}

// showsListed reports whether the document has the word of its language for a word of
// a list: how a position was held, and the level of a skill.
func (f *forms) showsListed(text string) bool {
	if f.words == nil {
		return false
	}
	word := strings.ToLower(text)
	if name, ok := f.words.Proficiency[word]; ok && f.says(name) {
		return true
	}
	name, ok := f.words.Employment[strings.NewReplacer("-", "_", " ", "_").Replace(word)]
	return ok && f.says(name)
}

// showsDate reports whether the document has the date: its year, and its month if the
// text has one. The day is not shown of periods.
func (f *forms) showsDate(text string) bool {
	year, month := dateOf(text, f.tag)
	if year == 0 {
		return false
	}
	if month == 0 {
		return f.dates[pad(year, 4)]
	}
	return f.dates[pad(year, 4)+"-"+pad(month, 2)]
}

func pad(n, width int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", max(width-len(s), 0)) + s
}

// dateOf reads the year and the month of a date in one of the usual spellings, or 0.
func dateOf(text, tag string) (year, month int) {
	if i := strings.IndexAny(text, "Tt"); i >= 8 && i < len(text)-1 && isDigit(text[i-1]) && isDigit(text[i+1]) {
		text = text[:i] // the time of an ISO date-time
	}
	var numbers []int
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) }) {
		n, err := strconv.Atoi(strings.TrimRight(part, "年月日"))
		m, named := locales.Month(part, tag)
		switch {
		case err == nil && len(part) >= 4 && year == 0 && n >= 1000 && n <= 9999:
			year = n
		case err == nil && n >= 1 && n <= 31:
			numbers = append(numbers, n)
		case named && month == 0:
			month = m
		default:
			return 0, 0
		}
	}
	switch {
	case year == 0 || len(numbers) > 2 || month != 0 && len(numbers) > 1:
		return 0, 0
	case month == 0 && len(numbers) > 0:
		month = numbers[0]
		if month > 12 && len(numbers) == 2 { // the day first
			month = numbers[1]
		}
	}
	if month > 12 {
		return 0, 0
	}
	return year, month
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// memberName returns the last member name of a path.
func memberName(path string) string {
	for strings.HasSuffix(path, "]") && !strings.HasSuffix(path, `"]`) {
		path = path[:max(strings.LastIndexByte(path, '['), 0)]
	}
	return strings.Trim(path[strings.LastIndexAny(path, ".[")+1:], `"]`)
}
