package theme

import (
	"html/template"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	gmtext "github.com/yuin/goldmark/text"

	"github.com/letrazapp/letraz-export/internal/resume"
)

// parsed is what a CommonMark parser reads: the text of every block in its order,
// lines divided by LF, and how many nodes there are of each kind.
func parsed(source string, p parser.Parser) (texts []string, kinds map[string]int) {
	src := []byte(source)
	kinds = map[string]int{}
	_ = ast.Walk(p.Parse(gmtext.NewReader(src)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		kinds[n.Kind().String()]++
		switch n.Kind() {
		case ast.KindHeading, ast.KindParagraph, ast.KindTextBlock:
			var b strings.Builder
			inline(&b, n, src)
			texts = append(texts, b.String())
		}
		return ast.WalkContinue, nil
	})
	return texts, kinds
}

// inline writes the text of a block as a reader of the page would see it.
func inline(b *strings.Builder, n ast.Node, src []byte) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			b.Write(unescaped(c.Value(src)))
			if c.HardLineBreak() || c.SoftLineBreak() {
				b.WriteByte('\n')
			}
		case *ast.AutoLink: // GitHub makes links of addresses
			b.Write(c.Label(src))
		case *ast.String:
			b.Write(c.Value)
		default:
			inline(b, c, src)
		}
	}
}

// unescaped is what a renderer makes of the text of a node.
func unescaped(raw []byte) []byte {
	const punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
	var out []byte
	for i := 0; i < len(raw); i++ {
		if raw[i] == '\\' && i+1 < len(raw) && strings.IndexByte(punctuation, raw[i+1]) >= 0 {
			i++
		} else if raw[i] == '&' && characterReference(string(raw[i+1:])) && strings.IndexByte(string(raw[i:]), ';') > 0 {
			out = append(out, "REFERENCE"...) // none of ours is meant to be one
		}
		out = append(out, raw[i])
	}
	return out
}

// expected is the text of every block of a document.
func expected(d document) []string {
	var texts []string
	add := func(s string) {
		if s != "" {
			texts = append(texts, s)
		}
	}
	body := func(body template.HTML) {
		for _, b := range blocks(body) {
			var lines []string
			for _, runs := range b.lines() {
				line := ""
				for _, p := range runs {
					line += p.Text
				}
				lines = append(lines, line)
			}
			add(strings.Join(lines, "\n"))
		}
	}
	list := func(lines []line) (out []string) {
		for _, k := range lines {
			text := k.listed()
			if k.Label != "" {
				text = k.caption() + k.Colon + text
			}
			out = append(out, text)
		}
		return out
	}
	add(join(" ", d.Honorific, d.Heading))
	add(d.Headline)
	for _, c := range d.Contact {
		add(c.Label + c.Text)
	}
	for _, s := range d.Sections {
		add(s.Title)
		body(s.Body)
		for _, l := range list(s.Lines) {
			add(l)
		}
		for _, it := range s.Items {
			add(it.Title.Text)
			var parts []string
			for _, p := range it.Parts {
				parts = append(parts, p.Text)
			}
			add(join("\n", whenText(it.When), strings.Join(parts, " · ")))
			add(it.Note)
			body(it.Body)
			add(strings.Join(list(it.Lines), "\n"))
		}
	}
	return texts
}

// checkMarkdown compares what parsers read with what was meant, by CommonMark alone
// and with GitHub's extensions, which are what most people see.
func checkMarkdown(t *testing.T, name string, r resume.Resume) {
	t.Helper()
	source, err := Markdown(r)
	if err != nil {
		t.Fatal(err)
	}
	d, err := prepared(r)
	if err != nil {
		t.Fatal(err)
	}
	github := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser()
	for dialect, p := range map[string]parser.Parser{"CommonMark": goldmark.DefaultParser(), "GitHub": github} {
		texts, kinds := parsed(string(source), p)
		if diff := cmp.Diff(expected(d), texts); diff != "" {
			t.Errorf("%s, %s: (-want +got):\n%s\nof:\n%s", name, dialect, diff, source)
		}
		for _, kind := range []string{"RawHTML", "HTMLBlock", "CodeSpan", "CodeBlock", "FencedCodeBlock", "Blockquote", "ThematicBreak", "Image",
			"Table", "Strikethrough", "TaskCheckBox", "LinkReferenceDefinition"} {
			if kinds[kind] > 0 {
				t.Errorf("%s, %s: %d of %s", name, dialect, kinds[kind], kind)
			}
		}
	}
}

func TestAParserReadsTheTextOfMarkdown(t *testing.T) {
	t.Parallel()
	for name, r := range many(t) {
		checkMarkdown(t, name, r)
	}
	for _, text := range []string{
		"# no heading", "> no quotation", "- no list", "+", "1. no list", "12) no list", "===", "---", "***", "___", "```", "~~~", "    code",
		"a *b* _c_ **d** __e__ `f` ~~g~~", "[a](b)", "![a](b)", "[a]: b", "[x] done", "<b>", "<!-- -->", "&amp; &#35; &copy; & &x", "a | b", "--- | ---",
		"C#", "F #", "## #", "trailing \\", "a\\", "\\*", "https://example.com/a_b_c", "www.example.com", "x@example.com", "wow!", "|-|", "\u00a0lead",
		"$1 ^2 :smile: {x} %s", "a<br>b", "1986\\. A year", "*", "-", "#", "!", "!!", ":", "é*ü*é", "「*」",
	} {
		checkMarkdown(t, text, attacked(text))
	}
}

func TestMarkdownKeepsEmphasisLinksAndLists(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   resume.RichText
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
		var w markdownWriter
		w.body(richText(c.in))
		if got := strings.TrimSpace(w.out.String()); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, a := range attacks {
		f.Add(a)
	}
	f.Add("<ul><li>a<ol><li><b>b</b>c</li></ol></ul>")
	f.Fuzz(func(t *testing.T, s string) {
		r := jane()
		r.Person.Headline, r.Person.ProfileText = s, resume.RichText(s)
		r.Sections[0].Experience[0].Description = resume.RichText(s)
		checkMarkdown(t, s, r)
	})
}
