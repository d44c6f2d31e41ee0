package resume

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/letrazapp/letraz-export/internal/richtext"
)

func TestRichTextFromPlain(t *testing.T) {
	t.Parallel()
	got := RichTextFromPlain("One & <two>\nnext line\n\nSecond  paragraph\r\n", []string{"a", "", " b\n\nc"})
	want := RichText(`<p>One &amp; &lt;two&gt;<br>next line</p><p>Second&#32;&#32;paragraph&#13;&#10;</p>` +
		`<ul><li>a</li><li></li><li>&#32;b<br><br>c</li></ul>`)
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := RichTextFromPlain("", nil); got != "" {
		t.Errorf("nothing becomes %q", got)
	}
}

func TestSplit_InvertsFromPlain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		g := gen{rt}
		summary := g.text().Text
		var highlights []string
		for range rapid.IntRange(0, 3).Draw(rt, "n") {
			highlights = append(highlights, g.text().Text)
		}
		source := RichTextFromPlain(summary, highlights)
		gotSummary, gotHighlights := source.Split()
		if gotSummary != summary || !slices.Equal(gotHighlights, highlights) {
			rt.Fatalf("%q %q\nbecame %q %q\nby %s", summary, highlights, gotSummary, gotHighlights, source)
		}
	})
}

func TestSplit_EditorHTML(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, html, summary string
		highlights          []string
		plain               string
	}{
		{"bare text", "just\n text", "just text", nil, "just text"},
		{"inline marks", `<p>A <strong>bold</strong>, <em>thin</em> <a href="https://x.org/?a>b">link</a></p>`,
			"A **bold**, *thin* link", nil, "A **bold**, *thin* link"},
		{"link", `<p>See <a href="https://x.example/a_(b)">the <b>docs</b></a>.</p>`, "See [the **docs**](<https://x.example/a_(b)>).", nil, "See [the **docs**](<https://x.example/a_(b)>)."},
		{"bold part of a word", "<p>2<b>x</b>3, 5 * 3</p>", "2<strong>x</strong>3, 5 * 3", nil, "2<strong>x</strong>3, 5 * 3"},
		{"signs beside bold", "<p>*<b>x</b> * y_z R&amp;D &lt;3</p>", `\***x** \* y\_z R&D \<3`, nil, `\***x** \* y\_z R&D \<3`},
		{"pretty-printed", "\n<p>\n  one\n</p>\n\n<ul>\n  <li>\n    <p>two</p>\n  </li>\n</ul>\n", "one", []string{"two"}, "one\n• two"},
		{"divs", "<div>one</div><div><br></div><div>two<br></div>", "one\n\ntwo", nil, "one\n\ntwo"},
		{"empty editor", "<p></p>", "", nil, ""},
		{"empty paragraph of Quill", "<p>a</p><p><br></p><p>b</p>", "a\n\n\n\nb", nil, "a\n\nb"},
		{"text around a list", "<p>a</p><ul><li>b</li></ul>c", "a\n\nc", []string{"b"}, "a\n• b\n\nc"},
		{"ordered", "<ol><li>a<li>b</ol>", "", []string{"1. a", "2. b"}, "1. a\n2. b"},
		{"nested list", "<ul><li>a<ul><li>b</li><li>c</li></ul></li><li><ul><li>d</li></ul></li></ul>", "",
			[]string{"a\n- b\n- c\n- d"}, "• a\n  • b\n  • c\n  • d"},
		{"item of two paragraphs", "<ul><li><p>a</p><p>b</p></li></ul>", "", []string{"a\n\nb"}, "• a\n  b"},
		{"item outside a list", "<li>a</li>b", "b", []string{"a"}, "• a\n\nb"},
		{"text in a list without item", "<ul>a<li>b</li></ul>", "a", []string{"b"}, "a\n• b"},
		{"references", "<p>&lt;b&gt; &amp;amp; &eacute;&nbsp;&#233;&#xe9; &notanentity; &</p>", "<b> &amp; é\u00a0éé ¬anentity; &", nil,
			"<b> &amp; é\u00a0éé ¬anentity; &"},
		{"rules, code and starts of lists", `<p>a <code>b_c</code></p><hr><ol start="5"><li>d</li></ol>`, "a `b_c`", []string{"5. d"}, "a `b_c`\n5. d"},
		{"typed rule", "<p>a</p><p>---</p><p>b</p>", "a\n\n---\n\nb", nil, "a\n\n---\n\nb"},
		{"script", `<p>a</p><script>document.write("<p>no</p>")</SCRIPT ><style>p{}</style><p>b</p>`, "a\n\nb", nil, "a\n\nb"},
		{"unclosed script", "a<script>b<p>c", "a", nil, "a"},
		{"comment", "a<!-- <p>x</p> -->b<!doctype html><?php x ?>", "ab", nil, "ab"},
		{"unclosed tags", "<p><b>a<ul><li><i>b", "**a**", []string{"***b***"}, "**a**\n• ***b***"},
		{"unfinished tag", `a <a href="`, "a", nil, "a"},
		{"stray quote in a tag", `<p">a</p><p ">b</p>`, "a\n\nb", nil, "a\n\nb"},
		{"no tags at all", "1 < 2 <3> a<", "1 < 2 <3> a<", nil, "1 < 2 <3> a<"},
		{"stray ends", "</ul></li></p></>a</b></div>", "a", nil, "a"},
		{"upper case", "<P>a<BR/>b</P><UL><LI>c</UL>", "a\nb", []string{"c"}, "a\nb\n• c"},
		{"forms", "<label>a</label><button>b</button><center>c</center>", "a\n\nb\n\nc", nil, "a\n\nb\n\nc"},
		{"headings and tables", "<h2>a</h2><table><tr><td>b</td><td>c</td></tr></table>", "a\n\nb\n\nc", nil, "a\n\nb\n\nc"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			summary, highlights := RichText(test.html).Split()
			if summary != test.summary {
				t.Errorf("summary %q, want %q", summary, test.summary)
			}
			if diff := cmp.Diff(test.highlights, highlights); diff != "" {
				t.Errorf("highlights (-want +got):\n%s", diff)
			}
			if plain := RichText(test.html).Plain(); plain != test.plain {
				t.Errorf("plain %q, want %q", plain, test.plain)
			}
		})
	}
}

