package richtext

import (
	"net/url"
	"path"
	"strings"
)

// address is an address of a link as HTML may hold it, or empty: of a scheme that
// is allowed, or without one.
func address(href string) string {
	href = strings.TrimSpace(href)
	if strings.ContainsAny(href, " \t\n") {
		return ""
	}
	u, err := url.Parse(href)
	if err != nil {
		return ""
	}
	switch u.Scheme {
	case "", "http", "https", "mailto", "tel":
		return u.String()
	}
	return ""
}

// linkTarget is where a link of rich text leads, or empty. An address on the web
// follows the rule of WebURL, and one without a scheme has to begin with a host.
func linkTarget(href string) string {
	if scheme, _, ok := strings.Cut(href, ":"); ok && scheme != "" && !strings.ContainsAny(scheme, "./?#") {
		if _, ok := WebURL(href); !ok && strings.HasPrefix(scheme, "http") {
			return ""
		}
		return href
	}
	href = strings.TrimPrefix(href, "//")
	host, _, _ := strings.Cut(href, "/")
	switch strings.ToLower(path.Ext(host)) {
	case "", ".html", ".htm", ".php", ".pdf", ".doc", ".docx": // a file beside the page
		return ""
	}
	u, _ := WebURL(href)
	return u
}

// WebURL makes an address on the web of what somebody typed: http and https only,
// with https taken for granted where a host stands alone. The second result is
// false for everything else, such as other schemes, relative paths, and addresses
// with a user name, which only serve to disguise the host.
func WebURL(raw string) (string, bool) {
	raw = Line(raw)
	if raw == "" || len(raw) > 2048 || strings.ContainsAny(raw, " \\<>\"`") {
		return "", false
	}
	if !strings.Contains(raw, "://") && looksLikeHost(raw) {
		raw = "https://" + raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return "", false
	}
	return u.String(), true
}

// looksLikeHost reports whether a text without scheme begins with a host name.
func looksLikeHost(s string) bool {
	host, _, _ := strings.Cut(s, "/")
	name, port, _ := strings.Cut(host, ":")
	if strings.Trim(port, "0123456789") != "" {
		return false
	}
	return strings.Contains(strings.Trim(name, "."), ".") && !strings.Contains(name, "@")
}
