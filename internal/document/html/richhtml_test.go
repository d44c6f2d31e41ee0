package html

import (
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document/corpus"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/richtext"
)

func TestRichHTML(t *testing.T) {
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
		{"control character between phrases", "<p><b>a</b><i>\x01</i>b</p>", `<p dir="auto"><b>a</b>b</p>`},
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
		{"telephone link", `<a href="tel:+15550100">a</a>`, `<p dir="auto"><a href="tel:+15550100">a</a></p>`},
		{"link without a scheme", `<a href="www.x.example/y">a</a> <a href="//x.example">b</a> <a href="cv.pdf">c</a> <a href="#top">d</a>`,
			`<p dir="auto"><a href="https://www.x.example/y">a</a> <a href="https://x.example">b</a> c d</p>`},
		{"links with a user name", `<a href="https://a@x.example/">a</a> <a href="HTTP://good.example:x@x.example">b</a> <a href="//a@x.example">c</a>`, `<p dir="auto">a b c</p>`},
		{"links without a host", `<a href="https:x.example">a</a> <a href="https:///x">b</a> <a href="https:\\x.example">c</a>`, `<p dir="auto">a b c</p>`},
		{"script link", `<a href="javascript:alert(1)">a</a>`, `<p dir="auto">a</p>`},
		{"relative link", `<a href="/x">a</a>`, `<p dir="auto">a</p>`},
		{"script", "<p>a<script>alert(1)</script></p>", `<p dir="auto">a</p>`},
		{"picture", `<p>a<img src=https://x.example/p>b</p>`, `<p dir="auto">ab</p>`},
		{"span inside a word", "<p>wo<span>rd</span></p>", `<p dir="auto">word</p>`},
		{"headings are paragraphs", "<h2>a</h2>b<div>c</div>", `<p dir="auto">a</p><p dir="auto">b</p><p dir="auto">c</p>`},
		{"sections divide", "<section>a</section><article>b</article><dl><dt>c</dt><dd>d</dd></dl>e<hr>f",
			`<p dir="auto">a</p><p dir="auto">b</p><p dir="auto">c</p><p dir="auto">d</p><p dir="auto">e</p><hr><p dir="auto">f</p>`},
		{"sections within a paragraph", "<p>a<section>b</section><figure><figcaption>c</figcaption></figure>d</p>",
			`<p dir="auto">a</p><p dir="auto">b</p><p dir="auto">c</p><p dir="auto">d</p>`},
		{"small markup alone", "<small>a</small> H<sub>2</sub>O <mark>b</mark>", `<p dir="auto">a H2O b</p>`},
		{"lines beside phrases", "Led <b>five</b>:\n- one\n- <i>two</i>\n\nEnd", `<p dir="auto">Led <b>five</b>:</p><ul><li dir="auto">one</li><li dir="auto"><i>two</i></li></ul><p dir="auto">End</p>`},
		{"lines behind a paragraph", "<p>a</p>\n- b\n- c", `<p dir="auto">a</p><ul><li dir="auto">b</li><li dir="auto">c</li></ul>`},
		{"preformatted", "<pre><code>a\n  b</code></pre>", `<p dir="auto"><code>a<br>b</code></p>`},
		{"code", "<p>a <code>&lt;b&gt; <b>c</b></code> <b>d<kbd>e</kbd></b></p>", `<p dir="auto">a <code>&lt;b&gt; <b>c</b></code> <b>d<code>e</code></b></p>`},
		{"numbers that start elsewhere", "<ol start=5><li>a<li>b</ol><ol start=0><li>c</ol>", `<ol start="5"><li dir="auto">a</li><li dir="auto">b</li></ol><ol start="0"><li dir="auto">c</li></ol>`},
		{"large numbers", "<ol start=99><li>a</ol>", `<ol class="wide" start="99"><li dir="auto">a</li></ol>`},
		{"hostile start", `<ol start="5&quot; onclick=x"><li>a</ol>`, `<ol><li dir="auto">a</li></ol>`},
		{"rule in an item", "<ul><li>a<hr>b</li><li>c</li></ul><hr>d", `<ul><li dir="auto">a<hr><p dir="auto">b</p></li><li dir="auto">c</li></ul><hr><p dir="auto">d</p>`},
		{"typed rule", "a\n\n***\n\nb", `<p dir="auto">a</p><hr><p dir="auto">b</p>`},
		{"style for bold", `<p><span style="font-weight: 700">a</span><span style="color: red">b</span><span style="font-weight:bold;font-style:italic">c</span></p>`,
			`<p dir="auto"><strong>a</strong>b<strong><em>c</em></strong></p>`},
		{"style for not bold", `<b style="font-weight:normal"><p>a <span style="font-weight:700">b</span></p></b>c`, `<p dir="auto">a <strong>b</strong></p><p dir="auto">c</p>`},
		{"flat list with depths", `<ol><li>a</li><li class="ql-indent-1">b</li><li class="ql-indent-2 ql-align-justify">c</li><li>d</li></ol><p>e</p>`,
			`<ol><li dir="auto">a<ol><li dir="auto">b<ol><li dir="auto">c</li></ol></li></ol></li><li dir="auto">d</li></ol><p dir="auto">e</p>`},
		{"flat list with kinds", `<ol><li data-list="bullet"><span class="ql-ui"></span>a</li><li data-list="bullet" class="ql-indent-1">b</li><li data-list="ordered">c</li></ol>d`,
			`<ul><li dir="auto">a<ul><li dir="auto">b</li></ul></li></ul><ol><li dir="auto">c</li></ol><p dir="auto">d</p>`},
		{"flat list that begins deep", `<ul><li class="ql-indent-8">a</li><li>b</li></ul>`, `<ul><li dir="auto">a</li></ul><ul><li dir="auto">b</li></ul>`},
		{"bullets in paragraphs", "<p>• a</p><p>• <b>b</b> c</p><p>d</p>", `<ul><li dir="auto">a</li><li dir="auto"><b>b</b> c</li></ul><p dir="auto">d</p>`},
		{"bullets after breaks", "<p>a:<br>- b<br>- <b>c</b><br>d</p>", `<p dir="auto">a:</p><ul><li dir="auto">b</li><li dir="auto"><b>c</b></li></ul><p dir="auto">d</p>`},
		{"bullets before a list", "<p>• a</p><ul><li>• b</li><li>- c</li></ul>", `<ul><li dir="auto">a</li></ul><ul><li dir="auto">b</li><li dir="auto">c</li></ul>`},
		{"a lone dash", "<p>-</p><p>*</p><p>a</p>", `<p dir="auto">-</p><p dir="auto">*</p><p dir="auto">a</p>`},
		{"Markdown list in a list", "- a\n  - b\n    - c\n  - d\n- e", `<ul><li dir="auto">a<ul><li dir="auto">b<ul><li dir="auto">c</li></ul></li><li dir="auto">d</li></ul></li><li dir="auto">e</li></ul>`},
		{"Markdown item on two lines", "* a\n  b\n* c\n\n  d", `<ul><li dir="auto">a b</li><li dir="auto">c</li></ul><p dir="auto">d</p>`},
		{"numbers", "Steps:\n1. a\n2. b\n\n3. c\nd", `<p dir="auto">Steps:</p><ol><li dir="auto">a</li><li dir="auto">b</li><li dir="auto">c</li></ol><p dir="auto">d</p>`},
		{"bullets under numbers", "1) a\n   - b\n2) c", `<ol><li dir="auto">a<ul><li dir="auto">b</li></ul></li><li dir="auto">c</li></ol>`},
		{"numbers that do not count", "1. Place in Berlin\n2019. Then\n3. x", `<p dir="auto">1. Place in Berlin<br>2019. Then<br>3. x</p>`},
		{"a year and a version", "2. Liga\n3.5 years", `<p dir="auto">2. Liga<br>3.5 years</p>`},
		{"Word's bullets", "\uf0b7 a\n\uf0a7\tb\n➢ c\n+ d", `<ul><li dir="auto">a</li><li dir="auto">b</li><li dir="auto">c</li><li dir="auto">d</li></ul>`},
		{"attributes", `<p style="color:red" class=x onclick=y>a</p>`, `<p dir="auto">a</p>`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := string(richHTML(richtext.Parse(c.in))); got != c.want {
				t.Errorf("%q\n got %s\nwant %s", c.in, got, c.want)
			}
		})
	}
}

