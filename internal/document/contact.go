package document

import (
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume"
)

// contacts returns the person's contact data: mail, telephone, address, web pages,
// profiles and nationality. Unknown ones are left out.
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

// profileLink returns an account on a network as a link. Its text is the address if
// that is short and contains the user name, else the user name. The label is the
// network's name, unless the text contains that.
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

// address returns the person's address on one line, in the order that is usual in
// its country. Languages that write addresses of their region from the largest part
// to the smallest leave their own country out.
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

// place returns a city and a country.
func place(city, country string, l *maker) string {
	return Join(l.Comma, clean(city), l.country(country))
}

// Join concatenates the texts that are not empty, with a separator between them.
func Join(separator string, texts ...string) string {
	kept := texts[:0:0]
	for _, t := range texts {
		if t != "" {
			kept = append(kept, t)
		}
	}
	return strings.Join(kept, separator)
}
