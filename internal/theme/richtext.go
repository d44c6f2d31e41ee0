package theme

import (
	"html"
	"html/template"
	"regexp"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"

	"github.com/letrazapp/letraz-export/internal/resume"
)

// loadPolicy builds the sanitiser of rich text, once in the life of the process:
// the elements the editor offers, and links to the web, to mail and to telephones.
// It is the only judge of what is safe; tidy mends the structure.
var loadPolicy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "ul", "ol", "li", "strong", "em", "b", "i", "u")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true) // "www.example.com/x" is one; tidy makes addresses of these or drops them
	// The rest only tells tidy what is meant; it never writes them.
	p.AllowNoAttrs().OnElements(dividers()...)
	p.AllowElements("span") // without a style they go all the same
	p.AllowAttrs("data-list").Matching(regexp.MustCompile(`^(bullet|ordered|checked|unchecked)$`)).OnElements("li")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`(^|\s)ql-indent-[1-9](\s|$)`)).OnElements("li")
	p.AllowStyles("font-weight").MatchingEnum("bold", "bolder", "600", "700", "800", "900", "normal", "400").OnElements("span", "b", "strong")
	p.AllowStyles("font-style").MatchingEnum("italic", "oblique", "normal").OnElements("span", "i", "em")
	return p
})

// dividers are the elements that only divide paragraphs.
func dividers() []string {
	return strings.Fields("div h1 h2 h3 h4 h5 h6 blockquote pre hr section article header footer main aside nav address " +
		"figure figcaption details summary center table caption thead tbody tfoot tr td th dl dt dd " +
		"form fieldset legend label select option button textarea")
}

// phrasing are the further elements that texts hold in practice.
func phrasing() []string {
	return strings.Fields("p br ul ol li strong em b i u s a span small sub sup del ins mark strike code kbd font abbr cite q time big tt wbr " +
		"img svg math script style iframe object embed input video audio link meta base")
}

// elements are the names by which markup is known, and whether a line begins there.
var elements = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, name := range phrasing() {
		names[name] = false
	}
	for _, name := range append(dividers(), "p", "br", "ul", "ol", "li") {
		names[name] = true
	}
	return names
})

// markupOf reports whether a text holds HTML, and whether that says where lines
// begin. Text without was typed by somebody who did not use the editor, and may
// well say "a < b" or "List<String>", so only names of real elements count.
func markupOf(s string) (some, lines bool) {
	names := elements()
	for !lines {
		_, rest, found := strings.Cut(s, "<")
		if !found {
			break
		}
		s = rest
		if strings.HasPrefix(rest, "!--") {
			some = true
			continue
		}
		name := strings.TrimPrefix(rest, "/")
		if end := strings.IndexAny(name[:min(len(name), 12)], "> /\t\r\n"); end > 0 {
			begins, known := names[strings.ToLower(name[:end])]
			some, lines = some || known, lines || begins
		}
	}
	return some, lines
}

// richText is a text of the editor as safe and well-formed HTML; text without
// markup becomes paragraphs and, where its lines begin with bullets, lists.
func richText(t resume.RichText) template.HTML {
	s := string(t)
	if strings.TrimSpace(s) == "" {
		return ""
	}
	some, lines := markupOf(s)
	if !some {
		var w richWriter
		w.lines(html.UnescapeString(s)) // it may come from a source that has escaped it already
		return template.HTML(w.finish())
	}
	return template.HTML(tidy(loadPolicy().Sanitize(s), !lines))
}
