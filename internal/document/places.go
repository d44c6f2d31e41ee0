package document

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// personCountry returns the country of a person as shown, and its code if it is stated
// as one, in letters of either case.
func (l *locale) personCountry(s string) (code, name string) {
	s = clean(s)
	if len(s) == 2 {
		code = strings.ToUpper(s)
	}
	if name = l.country(code); name == code {
		return code, s // no code of a country
	}
	return code, name
}

// where returns the place of a position or a school, and its country if that is stated in
// a field of its own. The place is shown as it is written: "San Francisco, CA".
func (l *maker) where(place, country string) string {
	place = clean(place)
	code, name := "", l.country(country)
	if name != clean(country) {
		code = clean(country)
	}
	if isCountry(place, code, name) || isCountry(lastPart(place), code, name) {
		name = ""
	}
	if city, region, ok := strings.Cut(place, ", "); ok && sameWords(city, region) {
		place = city
	}
	return Join(l.Comma, place, name)
}

// at is where as a part of an entry, which leads where a link in the place does.
func (l *maker) at(place, country string) Link {
	return Link{Text: l.where(place, country), URL: textLink(place).URL}
}

// distinct returns texts with commas between them, as written, without those that are
// empty or a part of one before.
func (l *maker) distinct(parts ...string) string {
	shown := ""
	for _, part := range parts {
		if part = clean(part); !hasPart(shown, part) {
			shown = Join(l.Comma, shown, part)
		}
	}
	return shown
}

// isCountry reports whether a text is the name of a country, which is given by its code
// if that is known and by its name as shown.
func isCountry(text, code, name string) bool {
	if text == "" {
		return false
	}
	if sameWords(text, name) {
		return true
	}
	return code != "" && countryNames(code)[foldWords(text)]
}

// namesOfCountries holds the results of countryNames by code.
var namesOfCountries sync.Map

// countryNames returns the names of a country in all languages that a document can
// have, and its codes, folded.
func countryNames(code string) map[string]bool {
	if known, ok := namesOfCountries.Load(code); ok {
		return known.(map[string]bool)
	}
	names := map[string]bool{}
	region, err := language.ParseRegion(code)
	all, errTable := loadLocales()
	if err != nil || errTable != nil || !region.IsCountry() {
		return names
	}
	names[foldWords(region.String())], names[foldWords(region.ISO3())] = true, true
	switch region.String() {
	case "US":
		names["usa"] = true
	case "GB":
		names["uk"] = true
	}
	for _, l := range all {
		if l.regions != nil {
			names[foldWords(l.regions.Name(region))] = true
		}
	}
	namesOfCountries.Store(code, names)
	return names
}

// hasPart reports whether one of the parts of a text between commas is the other text,
// which is not empty. An empty one is part of every text.
func hasPart(text, part string) bool {
	if part == "" {
		return true
	}
	for each := range strings.FieldsFuncSeq(text, isComma) {
		if sameWords(strings.TrimSpace(each), part) {
			return true
		}
	}
	return sameWords(text, part)
}

// lastPart returns what follows the last comma of a text, or "".
func lastPart(text string) string {
	if i := strings.LastIndexFunc(text, isComma); i >= 0 {
		return strings.TrimLeftFunc(text[i:], func(r rune) bool { return isComma(r) || unicode.IsSpace(r) })
	}
	return ""
}

func isComma(r rune) bool { return r == ',' || r == '،' || r == '、' }

// sameWords reports whether two texts differ at most in case and accents.
func sameWords(a, b string) bool {
	if a == b || strings.EqualFold(a, b) {
		return true
	}
	return (!isASCII(a) || !isASCII(b)) && foldWords(a) == foldWords(b)
}

// foldWords returns a text in lower case without accents.
func foldWords(s string) string {
	s = strings.ToLower(s)
	if isASCII(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if 0x300 <= r && r <= 0x36f {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
