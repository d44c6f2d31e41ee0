package document

import (
	"net/url"
	"slices"
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/richtext"
)

// contacts returns the person's contact data: mail, telephone, address, web pages,
// profiles, date of birth, nationality and pronouns. Unknown ones are left out, and each
// stands once.
func contacts(p resume.Person, l *maker) []Contact {
	var list []Contact
	seen := map[string]bool{}
	add := func(label string, k Link) {
		if k.Text == "" || seen[contactKey(k)] {
			return
		}
		seen[contactKey(k)] = true
		if label != "" {
			label += l.Colon
		}
		list = append(list, Contact{Label: label, Link: k})
	}
	for _, email := range split(p.Email, isMail) {
		add("", emailLink(email))
	}
	for _, phone := range split(p.Phone, isNumber) {
		add("", phoneLink(phone))
	}
	for _, line := range addressOf(p, l).lines(l) {
		add("", Link{Text: line})
	}
	for _, page := range split(p.Website, isPage) {
		if website := webLink(page); !hasProfile(p, website) {
			add("", website)
		}
	}
	for _, profile := range p.Profiles {
		for _, page := range split(profile.URL, isPage) {
			profile.URL = page
			k, label := profileLink(profile)
			add(label, k)
		}
	}
	add(l.Terms["birth_date"], Link{Text: l.dateIn(p.Details, "birthDate")})
	_, nationality := l.personCountry(p.Nationality)
	add(l.Terms["nationality"], Link{Text: nationality})
	add(l.Terms["birth_place"], Link{Text: l.value(p.Details, "birthPlace")})
	add("", Link{Text: clean(p.Details.String("pronouns"))})
	for _, k := range linksIn(p.Details, "fax") {
		add("Fax", k)
	}
	add(l.Terms["driving_license"], Link{Text: l.value(p.Details, "drivingLicense")})
	add(l.Terms["work_permit"], Link{Text: l.value(p.Details, "workPermit")})
	add(l.Terms["availability"], Link{Text: l.value(p.Details, "availability")})
	return list
}

// split returns the parts of a text between commas and the like if each is a contact of its
// own, and else the text.
func split(text string, isOne func(string) bool) []string {
	if !strings.ContainsAny(text, ",;|\n ") {
		return []string{text}
	}
	for _, separator := range []string{"\n", "; ", " | ", ", ", ",", " / ", " "} {
		parts := strings.Split(text, separator)
		if len(parts) > 1 && !slices.ContainsFunc(parts, func(s string) bool { return !isOne(strings.TrimSpace(s)) }) {
			return parts
		}
	}
	return []string{text}
}

func isMail(s string) bool { return emailLink(s).URL != "" }

func isNumber(s string) bool { return len(s) >= 7 && phoneLink(s).URL != "" }

func isPage(s string) bool {
	_, ok := richtext.WebURL(s)
	return ok && !strings.ContainsAny(s, " ,;")
}

// hasProfile reports whether a web page is also one of the person's profiles, which say
// whose page it is.
func hasProfile(p resume.Person, website Link) bool {
	if website.URL == "" {
		return false
	}
	for _, profile := range p.Profiles {
		if k, _ := profileLink(profile); k.URL != "" && sameAddress(k.URL, website.URL) {
			return true
		}
	}
	return false
}

// contactKey returns what two contacts have in common if they are the same.
func contactKey(k Link) string {
	if k.URL != "" {
		return addressKey(k.URL)
	}
	return strings.ToLower(k.Text)
}

// sameAddress reports whether two web addresses lead to the same page as far as can be
// told: they may differ in scheme, "www.", case and a slash at the end.
func sameAddress(a, b string) bool { return a == b || addressKey(a) == addressKey(b) }

// addressKey returns an address without the parts that sameAddress ignores.
func addressKey(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return strings.ToLower(strings.TrimPrefix(raw, "mailto:"))
	}
	key := strings.TrimPrefix(strings.ToLower(u.Host), "www.") + strings.TrimRight(strings.ToLower(u.Path), "/")
	if u.RawQuery != "" {
		key += "?" + u.RawQuery
	}
	if u.Fragment != "" {
		key += "#" + u.Fragment
	}
	return key
}

// profileLink returns an account on a network as a link. Its text is the address if
// that is short and contains the user name, else the user name. The label is the
// network's name, unless the text contains that.
func profileLink(p resume.Profile) (k Link, label string) {
	network, user := clean(p.Network), richtext.Line(p.Username)
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