// Lists that a text is split into are the same lists when they are read.
func TestSplit_Lists(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]string{
		"bullets":            "<ul><li>a</li><li>b</li></ul>",
		"numbers":            "<p>x</p><ol><li>a</li><li>b</li></ol>",
		"numbers from five":  `<ol start="5"><li>a</li><li>b</li></ol>`,
		"one number":         "<ol><li>a</li></ol>",
		"both":               "<ul><li>a</li></ul><ol><li>b</li><li>c</li></ol><ul><li>d</li></ul>",
		"nested":             "<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul>",
		"three levels":       "<ul><li>a<ul><li>b<ul><li>c</li></ul></li><li>d</li></ul></li></ul>",
		"numbers in bullets": "<ul><li>a<ol><li>b</li><li>c</li></ol></li></ul>",
		"bullets in numbers": "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>",
		"formatted":          "<ol><li><strong>a</strong> b</li><li>c<ul><li>d <em>e</em></li></ul></li></ol>",
		"numbers in numbers": "<ol><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ol>",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			again, _ := RichTextFromSource(RichText(source).Split())
			if diff := cmp.Diff(shapeOf(source), shapeOf(string(again))); diff != "" {
				t.Errorf("%s\n%s (-first +second):\n%s", source, again, diff)
			}
		})
	}
}

// shapeOf returns the blocks of a text as lines: kind, level, number and text.
func shapeOf(source string) (lines []string) {
	for _, b := range richtext.Parse(source) {
		lines = append(lines, fmt.Sprint(b.Kind, b.Level, b.Number, b.Markdown()))
	}
	return lines
}

func TestRichTextEmpty(t *testing.T) {
	t.Parallel()
	for _, empty := range []RichText{"", " \n", "<p></p>", "<p>&nbsp;<br></p>", "<ul><li></li></ul>", "<script>x</script>", "&#13;"} {
		if !empty.Empty() {
			t.Errorf("%q is not empty: %q", empty, empty.Plain())
		}
	}
	if RichText("<p>x</p>").Empty() {
		t.Error("a text is empty")
	}
}

// TestSplit_HostileInput splits inputs that take a second, and would take minutes in
// quadratic time. It is not parallel, because the load of other tests would count.
func TestSplit_HostileInput(t *testing.T) {
	const size = 1 << 20
	for _, unit := range []string{
		"<", "<a", "<a ", `<a b="`, "<!--", "</", "<script>", "<style></", "<ul>", "<ul><li>", "<li>", "</ul>", "<p>", "<br>",
		"&", "&#", "&#13;", "&am", " ", "\n", "<ul><li>x</ul>", "<div>x", "x</li>", "<textarea></text", "<ul>x", "=\"'",
	} {
		source := RichText(strings.Repeat(unit, size/len(unit)))
		start := time.Now()
		source.Split()
		source.Plain()
		RichTextFromPlain(string(source), []string{string(source)})
		if took := time.Since(start); took > time.Minute {
			t.Errorf("1 MB of %q take %v", unit, took)
		} else {
			t.Logf("%q %v", unit, took)
		}
	}
}

