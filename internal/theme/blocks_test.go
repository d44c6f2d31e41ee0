package theme

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/letrazapp/letraz-export/internal/resume"
)

func TestRichTextIsTakenApartForOtherFormats(t *testing.T) {
	t.Parallel()
	plain := func(s string) []textRun { return []textRun{{Text: s}} }
	for name, tc := range map[string]struct {
		in   resume.RichText
		want []block
	}{
		"nothing":   {"", nil},
		"plain":     {"One.\n\nTwo <3.", []block{{Phrases: plain("One.")}, {Phrases: plain("Two <3.")}}},
		"markdown":  {"- a\n- b", []block{{Level: 1, Bullet: true, Phrases: plain("a")}, {Level: 1, Bullet: true, Phrases: plain("b")}}},
		"breaks":    {"<p>a<br>b</p>", []block{{Phrases: []textRun{{Text: "a"}, {Text: "b", Break: true}}}}},
		"bold link": {`<p>x <b>y <a href="https://z.example/">z</a></b></p>`, []block{{Phrases: []textRun{{Text: "x "}, {Text: "y ", Bold: true}, {Text: "z", Bold: true, URL: "https://z.example/"}}}}},
		"lists": {"<ol><li>a<ul><li><i>b</i></li></ul></li><li>c<p>d</p></li></ol><p>e</p>", []block{
			{Level: 1, Number: 1, Phrases: plain("a")},
			{Level: 2, Bullet: true, Phrases: []textRun{{Text: "b", Italic: true}}},
			{Level: 1, Number: 2, Phrases: plain("c")},
			{Level: 1, Phrases: plain("d")},
			{Phrases: plain("e")},
		}},
		"hostile": {`<script>x()</script><p onclick="y()"><u>a &amp; b</u></p>`, []block{{Phrases: []textRun{{Text: "a & b", Underline: true}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, blocks(richText(tc.in))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
