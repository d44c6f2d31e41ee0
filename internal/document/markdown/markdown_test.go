package markdown

import (
	"bytes"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"

	"github.com/letrazapp/letraz-export/internal/document/corpus"
	"github.com/letrazapp/letraz-export/internal/document/documenttest"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/richtext"
)

// markdownReaders turn Markdown into HTML as the programs do that people use. All
// let HTML through, so that what is not escaped is seen.
func markdownReaders() map[string]goldmark.Markdown {
	unsafe := goldmark.WithRendererOptions(gmhtml.WithUnsafe())
	address := regexp.MustCompile(`^(?:https?|ftp)://[^\s<]*`)
	www := regexp.MustCompile(`^(?i:www)\.[^\s<]*`)
	return map[string]goldmark.Markdown{
		"CommonMark": goldmark.New(unsafe),
		"GitHub":     goldmark.New(unsafe, goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList)),
		// An address ends at a blank or a "<" only, as in cmark-gfm and marked.
		"long addresses": goldmark.New(unsafe, goldmark.WithExtensions(extension.Table, extension.Strikethrough,
			extension.NewLinkify(extension.WithLinkifyURLRegexp(address), extension.WithLinkifyWWWRegexp(www)))),
	}
}

// rendered is what a reader shows: the text of every block in its order, lines
// divided by LF, and the addresses of links. It fails on any element or attribute
// that no resume has.
func rendered(t *testing.T, md goldmark.Markdown, source []byte) (texts, links []string) {
	t.Helper()
	var page bytes.Buffer
	if err := md.Convert(source, &page); err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(&page)
	if err != nil {
		t.Fatal(err)
	}
	blocks := []string{"h1", "h2", "h3", "p", "li"}
	elements := []string{"html", "head", "body", "h1", "h2", "h3", "p", "li", "ul", "ol", "a", "strong", "em", "br", "hr", "code"}
	current := -1
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode && current < 0:
			if strings.TrimSpace(n.Data) != "" {
				t.Errorf("text outside of a block: %q", n.Data)
			}
		case n.Type == html.TextNode && strings.Trim(n.Data, "\n ") == "" && n.Parent.Data == "li": // between blocks
		case n.Type == html.TextNode:
			texts[current] += strings.TrimPrefix(n.Data, "\n") // it follows a <br>, or ends the text of an item
		case n.Type == html.CommentNode:
			t.Errorf("a comment: %q", n.Data)
		case n.Type == html.ElementNode:
			if !slices.Contains(elements, n.Data) {
				t.Errorf("an element %s", n.Data)
			}
			for _, a := range n.Attr {
				switch scheme, _, _ := strings.Cut(a.Val, ":"); {
				case n.Data == "a" && a.Key == "href" && slices.Contains([]string{"http", "https", "mailto", "tel"}, scheme):
					links = append(links, a.Val)
				case n.Data == "ol" && a.Key == "start":
				default:
					t.Errorf("an attribute %s=%q of %s", a.Key, a.Val, n.Data)
				}
			}
			if n.Data == "br" {
				texts[current] += "\n"
			}
			if slices.Contains(blocks, n.Data) {
				texts, current = append(texts, ""), len(texts)
			}
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
		if n.Type == html.ElementNode && slices.Contains(blocks, n.Data) && n.Data != "li" {
			current = -1
			if n.Parent.Data == "li" {
				texts, current = append(texts, ""), len(texts)
			}
		}
	}
	walk(doc)
	out := texts[:0]
	for _, text := range texts {
		if text = strings.TrimSuffix(text, "\n"); text != "" {
			out = append(out, text)
		}
	}
	return out, links
}

// withoutCode is Markdown without its code spans, in which nothing has a meaning.
func withoutCode(source string) string {
	var b strings.Builder
	for i := 0; i < len(source); i++ {
		switch source[i] {
		case '\\':
			b.WriteByte('\\')
			i++
		case '`':
			i += codeLength(source[i:]) - 1
			continue
		}
		if i < len(source) {
			b.WriteByte(source[i])
		}
	}
	return b.String()
}

// checkMarkdown compares what readers show with what was meant.
func checkMarkdown(t *testing.T, name string, r resume.Resume) {
	t.Helper()
	d := documenttest.New(t, r)
	source := Write(d)
	if strings.Contains(withoutCode(string(source)), "<") {
		t.Errorf("%s: it holds a <:\n%s", name, source)
	}
	want, leads := documenttest.Blocks(d)
	for dialect, md := range markdownReaders() {
		texts, links := rendered(t, md, source)
		if diff := cmp.Diff(want, texts); diff != "" {
			t.Errorf("%s, %s: (-want +got):\n%s\nof:\n%s", name, dialect, diff, source)
		}
		if len(links) != leads {
			t.Errorf("%s, %s: %d links, want %d: %q\nof:\n%s", name, dialect, len(links), leads, links, source)
		}
		if t.Failed() {
			return
		}
	}
}

