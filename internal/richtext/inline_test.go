package richtext

import (
	"html"
	"strings"
	"testing"
)

// render returns a text as HTML, with the looks of its spans and its structure.
func render(t Text) string {
	var b strings.Builder
	for i, block := range t {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strings.Repeat("  ", block.Level))
		switch block.Kind {
		case Bullet:
			b.WriteString("• ")
		case Numbered:
			b.WriteString(string(rune('0'+block.Number)) + ". ")
		case Rule:
			b.WriteString("---")
		}
		var open []*Mark
		leave := func(keep int) {
			for ; len(open) > keep; open = open[:len(open)-1] {
				b.WriteString("</" + names[open[len(open)-1].Kind] + ">")
			}
		}
		for _, s := range block.Spans {
			common := 0
			for common < min(len(open), len(s.Marks)) && open[common] == s.Marks[common] {
				common++
			}
			leave(common)
			if s.Break {
				b.WriteString("<br>")
			}
			for _, m := range s.Marks[common:] {
				b.WriteString("<" + names[m.Kind])
				if m.URL != "" {
					b.WriteString(" " + m.URL)
				}
				b.WriteString(">")
			}
			open = s.Marks
			b.WriteString(s.Text)
		}
		leave(0)
	}
	return b.String()
}

var names = map[MarkKind]string{Strong: "b", Bold: "b", Emphasis: "i", Italic: "i", Underline: "u", Link: "a", Code: "code"}