func TestRichTextFromSource(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, summary string
		highlights    []string
		want          RichText
		exact         bool
	}{
		{"plain", "R&D <3 **x**", []string{"a < b"}, "<p>R&amp;D &lt;3 **x**</p><ul><li>a &lt; b</li></ul>", true},
		{"nothing", "", nil, "", true},
		{"entities", "A &amp; B", nil, "<p>A &amp;amp; B</p>", true},
		{"generics", "List<String>", nil, "<p>List&lt;String&gt;</p>", true},
		{"bold", "Led <b>x</b> & y", nil, "<p>Led <b>x</b> &amp; y</p>", false},
		{"highlight", "a <3", []string{"b <i>c</i>", "d <e>"}, "<p>a &lt;3</p><ul><li>b <i>c</i></li><li>d &lt;e&gt;</li></ul>", false},
		{"blocks", "<p>a</p><ul><li>b</li></ul>", []string{"c"}, "<p>a</p><ul><li>b</li></ul><ul><li>c</li></ul>", false},
		{"unclosed", "<p>a", []string{"b"}, "<p>a</p><ul><li>b</li></ul>", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, exact := RichTextFromSource(test.summary, test.highlights)
			if got != test.want || exact != test.exact {
				t.Errorf("%s, %t\nwant %s, %t", got, exact, test.want, test.exact)
			}
		})
	}
}

// Texts without HTML are stored as RichTextFromPlain does, whatever signs are in them.
func TestRichTextFromSource_PlainIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		g := gen{rt}
		summary, highlight := g.text().Text, g.text().Text
		got, exact := RichTextFromSource(summary, []string{highlight})
		if exact && got != RichTextFromPlain(summary, []string{highlight}) {
			rt.Fatalf("%q %q became %s", summary, highlight, got)
		}
		if !exact && !strings.Contains(summary+highlight, "<") && !strings.Contains(summary+highlight, "&lt;") {
			rt.Fatalf("%q %q has no HTML", summary, highlight)
		}
	})
}

// What Split returns of an editor's text is read as the same blocks with the same words
// and formatting.
func TestSplit_KeepsFormatting(t *testing.T) {
	t.Parallel()
	texts := []string{"word", "two words", " ", " and ", "x", "5 * 3", "*", "**", "_", "a_b", "[x]", "(y)", "`", "R&amp;D", "&lt;3", "&lt;b&gt;", "1", ".", ":", "\\", "~~", "https://x.example/_a_", "é", "漢字", "&amp;amp;", "!", "#", "<br>"}
	formatted := []string{"word", "two words", " padded ", "x", "5 * 3", "a_b", "[x]", "(y)", "R&amp;D", "&lt;3", "é", "漢字", "x.", "1", "**", "C#"}
	tags := []string{"b", "i", "strong", "em", "code", `a href="https://x.example/a_b"`, "u"}
	rapid.Check(t, func(rt *rapid.T) {
		inline := func() string {
			var b strings.Builder
			b.WriteString("Start ")
			for range rapid.IntRange(1, 6).Draw(rt, "pieces") {
				text := rapid.SampledFrom(texts).Draw(rt, "text")
				if rapid.Bool().Draw(rt, "formatted") {
					tag := rapid.SampledFrom(tags).Draw(rt, "tag")
					text = rapid.SampledFrom(formatted).Draw(rt, "formatted text")
					text = "<" + tag + ">" + text + "</" + strings.Fields(tag)[0] + ">"
				}
				b.WriteString(text)
			}
			return b.String()
		}
		source := "<p>" + inline() + "</p><ul><li>" + inline() + "</li><li>" + inline() + "</li></ul>"
		summary, highlights := RichText(source).Split()
		again, _ := RichTextFromSource(summary, highlights)
		want, got := shown(richtext.Parse(source)), shown(richtext.Parse(string(again)))
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Fatalf("%s\nbecame %q %q\nand %s (-want +got):\n%s", source, summary, highlights, again, diff)
		}
	})
}

// shown returns the blocks of a text with a letter for the formatting of each character.
func shown(t richtext.Text) []string {
	var out []string
	for _, b := range t {
		var line strings.Builder
		if b.Level > 0 {
			line.WriteString("• ") // Split has highlights of one level
		}
		for _, runs := range b.Lines() {
			for _, s := range runs {
				looks := ""
				for mark, on := range map[string]bool{"b": s.Bold, "i": s.Italic, "c": s.Code, "a": s.URL != ""} {
					if on {
						looks += mark
					}
				}
				letters := strings.Split(looks, "")
				slices.Sort(letters)
				for _, r := range s.Text {
					line.WriteRune(r)
					if r != ' ' {
						line.WriteString(strings.Join(letters, ""))
					}
				}
			}
			line.WriteByte('/')
		}
		out = append(out, line.String())
	}
	return out
}

func FuzzRichText(f *testing.F) {
	f.Add("<p>a<br>b</p><ul><li>c</li></ul>")
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "?")
		summary, highlights := RichText(s).Split()
		_ = RichText(s).Plain()
		again, list := RichTextFromPlain(summary, highlights).Split()
		if again != summary || !slices.Equal(list, highlights) {
			t.Errorf("%q %q became %q %q", summary, highlights, again, list)
		}
	})
}
