package richtext

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestParse(t *testing.T) {
	t.Parallel()
	plain := func(s string) []Span { return []Span{{Text: s}} }
	for name, tc := range map[string]struct {
		in   string
		want Text
	}{
		"nothing":   {"", nil},
		"plain":     {"One.\n\nTwo <3.", Text{{Spans: plain("One.")}, {Spans: plain("Two <3.")}}},
		"markdown":  {"- a\n- b", Text{{Level: 1, Kind: Bullet, First: true, Spans: plain("a")}, {Level: 1, Kind: Bullet, Spans: plain("b")}}},
		"breaks":    {"<p>a<br>b</p>", Text{{Spans: []Span{{Text: "a"}, {Text: "b", Break: true}}}}},
		"bold link": {`<p>x <b>y <a href="https://z.example/">z</a></b></p>`, Text{{Spans: []Span{{Text: "x "}, {Text: "y ", Bold: true}, {Text: "z", Bold: true, URL: "https://z.example/"}}}}},
		"lists": {"<ol><li>a<ul><li><i>b</i></li></ul></li><li>c<p>d</p></li></ol><p>e</p>", Text{
			{Level: 1, Kind: Numbered, Number: 1, First: true, Spans: plain("a")},
			{Level: 2, Kind: Bullet, First: true, Spans: []Span{{Text: "b", Italic: true}}},
			{Level: 1, Kind: Numbered, Number: 2, Spans: plain("c")},
			{Level: 1, Spans: plain("d")},
			{Spans: plain("e")},
		}},
		"two lists":                        {"<ul><li>a</li></ul><ul><li>b</li></ul>", Text{{Level: 1, Kind: Bullet, First: true, Spans: plain("a")}, {Level: 1, Kind: Bullet, First: true, Spans: plain("b")}}},
		"bold in bold":                     {"<b>a<strong>b</strong>c</b>", Text{{Spans: []Span{{Text: "a", Bold: true}, {Text: "b", Bold: true}, {Text: "c", Bold: true}}}}},
		"crossed":                          {"<b>a<i>b</b>c</i>", Text{{Spans: []Span{{Text: "a", Bold: true}, {Text: "b", Bold: true, Italic: true}, {Text: "c", Italic: true}}}}},
		"hidden":                           {"a<object>b<p>c</object>d<iframe><b>e</b></iframe>", Text{{Spans: plain("ad")}}},
		"item goes on after an empty mark": {"- \u200b\n  a", Text{{Level: 1, Kind: Bullet, First: true, Spans: plain("a")}}},
		"link that leads nowhere":          {`<a href="https://x.example/">a<a>b</a>c</a>`, Text{{Spans: []Span{{Text: "abc", URL: "https://x.example/"}}}}},
		"hostile":                          {`<script>x()</script><p onclick="y()"><u>a &amp; b</u></p>`, Text{{Spans: []Span{{Text: "a & b", Underline: true}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, Parse(tc.in), cmpopts.IgnoreFields(Span{}, "Marks")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
