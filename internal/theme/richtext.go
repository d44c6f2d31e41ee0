package theme

import (
	"html"
	"html/template"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"

	"github.com/letrazapp/letraz-export/internal/resume"
)

// loadPolicy builds the sanitiser of rich text, once in the life of the
// process: the elements the editor offers, and links to the web and to mail.
// It is the only judge of what is safe; tidy only mends the structure.
var loadPolicy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "ul", "ol", "li", "strong", "em", "b", "i", "u")
	// These only tell tidy where a paragraph ends; it never writes them.
	p.AllowElements("div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "tr", "td", "th", "hr")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	return p
})

// hasMarkup reports whether a text holds HTML. Text without was typed by
// somebody who did not use the editor, and may well say "a < b" or
// "List<String>", so only names of real elements count.
func hasMarkup(s string) bool {
	for {
		_, rest, found := strings.Cut(s, "<")
		if !found {
			return false
		}
		if strings.HasPrefix(rest, "!--") {
			return true
		}
		s = rest
		name := strings.TrimPrefix(rest, "/")
		end := strings.IndexAny(name[:min(len(name), 12)], "> /\t\r\n")
		if end > 0 && elementName(strings.ToLower(name[:end])) {
			return true
		}
	}
}

// elementName reports the names of the elements that texts hold in practice.
func elementName(s string) bool {
	switch s {
	case "p", "br", "ul", "ol", "li", "strong", "em", "b", "i", "u", "s", "a", "div", "span",
		"h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "table", "tr", "td", "font",
		"img", "svg", "math", "script", "style", "iframe", "object", "embed", "form", "input",
		"button", "video", "audio", "link", "meta", "base":
		return true
	}
	return false
}

// richText is a text of the editor as safe and well-formed HTML; text without
// markup becomes paragraphs and, where its lines begin with bullets, lists.
func richText(t resume.RichText) template.HTML {
	s := string(t)
	if strings.TrimSpace(s) == "" {
		return ""
	}
	if !hasMarkup(s) {
		return plainText(s)
	}
	return template.HTML(tidy(loadPolicy().Sanitize(s)))
}

// plainText makes paragraphs of text without markup: a blank line ends one, a
// line break stays a line break, and neighbouring lines with bullets are a list.
func plainText(s string) template.HTML {
	// The text may come from a source that has escaped it already.
	s = html.UnescapeString(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"))
	var w richWriter
	for line := range strings.SplitSeq(s, "\n") {
		line = clean(line)
		item, listed := bullet(line)
		switch {
		case line == "":
			w.endBlock()
		case listed:
			w.startItem()
			w.text(item)
		default:
			for len(w.lists) > 0 {
				w.endList()
			}
			w.lineBreak()
			w.text(line)
		}
	}
	return template.HTML(w.finish())
}

// bullet is what follows the mark of a list item.
func bullet(line string) (string, bool) {
	for _, mark := range []string{"•", "◦", "▪", "●", "‣", "- ", "* ", "– "} {
		if rest, ok := strings.CutPrefix(line, mark); ok {
			rest = strings.TrimSpace(rest)
			return rest, rest != ""
		}
	}
	return "", false
}
