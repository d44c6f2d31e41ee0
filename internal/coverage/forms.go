package coverage

import (
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/locales"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/resume/dates"
)

// forms are the parts of a document that are written in other words than in its source: dates,
// the present, countries and the words of lists.
type forms struct {
	dates   map[string]bool // as "2011", "2011-03" and "2011-03-15"
	present bool            // something has not ended
	text    string          // all words, each after a blank, with a blank at the end
	words   *locales.Locale
	regions display.Namer
}

func newForms(d *document.Document) forms {
	f := forms{dates: map[string]bool{}}
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
				f.addDate(m.Machine)
			}
		}
	}
	for _, date := range d.Dates {
		f.addDate(date)
	}
	if f.words != nil {
		f.present = f.says(f.words.Present)
	}
	f.regions = display.Regions(language.Make(d.Lang))
	return f
}

// addDate adds a date in machine form, and its month and year.
func (f *forms) addDate(date string) {
	for ; date != ""; date = date[:max(strings.LastIndexByte(date, '-'), 0)] {
		f.dates[date] = true
	}
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
		if name == "native" || name == "isNative" {
			return text == "true" && f.words != nil && f.says(f.words.Terms["native"])
		}
		return isCurrent(name) && (text == "false" || f.present)
	case isCountry(name) && len(text) <= 3:
		return f.showsCountry(text)
	case strings.Contains(strings.ToLower(name), "years") && f.showsYears(text):
		return true
	case f.present && dates.Read(text).Kind == dates.Present:
		return true
	}
	if start, end, ok := dates.Split(text); ok && f.showsDate(start) {
		return end == "" || f.showsDate(end) || f.present && dates.Read(end).Kind == dates.Present
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

// showsYears reports whether the document has a number with the unit of years, which some
// languages write without a blank.
func (f *forms) showsYears(number string) bool {
	if f.words == nil {
		return false
	}
	for _, pattern := range f.words.Years {
		if f.says(strings.Replace(pattern, "{n}", number, 1)) {
			return true
		}
	}
	return false
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
	r := dates.Read(text)
	r.Date.Day = 0
	return r.Kind == dates.Whole && f.dates[r.Date.String()]
}

// memberName returns the last member name of a path.
func memberName(path string) string {
	for strings.HasSuffix(path, "]") && !strings.HasSuffix(path, `"]`) {
		path = path[:max(strings.LastIndexByte(path, '['), 0)]
	}
	return strings.Trim(path[strings.LastIndexAny(path, ".[")+1:], `"]`)
}