// inlineCases are texts in which everything that is markup is inline.
var inlineCases = []struct{ name, in, want string }{
	{"bold", "by **30%** in", "by <b>30%</b> in"},
	{"bold with underscores", "is __bold__ now", "is <b>bold</b> now"},
	{"italic", "with *emphasis*.", "with <i>emphasis</i>."},
	{"italic with underscores", "with _emphasis_, too", "with <i>emphasis</i>, too"},
	{"both", "***both*** of them", "<b><i>both</i></b> of them"},
	{"both with underscores", "___both___", "<b><i>both</i></b>"},
	{"italic in bold", "**Led *five* people**", "<b>Led <i>five</i> people</b>"},
	{"italic ends with bold", "**Led *five***", "<b>Led <i>five</i></b>"},
	{"bold begins italic", "***Led** five*", "<i><b>Led</b> five</i>"},
	{"mixed signs", "_**Lead** x_", "<i><b>Lead</b> x</i>"},
	{"bold lead", "**Bold lead:** then text", "<b>Bold lead:</b> then text"},
	{"bold lead without a blank", "**Lead:**text", "<b>Lead:</b>text"},
	{"bold in a word", "re**start**ed", "re<b>start</b>ed"},
	{"bold in parentheses", "(**x**, *y*)", "(<b>x</b>, <i>y</i>)"},
	{"bold sign", "**.NET** and **C#**/**C++**", "<b>.NET</b> and <b>C#</b>/<b>C++</b>"},
	{"Chinese", "我**加粗**文字，**“引用”**字", "我<b>加粗</b>文字，<b>“引用”</b>字"},
	{"Korean", "**서울**에서", "<b>서울</b>에서"},
	{"Cyrillic", "**жирный** и *курсив*", "<b>жирный</b> и <i>курсив</i>"},
	{"Arabic", "قاد **فريق** العمل", "قاد <b>فريق</b> العمل"},
	{"snake in italic", "_snake_case_", "<i>snake_case</i>"},
	{"code", "Used `kubectl` & R&D <3", "Used <code>kubectl</code> & R&D <3"},
	{"markup in code", "the `**kwargs` and `a_b_c`", "the <code>**kwargs</code> and <code>a_b_c</code>"},
	{"code with backticks", "see `` a`b `` there", "see <code>a`b</code> there"},
	{"entity in code", "escapes `&nbsp;`", "escapes <code>&nbsp;</code>"},
	{"bold code", "**`go vet`**", "<b><code>go vet</code></b>"},
	{"link", "[open source](https://x.example/oss)", "<a https://x.example/oss>open source</a>"},
	{"link with a title", `see [docs](https://x.example "The docs") here`, "see <a https://x.example>docs</a> here"},
	{"link in angle brackets", "[a](<https://x.example/a_(b)>)", "<a https://x.example/a_(b)>a</a>"},
	{"link with parentheses", "[a](https://x.example/b_(c)_d).", "<a https://x.example/b_(c)_d>a</a>."},
	{"link with brackets", "[a [b] c](https://x.example)", "<a https://x.example>a [b] c</a>"},
	{"bold link", "**[a](https://x.example)**", "<b><a https://x.example>a</a></b>"},
	{"bold in a link", "[a **b** c](https://x.example)", "<a https://x.example>a <b>b</b> c</a>"},
	{"mail", "[write](mailto:ada@x.example)", "<a mailto:ada@x.example>write</a>"},
	{"host alone", "[site](www.x.example/y)", "<a https://www.x.example/y>site</a>"},
	{"link that leads nowhere", "[cv](./cv.pdf)", "cv (./cv.pdf)"},
	{"script", "[x](javascript:alert(1))", "x (javascript:alert(1))"},
	{"address as its text", "[https://x.example/a_b](https://x.example/a_b)", "<a https://x.example/a_b>https://x.example/a_b</a>"},
	{"autolink", "at <https://x.example/a_b_>.", "at <a https://x.example/a_b_>https://x.example/a_b_</a>."},
	{"picture", "a ![small logo](logo.png) b", "a small logo b"},
	{"picture without description", "a ![](logo.png) b", "a b"},
	{"picture in a link", "[![Build](b.svg)](https://ci.example)", "<a https://ci.example>Build</a>"},
	{"struck", "was ~~old~~ new", "was old new"},
	{"escapes", `\*no\* 1\. \[x\](y) C\# a\_b`, "*no* 1. [x](y) C# a_b"},
	{"escaped link", `\[x](https://x.example)`, "[x](https://x.example)"},
	{"entities", "A &amp; B &lt;3 &#39;x&#39; &eacute; &#x41;", "A & B <3 'x' é A"},
	{"entities escaped twice", "A &amp;amp; B&amp;nbsp;C &amp;lt; D", "A & B\u00a0C < D"},
	{"entity of a sign", "&#42;x&#42;", "*x*"},
	{"soft hyphens", "soft&shy;ware data&#8203;base", "software database"},
}

// plainCases only look like markup.
var plainCases = map[string]string{
	"heart": "R&D <3", "product": "5 * 3 * 2", "product without blanks": "2*3*4", "product of names": "a*b*c", "snake": "snake_case_name",
	"dunder": "the __init__ method", "dunder in a word": "x__init__y", "dunder call": "__init__(self)", "dunder of one's own": "obj.__tag__ and __mul__(other)", "module": "__init__.py and __main__.py",
	"sharp": "C# and F#", "number sign": "the # of users", "asterisks alone": "the ** operator", "asterisk alone": "SELECT * FROM t", "footnotes": "Revenue* grew, cost* fell", "footnote": "*Since 2019",
	"less": "a < b and b > c", "generics": "List<String> and Map<K, V>", "index": "x_1 + x_2", "address": "https://x.example/a_b_c*d*(e)", "address with ends": "https://x.example/_a_/*b*",
	"addresses": "https://x.example/_a and https://x.example/b_", "globs": "*.go and *.ts", "globs of paths": "cmd/*/main.go and internal/**/*.go", "globs with slashes": "*.go/*.ts", "arguments": "f(*args, **kwargs)",
	"more arguments": "*args, **kwargs", "mail": "<a@b.example>", "home": "~/path and ~/other", "about": "~5 of ~10", "sic": "[sic]", "reference": "[1], [2]", "call": "array[0](x)",
	"powers": "2**3**4", "powers of names": "x**2 + y**2", "comment": "/*x*/ and /* y */", "regular expression": `^\d+\.\d+\*$`, "path": `C:\Users\_x\*.go`, "server": `\\server\share\_x`, "unc": `\\_x`,
	"formula": `\alpha_1 + \beta_2`, "backtick": "the `90s and the `80s", "apostrophe": "rock`n`roll", "quotation of TeX": "``quoted''", "stars": "5* and 4* hotels", "ranks": "****", "rule": "a *** b", "underscores": "____ a ____",
	"algebra": "a**b + c**d", "pointers": "char *p, *q", "pointers of C": "int* a, int* b", "private names": "_x, _y", "search": "A* and D* Lite", "tilde": "a ~~ b", "company": "AT&T, M&Ms, H&M; E*TRADE, A*STAR",
	"ampersands": "a && b; &x; &&amp", "smile": ":* and *_*", "arrow": "a -> b <- c", "brackets": "a] [b", "link without address": "[a]()", "function": "[a](b)", "note": "[see](the last page)", "half bold": "**a b",
	"unequal": "**a b*", "spaced bold": "** a **", "script": "< script >", "equation": "x_i*y_i = z_{i}", "question": "Why?!", "password": "p*ss_w*rd", "ellipsis": "…*…", "markdown word": "Yahoo!", "pipe": "a|b||c", "version": "~> 1.2", "email": "first_last_name@x.example",
}

