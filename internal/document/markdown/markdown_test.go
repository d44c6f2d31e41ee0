package markdown

import (
	"bytes"
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
	elements := []string{"html", "head", "body", "h1", "h2", "h3", "p", "li", "ul", "ol", "a", "strong", "em", "br"}
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

// checkMarkdown compares what readers show with what was meant.
func checkMarkdown(t *testing.T, name string, r resume.Resume) {
	t.Helper()
	d := documenttest.New(t, r)
	source := Write(d)
	if strings.Contains(string(source), "<") {
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
		"emphasis":      {"<p>a <b>b</b> <i>c</i> <b><i>d</i></b></p>", "a **b** *c* ***d***"},
		"inside a word": {"<p>a<b>b</b>c</p>", "a**b**c"},
		"blanks":        {"<p>a<b> b </b>c</p>", "a **b** c"},
		"punctuation":   {"<p>a<b>(b)</b>c <b>d:</b> e</p>", "a(**b**)c **d:** e"},
		"japanese":      {"<p>彼は<b>「令和」</b>です</p>", "彼は「**令和**」です"},
		"neighbours":    {"<p><b>a</b><i>b</i></p>", "a*b*"},
		"link":          {`<p>see <b><a href="https://x.example/(y)">x!</a></b>!</p>`, `see [**x!**](https://x.example/\(y\))!`},
		"no picture":    {`<p>wow!<a href="https://x.example/">x</a></p>`, `wow\![x](https://x.example/)`},
		"lists":         {"<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d<p>e</p></li></ul><p>f</p>", "- a\n  1. b\n  2. c\n- d\n\n  e\n\nf"},
		"two lists":     {"<ol><li>a</li></ol><ol><li>b</li><li>c</li></ol>", "1. a\n1) b\n2) c"},
		"break":         {"<p>a<br># b</p>", "a\\\n\\# b"},
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
	f.Add("<ul><li>a<ol><li><b>b</b>c</li></ol></ul>")
	f.Fuzz(func(t *testing.T, s string) {
		r := corpus.Jane()
		r.Person.Headline, r.Person.ProfileText = s, resume.RichText(s)
		r.Sections[0].Experience[0].Description = resume.RichText(s)
		checkMarkdown(t, s, r)
	})
}
