package theme

import (
	"html"
	"html/template"
	"net/url"
	"strings"

	"github.com/letrazapp/letraz-export/internal/richtext"
)

// link is text that may lead somewhere.
type link struct {
	Text string
	URL  template.URL // empty: just text
	Kind string       // what Text is: "email", "tel", "web", or "" for a name
}

// longAddress is how long an address may be, in bytes, to be moved to the next
// line as a whole.
const longAddress = 60

// Breakable is the text as HTML, which lets a long address break where a reader
// expects it.
func (k link) Breakable() template.HTML {
	safe := html.EscapeString(k.Text)
	if k.Kind == "web" && len(k.Text) > longAddress {
		safe = breaks.Replace(safe)
	}
	return template.HTML(safe)
}

// breaks is applied to escaped text, in which "&" is an entity.
var breaks = strings.NewReplacer("/", "/<wbr>", "?", "?<wbr>", "=", "=<wbr>", "&amp;", "&amp;<wbr>")

// shortURL is an address as one prints it: without scheme, "www." and the
// closing slash.
func shortURL(raw string) string {
	s := clean(raw)
	for _, prefix := range []string{"https://", "http://"} {
		if len(s) > len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
			s = s[len(prefix):]
			break
		}
	}
	return strings.TrimSuffix(strings.TrimPrefix(s, "www."), "/")
}

// webLink is an address as a link that shows itself; text that is no address
// stays text.
func webLink(raw string) link {
	u, ok := richtext.WebURL(raw)
	if !ok {
		return link{Text: clean(raw)}
	}
	return link{Text: shortURL(raw), URL: template.URL(u), Kind: "web"}
}

// emailLink is a mail address as a link.
func emailLink(raw string) link {
	raw = clean(raw)
	name, host, ok := strings.Cut(raw, "@")
	if !ok || name == "" || host == "" || strings.ContainsAny(raw, " ,;:?&%#/\\<>\"'()[]") {
		return link{Text: raw, Kind: "email"}
	}
	u := url.URL{Scheme: "mailto", Opaque: url.PathEscape(raw)}
	return link{Text: raw, URL: template.URL(u.String()), Kind: "email"}
}

// phoneLink is a telephone number as a link to its digits.
func phoneLink(raw string) link {
	raw = clean(raw)
	var digits strings.Builder
	for i, r := range raw {
		switch {
		case r >= '0' && r <= '9', r == '+' && i == 0:
			digits.WriteRune(r)
		case strings.ContainsRune(" -./()\u00a0\u2011\u2013", r):
		default: // an extension or a remark: the number alone would mislead
			return link{Text: raw, Kind: "tel"}
		}
	}
	if digits.Len() < 3 {
		return link{Text: raw, Kind: "tel"}
	}
	return link{Text: raw, URL: template.URL("tel:" + digits.String()), Kind: "tel"}
}
