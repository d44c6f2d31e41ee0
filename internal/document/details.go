package document

import (
	"bytes"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"

	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/richtext"
)

// linksIn returns the texts and numbers of a member, which may be a list of them. Numbers
// stay as written; an object is one text. A text leads where the link in it does.
func linksIn(d resume.Details, name string) []Link {
	raw, ok := d[name]
	if !ok {
		return nil
	}
	if n := len(raw); n >= 2 && raw[0] == '"' && raw[n-1] == '"' && bytes.IndexByte(raw, '\\') < 0 {
		if k := textLink(string(raw[1 : n-1])); k.Text != "" { // most members are such a text
			return []Link{k}
		}
		return nil
	}
	var out []Link
	for _, text := range d.Texts(name) {
		if k := textLink(text); k.Text != "" {
			out = append(out, k)
		}
	}
	return out
}

// values returns the texts of linksIn.
func values(d resume.Details, name string) []string {
	var out []string
	for _, k := range linksIn(d, name) {
		out = append(out, k.Text)
	}
	return out
}

// part returns a member as a part of an entry: a link if it is one text with a link.
func (l *maker) part(d resume.Details, name string) Link {
	if list := linksIn(d, name); len(list) == 1 {
		return list[0]
	}
	return Link{Text: l.value(d, name)}
}

// value returns a member of one text or number, or the texts of a list on one line.
func (l *maker) value(d resume.Details, name string) string {
	return strings.Join(values(d, name), l.Comma)
}

// labeled returns a member with the label of a term before it. Both are one text, since
// the parts of an entry have no labels.
func (l *maker) labeled(term string, d resume.Details, name string) Link {
	k := l.part(d, name)
	if k.Text == "" {
		return Link{}
	}
	return Link{Text: l.Terms[term] + l.Colon + k.Text, URL: k.URL}
}

// termLine returns a line of the values of a member, or none.
func (l *maker) termLine(term string, d resume.Details, name string) []Line {
	return l.lineOf(l.Terms[term], linksIn(d, name))
}

// level returns the words for how well something is known. A bare number is given the
// label that says what it is.
func (l *maker) level(word string) string {
	word = clean(word)
	if name, ok := l.Proficiency[strings.ToLower(word)]; ok {
		return name
	}
	if _, err := strconv.ParseFloat(word, 64); err == nil {
		return l.Terms["level"] + l.Colon + word
	}
	return word
}

// years returns a number of years, such as "10", with its unit. Other texts stay as they
// are.
func (l *maker) years(text string) string {
	number, more := strings.CutSuffix(text, "+")
	n, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return text
	}
	form := "other"
	if whole := int(n); !more && 0 <= whole && whole < 1000 && float64(whole) == n {
		form = pluralForms[plural.Cardinal.MatchPlural(l.tag, whole, 0, 0, 0, 0)]
	}
	pattern, ok := l.Years[form]
	if !ok {
		pattern = l.Years["other"]
	}
	return strings.Replace(pattern, "{n}", text, 1)
}

// pluralForms are the names of plural forms in a locale.
var pluralForms = map[plural.Form]string{
	plural.Other: "other", plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many",
}

// sentence is the length in bytes from which on a value is taken for a sentence.
const sentence = 60

// sentences reports whether the values of a line are sentences rather than names, so
// that commas between them would not tell where one ends.
func sentences(list []Link) bool {
	long := 0
	for _, k := range list {
		s := k.Text
		if len(s) >= sentence || strings.HasSuffix(s, ".") && strings.Count(s, " ") >= 3 {
			long++
		}
	}
	return 2*long >= len(list) && long > 0
}

// listed returns values as a list under a label.
func listed(label string, list []Link) richtext.Text {
	mark := &richtext.Mark{Kind: richtext.Strong}
	text := richtext.Text{{Spans: []richtext.Span{{Text: label, Bold: true, Marks: []*richtext.Mark{mark}}}}}
	for i, k := range list {
		text = append(text, richtext.Block{Kind: richtext.Bullet, Level: 1, First: i == 0, Spans: []richtext.Span{{Text: k.Text, URL: k.URL}}})
	}
	return text
}
