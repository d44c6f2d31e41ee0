package richtext

import (
	"net/url"
	"path"
	"strings"
)

// address returns the address of a link in HTML, or "" unless its scheme is allowed or it has
// none.
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

// linkTarget returns the target of a link of rich text, or "". Web addresses follow the rules
// of WebURL; an address without a scheme must begin with a host.
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

// WebURL returns the web address in text that a user typed: http and https only; a host
// without a scheme gets https. It reports false for anything else, such as other schemes,
// relative paths, and addresses with a user name, which only serve to disguise the host.
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
