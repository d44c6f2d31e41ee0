package richtext

import "testing"

func TestTextHTML(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, want string }{
		{"bold", "Led <strong>core</strong> team<br/>and &amp; more", "Led <b>core</b> team<br>and & more"},
		{"breaks", "First line<br>Second line<br/>Third &amp; last", "First line<br>Second line<br>Third & last"},
		{"blocks", "<p>Built <b>things</b></p><ul><li>one</li><li>two</li></ul>", "Built <b>things</b>\n  • one\n  • two"},
		{"link", "Used <em>Go</em> and <a href='https://x.example'>this</a>", "Used <i>Go</i> and <a https://x.example>this</a>"},
		{"lines", "Led <b>x</b>:\n- a\n- b\n\nMore", "Led <b>x</b>:\n  • a\n  • b\nMore"},
		{"break and line feed", "a<br>\nb<br />c", "a<br>b<br>c"},
		{"source with lines", "<ul>\n  <li>one</li>\n  <li>two\n  words</li>\n</ul>\n", "  • one\n  • two words"},
		{"paragraphs without ends", "<p>a<p>b", "a\nb"},
		{"items without ends", "<ul><li>a<li>b</ul>", "  • a\n  • b"},
		{"Markdown beside HTML", "**a** <b>b</b> R&D <3", "<b>a</b> <b>b</b> R&D <3"},
		{"mixed blocks", "Intro **x**\n\n<ul><li>a</li></ul>\n\nOutro\nline", "Intro <b>x</b>\n  • a\nOutro line"},
		{"unknown beside known", "<b>List</b><String> and <T>", "<b>List</b><String> and <T>"},
		{"generics", "List<String> and Map<K, V>", ""},
		{"a tag that is the subject", "Replaced <div> soup by <section>, fixed <b>", ""},
		{"the paragraph tag", "Parses the <p> tag", ""},
		{"code", "Removed `<br>` and `<b>x</b>`", ""},
		{"code beside HTML", "Removed `<br>` in <i>all</i>", "Removed <code><br></code> in <i>all</i>"},
		{"script", "<script>x()</script>", ""},
		{"script beside HTML", "<b>a</b> <script>x() <i>b</i></script>", "<b>a</b> <script>x() <i>b</i></script>"},
		{"less", "a < b, b > c <3", ""},
		{"escaped altogether", "&lt;p&gt;Led &lt;b&gt;five&lt;/b&gt;&lt;/p&gt;", "Led <b>five</b>"},
		{"escaped sign", "a &lt; b", ""},
		{"picture", `<img src="x.png" alt="A logo"> and <b>b</b>`, "A logo and <b>b</b>"},
		{"other formatting", "H<sub>2</sub>O <small>x</small>", "H2O x"},
		{"crossed", "<b>a <i>b</b> c</i>", "<b>a <i>b</i></b> <i>c</i>"},
		{"wrong ends", "</b>a</i> <u>b</u>", "</b>a</i> <u>b</u>"},
		{"unfinished", "<b>a</b> <a href=", "<b>a</b> <a href="},
		{"heading", "<h3>Tools</h3>Go", "Tools\nGo"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			source, ok := TextHTML(tc.in, false)
			got := ""
			if ok {
				got = render(Parse(source))
			}
			if got != tc.want {
				t.Errorf("%q\n became %q\n by %q\n want %q", tc.in, got, source, tc.want)
			}
		})
	}
}

func TestTextHTML_Item(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, want string }{
		{"bold", "Led <b>five</b>", "  • Led <b>five</b>\n  • next"},
		{"item", "<li>Did <b>x</b></li>", "  • Did <b>x</b>\n  • next"},
		{"items", "<li>a</li><li>b</li>", "  • a\n  • b\n  • next"},
		{"list", "Main:<ul><li>a</li><li>b</li></ul>", "  • Main:\n    • a\n    • b\n  • next"},
		{"unclosed list", "Main:<ul><li>a<li>b</ul>", "  • Main:\n    • a\n    • b\n  • next"},
		{"lines", "Main <i>x</i>:\n- a\n- b", "  • Main <i>x</i>:\n    • a\n    • b\n  • next"},
		{"paragraphs", "<p>a</p><p>b</p>", "  • a\n  b\n  • next"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			source, ok := TextHTML(tc.in, true)
			if got := render(Parse("<ul><li>" + source + "</li><li>next</li></ul>")); got != tc.want || !ok {
				t.Errorf("%q\n became %q\n by %q\n want %q", tc.in, got, source, tc.want)
			}
		})
	}
}
