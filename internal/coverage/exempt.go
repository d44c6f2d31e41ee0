package coverage

import (
	"net/url"
	"strings"

	"golang.org/x/net/idna"

	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/richtext"
)

// isSetting reports the standard members that are about the file, not the person. The
// posting a resume is for is not part of it either.
func isSetting(path string) bool {
	if path == "$schema" {
		return true
	}
	rest, ok := strings.CutPrefix(path, "meta.")
	if !ok { // in a file that holds several resumes, each has its own
		_, path, _ = strings.Cut(path, ".")
		if rest, ok = strings.CutPrefix(path, "meta."); !ok {
			return path == "$schema"
		}
	}
	if end := strings.IndexAny(rest, ".["); end >= 0 && !strings.HasPrefix(rest, "letraz.") {
		rest = rest[:end]
	}
	switch rest {
	case "version", "canonical", "lastModified", "theme", "language":
		return true
	}
	rest, ok = strings.CutPrefix(rest, "letraz.")
	if !ok {
		return false
	}
	switch rest, _, _ = strings.Cut(strings.ReplaceAll(rest, "[", "."), "."); rest {
	case "version", "job", "sections":
		return true
	}
	return false
}

// isPicture reports the portrait, which has a note of its own if it cannot be shown,
// and other pictures in the file.
func isPicture(leaf resume.Leaf) bool {
	switch leaf.Path {
	case "basics.image", "basics.picture", "basics.photo":
		return true
	}
	return len(leaf.Text) > 5 && strings.EqualFold(leaf.Text[:5], "data:") && strings.Contains(leaf.Text[:min(len(leaf.Text), 100)], "image/")
}

// looksLikeAddress reports a web address, with or without a scheme.
func looksLikeAddress(text string) bool {
	text = strings.TrimSpace(text)
	if text == "" || strings.ContainsAny(text, " \t\n<>\"") {
		return false
	}
	_, ok := richtext.WebURL(text)
	return ok
}

// isLinked reports whether a text is an address that the document leads to.
func (c *comparison) isLinked(text string) bool {
	text = strings.TrimSpace(text)
	if len(text) > 2048 || !strings.ContainsAny(text, ".:") || strings.ContainsAny(text, " \t\n") {
		return false
	}
	if u, ok := richtext.WebURL(text); ok {
		text = u
	}
	return c.links[address(text)]
}

// address returns an address in a form that can be compared.
func address(raw string) string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return raw
	}
	host := strings.TrimPrefix(strings.ToLower(u.Host), "www.")
	if text, err := idna.ToUnicode(host); err == nil {
		host = text
	}
	path := u.Path
	if u.Opaque != "" {
		path = u.Opaque
		if text, err := url.PathUnescape(path); err == nil {
			path = text
		}
	}
	text := host + "/" + strings.Trim(path, "/")
	if query, err := url.QueryUnescape(u.RawQuery); err == nil && query != "" {
		text += "?" + query
	}
	if u.Fragment != "" {
		text += "#" + u.Fragment
	}
	return text
}

// partsOf returns the paragraphs, list items and lines of a text without its markup.
func partsOf(text resume.RichText) []string {
	var parts []string
	for _, b := range richtext.Parse(string(text)) {
		for _, line := range b.Lines() {
			var all strings.Builder
			for _, s := range line {
				all.WriteString(s.Text)
			}
			parts = append(parts, all.String())
		}
	}
	return parts
}
