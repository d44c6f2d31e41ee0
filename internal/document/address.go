package document

import (
	"strings"
	"unicode"

	"github.com/letrazapp/letraz-export/internal/resume"
)

// address is a person's address, cleaned and without repetitions.
type address struct {
	street, city, region, postal string
	code, country                string // ISO 3166 if it is known, and the country as shown
}

// addressOf returns the address of a person. A region that is the city or the country is
// left out, and so is what the street or the city says already.
func addressOf(p resume.Person, l *maker) address {
	a := address{
		street: strings.Join(cleanLines(p.Address), l.Comma),
		city:   clean(p.City), region: clean(p.Region), postal: clean(p.Postal),
	}
	a.code, a.country = l.personCountry(p.Country)
	if hasPart(a.city, a.region) || hasPart(a.street, a.region) || a.isCountry(a.region) {
		a.region = ""
	}
	if a.isCountry(a.city) || a.isCountry(lastPart(a.city)) || a.isCountry(lastPart(a.street)) {
		a.country = ""
	}
	switch {
	case hasPart(a.street, Join(" ", a.postal, a.city)), hasPart(a.street, Join(" ", a.city, a.postal)):
		a.postal, a.city = "", ""
	case hasPart(a.street, a.city):
		a.city = ""
		if hasPart(a.street, a.postal) {
			a.postal = ""
		}
	}
	return a
}

// isCountry reports whether a text is the country of the address.
func (a address) isCountry(text string) bool { return isCountry(text, a.code, a.country) }

// lines returns the address in the order that is usual in its country. Languages that
// write addresses of their region from the largest part to the smallest leave their own
// country out.
//
// It is one line, but for a street in letters of the other direction than the rest: on
// one line, the numbers of the street or of the post code would move to the wrong word.
func (a address) lines(l *maker) []string {
	comma, before, after := l.Comma, a.street, ""
	var rest string
	code := a.code
	if code == "" && !strings.HasPrefix(l.Lang, "en") {
		code = "-" // as in most countries
	}
	switch code {
	case "JP", "CN", "TW", "KR", "HK", "MO":
		if l.Home != "" {
			// From the large to the small, without commas.
			comma, before, after = " ", "", a.street
			rest = a.fromLarge(l)
			break
		}
		comma = ", "
		rest = Join(comma, a.city, Join(" ", a.region, a.postal), a.country)
	case "US", "CA", "AU", "GB", "IE", "NZ", "IN", "":
		rest = Join(comma, a.city, Join(" ", a.region, a.postal), a.country)
	default:
		rest = Join(comma, Join(" ", a.postal, a.city), a.region, a.country)
	}
	if a.street != "" && rest != "" && rightToLeft(a.street) != rightToLeft(rest) {
		return []string{a.street, rest}
	}
	return []string{Join(comma, before, rest, after)}
}

// fromLarge returns the address without its street as East Asian languages write it.
func (a address) fromLarge(l *maker) string {
	country, postal := a.country, a.postal
	if a.code == l.Home {
		country = ""
	}
	if a.code == "JP" && postal != "" && !strings.HasPrefix(postal, "〒") {
		postal = "〒" + postal
	}
	return Join(" ", postal, country, a.region, a.city)
}

// rightToLeft reports whether the first letter of a text is one that is written from
// right to left. That letter decides on the direction of the text on a page.
func rightToLeft(text string) bool {
	for _, r := range text {
		if unicode.IsLetter(r) {
			return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam)
		}
	}
	return false
}
