package document

import (
	"net/url"
	"strings"

	"github.com/letrazapp/letraz-export/internal/richtext"
)

// Link is a text with or without a target.
type Link struct {
	Text string
	URL  string // empty: just text
	Kind string // what Text is: "email", "tel", "web", or "" for a name
}

// LongAddress is the length in bytes from which on an address may be broken between
// two lines.
const LongAddress = 60

// ShortURL returns an address as it is usually printed: without scheme, "www." and
// trailing slash.
func ShortURL(raw string) string {
	s := richtext.Line(raw)
	for _, prefix := range []string{"https://", "http://"} {
		if len(s) > len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
			s = s[len(prefix):]
			break
		}
	}
	return strings.TrimSuffix(strings.TrimPrefix(s, "www."), "/")
}

// webLink returns a web address as a link whose text is the short address. Text that
// is no address has no target, unless it is a link of Markdown or HTML.
func webLink(raw string) Link {
	raw = strings.ReplaceAll(raw, "&amp;", "&")
	if mail, ok := cutScheme(raw, "mailto:"); ok {
		return emailLink(mail)
	}
	if u, ok := richtext.WebURL(raw); ok {
		return Link{Text: ShortURL(raw), URL: u, Kind: "web"}
	}
	k := textLink(raw)
	if u, ok := richtext.WebURL(k.Text); ok && k.URL != "" && sameAddress(u, k.URL) {
		return Link{Text: ShortURL(k.Text), URL: u, Kind: "web"}
	}
	return k
}

// emailLink returns a mail address as a link.
func emailLink(raw string) Link {
	if strings.ContainsAny(raw, "<[&") { // markup, which a mail address has not
		raw = strings.TrimSuffix(strings.TrimPrefix(clean(raw), "<"), ">")
	} else {
		raw = richtext.Line(raw)
	}
	name, host, ok := strings.Cut(raw, "@")
	if !ok || name == "" || host == "" || strings.ContainsAny(raw, " ,;:?&%#/\\<>\"'()[]") {
		return Link{Text: raw, Kind: "email"}
	}
	u := url.URL{Scheme: "mailto", Opaque: url.PathEscape(raw)}
	return Link{Text: raw, URL: u.String(), Kind: "email"}
}

// phoneLink returns a telephone number as a link to its digits.
func phoneLink(raw string) Link {
	raw = clean(raw)
	if number, ok := cutScheme(raw, "tel:"); ok {
		raw = number
	}
	var digits strings.Builder
	for i, r := range raw {
		switch {
		case r >= '0' && r <= '9', r == '+' && i == 0:
			digits.WriteRune(r)
		case strings.ContainsRune(" -./()\u00a0\u2011\u2013", r):
		default: // an extension or a remark: the number alone would mislead
			return Link{Text: raw, Kind: "tel"}
		}
	}
	if digits.Len() < 3 {
		return Link{Text: raw, Kind: "tel"}
	}
	return Link{Text: raw, URL: "tel:" + digits.String(), Kind: "tel"}
}

// cutScheme returns an address without its scheme, if that is the one given.
func cutScheme(raw, scheme string) (rest string, ok bool) {
	raw = strings.TrimSpace(raw)
	if len(raw) <= len(scheme) || !strings.EqualFold(raw[:len(scheme)], scheme) {
		return "", false
	}
	return raw[len(scheme):], true
}

// doiLink returns the identifier of a publication as a link to it.
func doiLink(doi string) Link {
	doi = richtext.Line(doi)
	if !strings.HasPrefix(doi, "10.") {
		return webLink(doi)
	}
	k := webLink("https://doi.org/" + doi)
	if k.URL == "" {
		k.Text = "DOI " + doi
	}
	return k
}
