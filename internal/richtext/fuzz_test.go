package richtext

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// Any text gives blocks of visible text without line breaks. None makes Markdown,
// Inline or TextHTML fail.
func FuzzParse(f *testing.F) {
	for _, tc := range inlineCases {
		f.Add(tc.in)
		f.Add("<p>" + tc.in + "<ul><li>" + tc.in)
	}
	for _, in := range plainCases {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for i, b := range Parse(s) {
			if len(b.Spans) == 0 && b.Kind != Rule {
				t.Errorf("%q: block %d is empty", s, i)
			}
			for _, span := range b.Spans {
				if span.Text == "" || !utf8.ValidString(span.Text) || strings.ContainsAny(span.Text, "\n\r\v\x00\u00ad\u200b") {
					t.Errorf("%q: span %q", s, span.Text)
				}
			}
			_ = b.Markdown()
		}
		if text, _ := Inline(s); strings.ContainsAny(text, "\n\r\v\x00\u00ad\u200b") || text != strings.TrimSpace(text) && !strings.ContainsAny(text, "\u00a0\u202f") {
			t.Errorf("%q became %q", s, text)
		}
		if source, ok := TextHTML(s, false); ok {
			Parse(source)
		}
	})
}