func TestWrite_ReadBack(t *testing.T) {
	t.Parallel()
	for name, r := range corpus.Many(t) {
		checkMarkdown(t, name, r)
	}
	for _, text := range []string{
		"# no heading", "> no quotation", "- no list", "+", "1. no list", "12) no list", "===", "---", "***", "___", "```", "~~~", "    code",
		"a *b* _c_ **d** __e__ `f` ~~g~~", "[a](b)", "![a](b)", "[a]: b", "[x] done", "<b>", "<!-- -->", "&amp; &#35; &copy; & &x", "a | b", "--- | ---",
		"C#", "F #", "## #", "trailing \\", "a\\", "\\*", "https://example.com/a_b_c", "www.example.com", "x@example.com", "wow!", "|-|", "\u00a0lead",
		"https://e.com/<img src=x onerror=alert(1)>", "www.e.com/<img src=x onerror=alert(1)>", "a@e.com<img src=x onerror=alert(1)>",
		"ftp://e.com/\\<script>alert(1)</script>", "HTTPS://e.com/<svg/onload=alert(1)>", "(https://e.com/a*b*`c`_d_)", "https://e.com/&lt;b&gt;", "WWW.e.com/*a*",
		"<p>https:<u>//e.com/&lt;img src=x&gt;</u> www<b>.e.com/&lt;img src=x&gt;</b> a<i>@e.com&lt;img src=x&gt;</i></p>",
		"<p>https://e.com/<a href='https://x.example/\"&gt;&lt;img/src=x&gt;'>&lt;img src=x&gt;</a>&lt;img src=x&gt;</p>",
		"<p><a href='https://x.example/a?b=(c)&amp;amp;d[e]'>e](javascript:x)</a>[f]: <a href='mailto:a@b.example?subject=%3Cimg%3E'>g</a>(h)</p>",
		"<p>note^<a href='https://x.example/'>x</a></p>", "[^1]", "[^1]: note", "<p>head<br>:-</p>", "<p>head<br>:-:|:-:</p>", "<p>term<br>: definition</p>", "$a$ $$b$$",
		"<!DOCTYPE x>", "<?php x ?>", "<![CDATA[x]]>", "</p>", "&lt;img src=x&gt;", "&#60;img src=x&#62;", "&amp;lt;", "javascript:alert(1)", "<javascript:alert(1)>",
		"\\<", "\\&lt;", "<p>a\\<br>b</p>", "mailto:a@e.com", "xmpp:a@e.com/x", "a:b@e.com", "1)", "123456789. x", "- [ ] x", "=", "--",
		"<p>a <code>x</code></p><hr><ol start=0><li>b<hr>c</li><li>d</ol><hr><ol start=1234><li>e</ol>", "a\n\n---\n\n=\n\n***\n\n- b", "<code>---</code>", "x<br><code>---</code>",
		"<code>`</code>", "<code>```</code>", "<code>~~~</code>", "<code>a`b``c</code>", "<code> \\</code>`<code>a</code>", "\\<code>\\</code>\\", "<code>a</code>`b`", "`<code>a</code>",
		"<code>a</code><code>b</code>", "<code>a<b>b</b><i>c</i><u>d</u></code>", "<b>x<code>a</code></b>y", "<code>&lt;img src=x onerror=alert(1)&gt;</code>", "<code>&amp;lt;</code>",
		"a@<code>e.com&lt;img src=x&gt;</code>", "a<code>@e.com</code>", "a<code>b@e.com</code> <code>b@e.com</code>", "<code>a@</code>e.com", "https:<code>//e.com/&lt;img src=x&gt;</code>",
		"www<code>.e.com</code>", "<code>https://e.com</code>&lt;img src=x&gt;", "$<code>a</code>$", "<a href='https://x.example/'>a<code>](b) \\`</code></a><code>[</code>]", "!<a href='https://x.example/'><code>x</code></a>",
		"<code>| a |</code><br><code>|---|</code>", "<code>[^1]</code>: a", "<code>a</code>: b", "<pre>- a\n\n\n    `b`\n```\nc\n```</pre>",
		"$1 ^2 :smile: {x} %s", "a<br>b", "1986\\. A year", "*", "-", "#", "!", "!!", ":", "é*ü*é", "「*」",
	} {
		checkMarkdown(t, text, corpus.Attacked(text))
	}
}

