package document

import (
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume"
)

// contacts are how to reach a person, where they live, where else to read about
// them, and what they are a citizen of; what is unknown is left out.
func contacts(p resume.Person, l *maker) []Contact {
	var list []Contact
	add := func(label string, k Link) {
		if k.Text != "" {
			if label != "" {
				label += l.Colon
			}
			list = append(list, Contact{Label: label, Link: k})
		}
	}
	add("", emailLink(p.Email))
	add("", phoneLink(p.Phone))
	add("", Link{Text: address(p, l)})
	add("", webLink(p.Website))
	for _, profile := range p.Profiles {
		k, label := profileLink(profile)
		add(label, k)
	}
	add(l.Terms["nationality"], Link{Text: l.country(p.Nationality)})
	return list
}

// profileLink is an account on a network: its address where that is short and
// says the user name, else the user name. The label names the network unless
// the text does already.
func profileLink(p resume.Profile) (k Link, label string) {
	network, user := clean(p.Network), clean(p.Username)
	k = webLink(p.URL)
	says := func(s string) bool {
		return strings.Contains(strings.ToLower(k.Text), strings.ToLower(s))
	}
	if user != "" && (!says(user) || len(k.Text) > 48) {
		k.Text = user
	}
	if k.Text == "" {
		return Link{Text: network}, ""
	}
	if says(strings.ReplaceAll(network, " ", "")) {
		network = ""
	}
	return k, network
}

// address is where the person lives on one line, in the order their country
// writes it; a language that writes addresses of its region in its own order
// takes its own country for granted.
func address(p resume.Person, l *maker) string {
	street := strings.Join(cleanLines(p.Address), l.Comma)
	city, region, postal, country := clean(p.City), clean(p.Region), clean(p.Postal), l.country(p.Country)
	code := strings.ToUpper(clean(p.Country))
	switch code {
	case "JP", "CN", "TW", "KR", "HK", "MO":
		if l.Home != "" {
			// From the large to the small, without commas.
			if code == l.Home {
				country = ""
			}
			if code == "JP" && postal != "" && !strings.HasPrefix(postal, "〒") {
				postal = "〒" + postal
			}
			return Join(" ", postal, country, region, city, street)
		}
		return Join(", ", street, city, Join(" ", region, postal), country)
	case "US", "CA", "AU", "GB", "IE", "NZ", "IN", "":
		return Join(l.Comma, street, city, Join(" ", region, postal), country)
	}
	return Join(l.Comma, street, Join(" ", postal, city), region, country)
}

// place is a city and a country.
func place(city, country string, l *maker) string {
	return Join(l.Comma, clean(city), l.country(country))
}

// Join puts a separator between the texts that are not empty.
func Join(separator string, texts ...string) string {
	kept := texts[:0:0]
	for _, t := range texts {
		if t != "" {
			kept = append(kept, t)
		}
	}
	return strings.Join(kept, separator)
}
