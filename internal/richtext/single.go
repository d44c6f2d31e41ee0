package richtext

import "strings"

// Inline returns a text of a single line, such as a name or a title, without its
// inline markup: HTML, Markdown and character references. It is as clean as that of
// Line. address is where the first link in it leads, or empty.
func Inline(s string) (text, address string) {
	if !hasMarkup(s) {
		return Line(s), ""
	}
	var t Text
	if source, ok := TextHTML(s, false); ok {
		t = Parse(source)
	} else {
		line := oneLine(decodeUnlessCode(s))
		if !hasMarkup(line) {
			return Line(line), ""
		}
		t = Text{{Spans: inlineSpans([]Span{{Text: line}})}}
	}
	var b strings.Builder
	for i, block := range t {
		for j, span := range block.Spans {
			if i > 0 && j == 0 || span.Break {
				b.WriteByte(' ')
			}
			b.WriteString(span.Text)
			if address == "" {
				address = span.URL
			}
		}
	}
	return Line(b.String()), address
}