func TestBody(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   string
		want string
	}{
		"emphasis":                      {"<p>a <b>b</b> <i>c</i> <b><i>d</i></b></p>", "a **b** *c* ***d***"},
		"inside a word":                 {"<p>a<b>b</b>c</p>", "a**b**c"},
		"blanks":                        {"<p>a<b> b </b>c</p>", "a **b** c"},
		"punctuation":                   {"<p>a<b>(b)</b>c <b>d:</b> e</p>", "a(**b**)c **d:** e"},
		"japanese":                      {"<p>彼は<b>「令和」</b>です</p>", "彼は「**令和**」です"},
		"neighbours":                    {"<p><b>a</b><i>b</i></p>", "a*b*"},
		"link":                          {`<p>see <b><a href="https://x.example/(y)">x!</a></b>!</p>`, `see [**x!**](https://x.example/\(y\))!`},
		"no picture":                    {`<p>wow!<a href="https://x.example/">x</a></p>`, `wow\![x](https://x.example/)`},
		"lists":                         {"<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d<p>e</p></li></ul><p>f</p>", "- a\n  1. b\n  2. c\n- d\n\n  e\n\nf"},
		"two lists":                     {"<ol><li>a</li></ol><ol><li>b</li><li>c</li></ol>", "1. a\n1) b\n2) c"},
		"starts":                        {"<ol start=5><li>a</li><li>b<p>c</p></li></ol><ol start=0><li>d</li></ol>", "5. a\n6. b\n\n   c\n0) d"},
		"paragraph before another list": {"<ol><li>a<ul><li>b</li></ul></li></ol><ol><li>c</li></ol><ul><li>d</li></ul><ol><li>e</li></ol>", "1. a\n   - b\n1) c\n- d\n1) e"},
		"large start":                   {"<ol start=1000><li>a<ul><li>b</li></ul></li></ol>", "1000. a\n      - b"},
		"rule":                          {"<p>a</p><hr><p>b</p>", "a\n\n---\n\nb"},
		"rule in items":                 {"<ul><li>a<hr>b</li><li>c</li></ul><hr><ul><li>d</li></ul>", "- a\n\n  ---\n\n  b\n- c\n\n---\n\n- d"},
		"code":                          {"<p>a <code>b_c*</code>, <b><code>&lt;d&gt;</code></b></p>", "a `b_c*`, **`<d>`**"},
		"backticks":                     {"<p><code>a`b``c</code> <code>`</code> <code>```</code></p>", "```a`b``c``` `` ` `` ```` ``` ````"},
		"code emphasized in part":       {"<p><code>a<b>b</b></code></p>", "`a`**`b`**"},
		"code joined":                   {"<p><code>a</code><kbd>b</kbd></p>", "`ab`"},
		"code parted":                   {"<p>x<code> a </code>`<code>b</code></p>", "x `a` \\`b"},
		"code in link":                  {`<p><a href="https://x.example/"><code>a]</code></a></p>`, "[`a]`](https://x.example/)"},
		"break":                         {"<p>a<br># b</p>", "a\\\n\\# b"},
	} {
		var w writer
		w.body(richtext.Parse(c.in))
		if got := strings.TrimSpace(w.out.String()); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func FuzzWrite(f *testing.F) {
	for _, a := range corpus.Attacks() {
		f.Add(a)
	}
	f.Add("<p>a<code>b`<b>c</b></code>d@<kbd>e.com</kbd></p><hr><ol start=7><li>f")
	f.Add("<ul><li>a<ol><li><b>b</b>c</li></ol></ul>")
	f.Fuzz(func(t *testing.T, s string) {
		r := corpus.Jane()
		r.Person.Headline, r.Person.ProfileText = s, resume.RichText(s)
		r.Sections[0].Experience[0].Description = resume.RichText(s)
		checkMarkdown(t, s, r)
	})
}

// Pieces of text and code in any order, with the characters that end either.
func TestWrite_CodeReadBack(t *testing.T) {
	t.Parallel()
	pieces := []string{"a", " ", "`", "``", "```", "\\", "*", "_", "$", "@e.com", "b@e.com", "https://e.com", "www.e.com", "[", "]", "(", ")", "!", "&lt;img src=x&gt;", "&amp;", "&amp;amp;",
		"#", "-", "1.", "|", "~", "é", "<code>", "<code>", "<code>", "</code>", "</code>", "</code>", "<b>", "</b>", "<i>", "</i>", "<a href='https://x.example/'>", "</a>", "<br>", "<p>", "<hr>"}
	random := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		var text strings.Builder
		for range 1 + random.IntN(12) {
			text.WriteString(pieces[random.IntN(len(pieces))])
		}
		r := resume.Resume{Person: resume.Person{FirstName: "A", ProfileText: resume.RichText(text.String() + "<p>")}}
		if checkMarkdown(t, text.String(), r); t.Failed() {
			return
		}
	}
}

// A reader shows rules, code and the numbers of lists.
func TestWrite_RareElements(t *testing.T) {
	t.Parallel()
	var w writer
	w.body(richtext.Parse("<p>a <code>b`&lt;c&gt;</code></p><hr><ol start=5><li>d</li></ol>"))
	want := "<p>a <code>b`&lt;c&gt;</code></p>\n<hr>\n<ol start=\"5\">\n<li>d</li>\n</ol>\n"
	for dialect, md := range markdownReaders() {
		var page bytes.Buffer
		if err := md.Convert([]byte(w.out.String()), &page); err != nil || page.String() != want {
			t.Errorf("%s: %s, want %s (%v)", dialect, page.String(), want, err)
		}
	}
}
