package theme

import (
	"testing"

	"github.com/letrazapp/letraz-export/internal/resume"
)

func TestRichText(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"empty", " \n ", ""},
		{"plain", "One & two", `<p dir="auto">One &amp; two</p>`},
		{"plain with angle brackets", "List<String> a < b", `<p dir="auto">List&lt;String&gt; a &lt; b</p>`},
		{"plain that was escaped before", "R&amp;D", `<p dir="auto">R&amp;D</p>`},
		{"lines", "One\r\nTwo\n\nThree", `<p dir="auto">One<br>Two</p><p dir="auto">Three</p>`},
		{"bullets", "Did:\n• a\n- b\nAnd c", `<p dir="auto">Did:</p><ul><li dir="auto">a</li><li dir="auto">b</li></ul><p dir="auto">And c</p>`},
		{"a dash inside", "2019 - 2020", `<p dir="auto">2019 - 2020</p>`},
		{"formatting", "<p>a <strong>b</strong>, <em>c</em></p>", `<p dir="auto">a <strong>b</strong>, <em>c</em></p>`},
		{"blank inside a phrase", "<p>a<b> b </b>c</p>", `<p dir="auto">a <b>b</b> c</p>`},
		{"text outside paragraphs", "a<p>b</p>c", `<p dir="auto">a</p><p dir="auto">b</p><p dir="auto">c</p>`},
		{"empty paragraphs", "<p></p><p>&nbsp;</p><p><br></p><p>a</p><p></p>", `<p dir="auto">a</p>`},
		{"invisible paragraphs", "<p>\u200b</p><p>a</p><p>\ufeff\u2060 </p><ul><li>\u200b</li></ul>", `<p dir="auto">a</p>`},
		{"joiner between phrases", "<p><b>می</b>\u200cخواهم</p>", "<p dir=\"auto\"><b>می</b>\u200cخواهم</p>"},
		{"control character between phrases", "<p><b>a</b><i>\x01</i>b</p>", `<p dir="auto"><b>a</b> b</p>`},
		{"break", "<p>a<br>b</p>", `<p dir="auto">a<br>b</p>`},
		{"two breaks", "a<br><br/>b", `<p dir="auto">a</p><p dir="auto">b</p>`},
		{"break at the end", "<p>a<br></p>", `<p dir="auto">a</p>`},
		{"list", "<ul><li>a</li><li></li><li><p>b</p></li></ul>", `<ul><li dir="auto">a</li><li dir="auto">b</li></ul>`},
		{"item with two paragraphs", "<ol><li><p>a</p><p>b</p></li></ol>", `<ol><li dir="auto">a<p dir="auto">b</p></li></ol>`},
		{"nested list", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", `<ul><li dir="auto">a<ul><li dir="auto">b</li></ul></li><li dir="auto">c</li></ul>`},
		{"list beside an item", "<ul><li>a</li><ul><li>b</li></ul></ul>", `<ul><li dir="auto">a<ul><li dir="auto">b</li></ul></li></ul>`},
		{"item without a list", "<li>a", `<ul><li dir="auto">a</li></ul>`},
		{"empty list", "<ul><li> </li></ul>", ""},
		{"list inside a phrase", "<b>a<ul><li>b</li></ul></b>c", `<p dir="auto"><b>a</b></p><ul><li dir="auto"><b>b</b></li></ul><p dir="auto">c</p>`},
		{"stray ends", "</ul></li></p>a</b></ol>", `<p dir="auto">a</p>`},
		{"crossed", "<b>a<i>b</b>c</i>d", `<p dir="auto"><b>a<i>b</i></b><i>c</i>d</p>`},
		{"link", `<a href="https://x.example/?a=1&amp;b=2" target=_blank rel=x>a</a>`, `<p dir="auto"><a href="https://x.example/?a=1&amp;b=2">a</a></p>`},
		{"mail link", `<a href="mailto:a@b.example">a</a>`, `<p dir="auto"><a href="mailto:a@b.example">a</a></p>`},
		{"script link", `<a href="javascript:alert(1)">a</a>`, `<p dir="auto">a</p>`},
		{"relative link", `<a href="/x">a</a>`, `<p dir="auto">a</p>`},
		{"script", "<p>a<script>alert(1)</script></p>", `<p dir="auto">a</p>`},
		{"picture", `<p>a<img src=https://x.example/p>b</p>`, `<p dir="auto">ab</p>`},
		{"span inside a word", "<p>wo<span>rd</span></p>", `<p dir="auto">word</p>`},
		{"headings are paragraphs", "<h2>a</h2>b<div>c</div>", `<p dir="auto">a</p><p dir="auto">b</p><p dir="auto">c</p>`},
		{"attributes", `<p style="color:red" class=x onclick=y>a</p>`, `<p dir="auto">a</p>`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := string(richText(resume.RichText(c.in))); got != c.want {
				t.Errorf("richText(%q)\n got %s\nwant %s", c.in, got, c.want)
			}
		})
	}
}
