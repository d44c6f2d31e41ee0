// Package locales holds the words and date forms of every language that a document can
// have, and the words by which dates in a source document are understood.
//
// They are in locales.json, so that a translator never has to read code.
package locales

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"sync"
)

//go:embed locales.json
var localesJSON []byte

// Fallback is the language whose words a document in a language without an entry has.
const Fallback = "en"

// Locale is the words and date forms of one language. An entry of the file may name
// another in "like", from which it takes what it does not define.
type Locale struct {
	Like        string            `json:"like"`
	Resume      string            `json:"resume"`      // the kind of document
	Present     string            `json:"present"`     // the end of a period that goes on
	Year        string            `json:"year"`        // patterns of dates: {y}, {M}, {m}, {n}, {dd}, {d}
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
	Years       map[string]string `json:"years"`       // a number {n} of years, by plural form of CLDR; "other" always
	Spellings   Spellings         `json:"spellings"`
}

// Spellings are the words of a language as people type them into a source document.
type Spellings struct {
	Months  []string `json:"months"`  // of each month, separated by |; may be absent
	Present []string `json:"present"` // what is written for the end of a period that goes on
}

// All returns the locales by BCP 47 tag. It reads the embedded table once in the life of
// the process. The result is shared and must not be changed.
func All() (map[string]*Locale, error) { return load() }

var load = sync.OnceValues(func() (map[string]*Locale, error) {
	var all map[string]*Locale
	if err := json.Unmarshal(localesJSON, &all); err != nil {
		return nil, fmt.Errorf("reading locales.json: %w", err)
	}
	if all[Fallback] == nil {
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
	}
	return all, nil
})

// fill sets what l does not define from another entry.
func (l *Locale) fill(from *Locale) {
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
	if l.Spellings.Months == nil {
		l.Spellings.Months = from.Spellings.Months
	}
	if l.Spellings.Present == nil {
		l.Spellings.Present = from.Spellings.Present
	}
	l.Headings = filled(l.Headings, from.Headings)
	l.Employment = filled(l.Employment, from.Employment)
	l.Proficiency = filled(l.Proficiency, from.Proficiency)
	l.Terms = filled(l.Terms, from.Terms)
	l.Years = filled(l.Years, from.Years)
}

// filled returns the words of both lists; those of own win.
func filled(own, from map[string]string) map[string]string {
	all := map[string]string{}
	maps.Copy(all, from)
	maps.Copy(all, own)
	return all
}