func TestRichHTML_LongBlocks(t *testing.T) {
	long := strings.Repeat("word ", 700/5)
	got := string(richHTML(richtext.Parse("<p>short</p><p>" + long + "</p><ul><li>short</li><li>" + long + "<ul><li>short</li></ul></li></ul><p>said dir=\"auto\"</p>")))
	if n := strings.Count(got, ` class="long"`); n != 2 || !strings.Contains(got, `<p dir="auto" class="long">word`) || !strings.Contains(got, `<li dir="auto" class="long">word`) {
		t.Errorf("%d blocks are long: %s", n, got)
	}
}

// The stylesheet is the same for documents without rules, code and large numbers.
func TestWrite_RareStyle(t *testing.T) {
	for text, want := range map[string]bool{
		"<p>a</p>": false, "<ol start=5><li>a</ol>": false, "<hr><p>a</p>": false,
		"<p>a</p><hr><p>b</p>": true, "<p>a <code>b</code></p>": true, "<ol start=100><li>a</ol>": true,
	} {
		r := corpus.Jane()
		r.Sections[0].Experience[0].Description = resume.RichText(text)
		page := render(t, r, Options{})
		if strings.Contains(page, rareStyle) != want {
			t.Errorf("%s: the stylesheet has rules for it: %t, want %t", text, !want, want)
		}
		checkSafe(t, page)
	}
	for _, fault := range faults(strings.Replace(rareStyle, "break-after: avoid;", "", 1), false) {
		t.Errorf("the stylesheet: %s", fault)
	}
}
