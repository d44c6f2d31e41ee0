package richtext

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestParse(t *testing.T) {
	t.Parallel()
	plain := func(s string) []Span { return []Span{{Text: s}} }
	numbered := func(n int, first bool, s string) Block {
		return Block{Level: 1, Kind: Numbered, Number: n, First: first, Spans: plain(s)}
	}
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
		"numbers that start elsewhere": {`<ol start="5"><li>a</li><li>b</li></ol><ol start=0><li>c</li><li>d</li></ol>`, Text{
			numbered(5, true, "a"), numbered(6, false, "b"), numbered(0, true, "c"), numbered(1, false, "d"),
		}},
		"starts that are none": {`<ol start=-1><li>a</ol><ol start=10000><li>b</ol><ol start="5)"><li>c</ol><ol start=99999999999999999999><li>d</ol><ul start=5><li>e</ul>`, Text{
			numbered(1, true, "a"), numbered(1, true, "b"), numbered(1, true, "c"), numbered(1, true, "d"), {Level: 1, Kind: Bullet, First: true, Spans: plain("e")},
		}},
		"typed numbers that start elsewhere": {"Steps\n\n5. a\n6. b\n\n1. c\n2. d", Text{
			{Spans: plain("Steps")}, numbered(5, true, "a"), numbered(6, false, "b"), numbered(1, true, "c"), numbered(2, false, "d"),
		}},
		"numbers within a paragraph": {"On\n12. May\n13. May", Text{{Spans: []Span{{Text: "On"}, {Text: "12. May", Break: true}, {Text: "13. May", Break: true}}}}},
		"a number alone":             {"On\n\n12. May", Text{{Spans: plain("On")}, {Spans: plain("12. May")}}},
		"rule":                       {"<p>a</p><hr><p>b</p>", Text{{Spans: plain("a")}, {Kind: Rule}, {Spans: plain("b")}}},
		"rules that divide nothing":  {"<hr><p>a</p><hr><p></p><hr/></hr><ul><li>b</ul><hr>", Text{{Spans: plain("a")}, {Kind: Rule}, {Level: 1, Kind: Bullet, First: true, Spans: plain("b")}}},
		"nothing but a rule":         {"<hr>", nil},
		"rule in an item":            {"<ol><li>a<hr>b</li><li>c</li></ol>", Text{numbered(1, true, "a"), {Kind: Rule, Level: 1}, {Level: 1, Spans: plain("b")}, numbered(2, false, "c")}},
		"typed rules": {"a\n\n---\n\nb\n\n*****\n\n- c\n\n___\n\n- d", Text{
			{Spans: plain("a")}, {Kind: Rule}, {Spans: plain("b")}, {Kind: Rule}, {Level: 1, Kind: Bullet, First: true, Spans: plain("c")}, {Kind: Rule},
			{Level: 1, Kind: Bullet, First: true, Spans: plain("d")},
		}},
		"typed rule in a paragraph of its own": {"<p>a</p><p>---</p><p>b</p>", Text{{Spans: plain("a")}, {Kind: Rule}, {Spans: plain("b")}}},
		"lines that are no rules": {"---\n\na\n---\nb\n\n--\n\n-*-\n\n- - -\n\n***", Text{
			{Spans: plain("---")}, {Spans: []Span{{Text: "a"}, {Text: "---", Break: true}, {Text: "b", Break: true}}}, {Spans: plain("--")}, {Spans: plain("-*-")},
			{Level: 1, Kind: Bullet, First: true, Spans: plain("- -")}, {Spans: plain("***")},
		}},
		"code": {"<p>a <code>b <b>c</b></code><kbd>d</kbd> <samp>e</samp> <tt>f</tt></p>", Text{{Spans: []Span{{Text: "a "}, {Text: "b ", Code: true}, {Text: "c", Code: true, Bold: true},
			{Text: "d", Code: true}, {Text: " "}, {Text: "e", Code: true}, {Text: " "}, {Text: "f", Code: true}}}}},
		"preformatted code":  {"a<pre><code>b\nc</code></pre>d", Text{{Spans: plain("a")}, {Spans: []Span{{Text: "b", Code: true}, {Text: "c", Code: true, Break: true}}}, {Spans: plain("d")}}},
		"code without lines": {"x <samp>a</samp>\ny", Text{{Spans: []Span{{Text: "x "}, {Text: "a", Code: true}, {Text: "y", Break: true}}}}},
		"hostile":            {`<script>x()</script><p onclick="y()"><u>a &amp; b</u></p>`, Text{{Spans: []Span{{Text: "a & b", Underline: true}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, Parse(tc.in), cmpopts.IgnoreFields(Span{}, "Marks")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
