package document

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/letrazapp/letraz-export/internal/resume"
)

// localesJSON holds the words and date forms of every language, so that a
// translator never has to read code.
//
//go:embed locales.json
var localesJSON []byte

// locale is the words and date forms of one language. An entry of the file may name
// another in "like", from which it takes what it does not define.
type locale struct {
	Like        string            `json:"like"`
	Resume      string            `json:"resume"`      // the kind of document
	Present     string            `json:"present"`     // the end of what goes on
	Year        string            `json:"year"`        // date forms, see formatDate
	Month       string            `json:"month"`       //
	Day         string            `json:"day"`         //
	Months      []string          `json:"months"`      // as used in Month and Day; may be absent
	Colon       string            `json:"colon"`       // between a label and its value; ": " if absent
	Comma       string            `json:"comma"`       // between values; ", " if absent
	Home        string            `json:"home"`        // whose addresses begin with the largest: ISO 3166; may be absent
	Headings    map[string]string `json:"headings"`    // by section type or kind
	Employment  map[string]string `json:"employment"`  // by resume.EmploymentType
	Proficiency map[string]string `json:"proficiency"` // by resume.Proficiency
	Terms       map[string]string `json:"terms"`       // labels before a value

	regions display.Namer
}

// loadLocales reads the embedded table, once in the life of the process.
var loadLocales = sync.OnceValues(func() (map[string]*locale, error) {
	var all map[string]*locale
	if err := json.Unmarshal(localesJSON, &all); err != nil {
		return nil, fmt.Errorf("reading locales.json: %w", err)
	}
	if all["en"] == nil {
		return nil, errors.New("reading locales.json: no entry for en, the fallback")
	}
	for tag, l := range all {
		seen := map[string]bool{}
		for other := l.Like; other != ""; other = all[other].Like {
			if all[other] == nil || seen[other] {
				return nil, fmt.Errorf("reading locales.json: %s is like %q, which leads nowhere", tag, other)
			}
			seen[other] = true
			l.fill(all[other])
		}
		l.Colon = cmp.Or(l.Colon, ": ")
		l.Comma = cmp.Or(l.Comma, ", ")
		l.regions = display.Regions(language.Make(tag))
	}
	return all, nil
})

// fill sets what l does not define from another entry.
func (l *locale) fill(from *locale) {
	l.Resume = cmp.Or(l.Resume, from.Resume)
	l.Present = cmp.Or(l.Present, from.Present)
	l.Year = cmp.Or(l.Year, from.Year)
	l.Month = cmp.Or(l.Month, from.Month)
	l.Day = cmp.Or(l.Day, from.Day)
	l.Colon = cmp.Or(l.Colon, from.Colon)
	l.Comma = cmp.Or(l.Comma, from.Comma)
	l.Home = cmp.Or(l.Home, from.Home)
	if l.Months == nil {
		l.Months = from.Months
	}
	l.Headings = filled(l.Headings, from.Headings)
	l.Employment = filled(l.Employment, from.Employment)
	l.Proficiency = filled(l.Proficiency, from.Proficiency)
	l.Terms = filled(l.Terms, from.Terms)
}

// filled returns the words of both lists; those of own win.
func filled(own, from map[string]string) map[string]string {
	all := map[string]string{}
	maps.Copy(all, from)
	maps.Copy(all, own)
	return all
}

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
	tag := languageOf(r, m)
	script, _ := tag.Script()
	found := all["en"]
	for t := tag; t != language.Und; t = t.Parent() {
		if l, ok := all[t.String()]; ok {
			found = l
			break
		}
	}
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

// level returns the name of a skill's level, or the source's own word for one that
// is not in the locale.
func (l *locale) level(s resume.Skill) string {
	word := clean(s.Level())
	if name, ok := l.Proficiency[strings.ToLower(word)]; ok {
		return name
	}
	return word
}
