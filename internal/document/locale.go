package document

import (
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/letrazapp/letraz-export/internal/locales"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// locale is the words and date forms of one language, and its names of countries.
type locale struct {
	*locales.Locale
	tag     language.Tag
	regions display.Namer
}

// loadLocales returns the locales by language tag.
var loadLocales = sync.OnceValues(func() (map[string]*locale, error) {
	words, err := locales.All()
	if err != nil {
		return nil, err
	}
	all := map[string]*locale{}
	for tag, l := range words {
		all[tag] = &locale{Locale: l, tag: language.Make(tag), regions: display.Regions(language.Make(tag))}
	}
	return all, nil
})

// pageLocale is a locale and the language of the resume, which may be another one: a
// language without an entry has the words of English, and its own tag and direction.
type pageLocale struct {
	*locale
	Lang string // BCP 47, canonical
	Dir  string // "ltr" or "rtl"
}

// localeOf returns the locale for a resume's language, or English if there is none.
func localeOf(r resume.Resume, m *maker) (pageLocale, error) {
	all, err := loadLocales()
	if err != nil {
		return pageLocale{}, err
	}
	tag, notes := languageOf(r, m)
	script, _ := tag.Script()
	var found *locale
	for t := tag; t != language.Und && found == nil; t = t.Parent() {
		found = all[t.String()]
	}
	if found == nil {
		found = all[locales.Fallback]
		notes = append(notes, withoutWords(tag))
	}
	m.notes = notes
	return pageLocale{locale: found, Lang: tag.String(), Dir: direction(script.String())}, nil
}

// direction returns the writing direction of a script, by ISO 15924 code.
func direction(script string) string {
	switch script {
	case "Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg":
		return "rtl"
	}
	return "ltr"
}

// country returns a country's name in the locale's language if s is a two-letter code
// of ISO 3166, and else s.
func (l *locale) country(s string) string {
	s = clean(s)
	if len(s) != 2 || strings.ToUpper(s) != s {
		return s
	}
	region, err := language.ParseRegion(s)
	if err != nil || !region.IsCountry() || l.regions == nil {
		return s
	}
	if name := l.regions.Name(region); name != "" {
		return name
	}
	return s
}

// employment returns the name of an employment type, or "".
func (l *locale) employment(t resume.EmploymentType) string {
	if name, ok := l.Employment[string(t)]; ok {
		return name
	}
	return clean(string(t))
}