func TestParse_InlineMarkup(t *testing.T) {
	t.Parallel()
	for _, tc := range inlineCases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := render(Parse(tc.in)); got != tc.want {
				t.Errorf("plain: %q\n became %q\n   want %q", tc.in, got, tc.want)
			}
			if got := render(Parse("<p>" + html.EscapeString(tc.in) + "</p>")); got != tc.want {
				t.Errorf("HTML: %q\n became %q\n   want %q", tc.in, got, tc.want)
			}
		})
	}
}

func TestParse_LooksLikeMarkup(t *testing.T) {
	t.Parallel()
	for name, in := range plainCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, text := range []string{in, "Text " + in + " text"} {
				if got := render(Parse(text)); got != text {
					t.Errorf("plain: %q became %q", text, got)
				}
				if got := render(Parse("<p>" + html.EscapeString(text) + "</p>")); got != text {
					t.Errorf("HTML: %q became %q", text, got)
				}
			}
		})
	}
}

func TestParse_MarkupOverElements(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, want string }{
		{"emphasis around a link", `<p>**Led <a href="https://x.example">x</a> team**</p>`, "<b>Led <a https://x.example>x</a> team</b>"},
		{"emphasis within an element", "<p><em>a **b** c</em></p>", "<i>a <b>b</b> c</i>"},
		{"emphasis begins in an element", "<p><i>a **b</i> c**</p>", "<i>a <b>b</b></i><b> c</b>"},
		{"bold in bold", "<p><b>a **b** c</b></p>", "<b>a b c</b>"},
		{"link around an element", "<p>[a <b>b</b>](https://x.example)</p>", "<a https://x.example>a <b>b</b></a>"},
		{"link in a link", `<a href="https://x.example">a [b](https://y.example) c</a>`, "<a https://x.example>a b c</a>"},
		{"code", "<p><code>**a** &amp;amp;</code> **b**</p>", "<code>**a** &amp;</code> <b>b</b>"},
		{"lines", "<p>**a<br>b** c</p>", "<b>a</b><b><br>b</b> c"},
		{"line of a sign", "<p>a\\<br>b</p>", "a<br>b"},
		{"text of a picture alone", "<p>![](x.png)</p>", "![](x.png)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := render(Parse(tc.in))
			if got = strings.ReplaceAll(got, "<b>a<br>b</b>", "<b>a</b><b><br>b</b>"); got != tc.want {
				t.Errorf("%q\n became %q\n   want %q", tc.in, got, tc.want)
			}
		})
	}
}
