package richtext

import (
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Every word of the source is in the text, in its order, and no two words are one.
func TestParse_KeepsEveryWord(t *testing.T) {
	t.Parallel()
	phrases := []string{"b", "i", "u", "span", "code", "kbd", "a", "sub", "font", `span style="font-weight:bold"`, `b style="font-weight:normal"`,
		`a href="www.x.example"`, `em style="font-style:normal;font-weight:700"`}
	parts := append(strings.Fields(dividers), "p", "li", "ul", "ol", "br", "ol start=7", `li data-list="bullet"`, `li class="ql-indent-2"`, `li class="ql-indent-9" data-list="ordered"`)
	parts = slices.DeleteFunc(parts, func(name string) bool { return name == "textarea" }) // it holds no markup
	blanks := []string{" ", "\n", "\n\n", "\n- ", "\n  * ", "\n1. ", "\n2. ", "\n\n7. ", "\n8. ", "\n\n---\n\n", "<p>***<p>", "&nbsp;", "\t", "<br>- ", "<p>• ", "<p>&bull;", " \u200b",
		" **", "** ", " *", "* ", " _", "_ ", " [", "](https://x.example/) ", "](y.z) ", " `", "` ", " ***", "*** ", "\n## ", "<br>> ", "\n```\n", "<br>```<br>", "<br>1. ", "<br>2. ", "\v", "<https://x.example> ", " ![", " ~~", "~~ ", "&amp;nbsp;"}
	marks := []string{"**", "*", "_", "__", "`", "~~", "\u200b", "&shy;", "&amp;#8203;", "\u00ad", "\x01"}
	word := regexp.MustCompile(`(?:w\d+x)+`)
	rapid.Check(t, func(rt *rapid.T) {
		var source strings.Builder
		var want []string
		apart := true
		for n := range rapid.IntRange(1, 40).Draw(rt, "pieces") {
			tag := rapid.SampledFrom([]string{"<", "<", "</"}).Draw(rt, "tag")
			switch rapid.IntRange(0, 9).Draw(rt, "kind") {
			case 0, 1, 2, 3:
				w := fmt.Sprintf("w%dx", n)
				source.WriteString(w)
				if apart {
					want = append(want, "")
				}
				want[len(want)-1] += w
				apart = false
			case 4, 5:
				source.WriteString(tag + rapid.SampledFrom(phrases).Draw(rt, "phrase") + ">")
			case 6:
				if apart { // within a word, some of these are text
					source.WriteString(rapid.SampledFrom(marks).Draw(rt, "mark"))
				}
			case 7:
				source.WriteString(tag + rapid.SampledFrom(parts).Draw(rt, "part") + ">")
				apart = true
			default:
				source.WriteString(rapid.SampledFrom(blanks).Draw(rt, "blank"))
				apart = true
			}
		}
		body := Parse(source.String())
		checkBlocks(rt, body)
		var got []string
		for _, b := range body {
			var text strings.Builder
			for _, p := range b.Spans {
				if p.Break {
					text.WriteByte(' ')
				}
				text.WriteString(p.Text)
			}
			got = append(got, word.FindAllString(text.String(), -1)...)
		}
		if !slices.Equal(got, want) {
			rt.Fatalf("%q\n gave %s\nwith %q, want %q", source.String(), fmt.Sprint(body), got, want)
		}
	})
}

// checkBlocks fails where a text is not as the writers expect it.
func checkBlocks(t *rapid.T, body Text) {
	number := map[int]int{} // of the last item by level, in the list that is open
	for i, b := range body {
		switch {
		case b.Kind == Rule && (len(b.Spans) > 0 || i == 0 || i+1 == len(body) || body[i-1].Kind == Rule || b.Level > body[i-1].Level):
			t.Fatalf("block %d is a rule that divides nothing: %v", i, body)
		case b.Kind != Rule && len(b.Spans) == 0:
			t.Fatalf("block %d is empty: %v", i, body)
		case b.Kind != Numbered && b.Number != 0, b.Number < 0, b.Number > maxStart+len(body):
			t.Fatalf("block %d has the number %d: %v", i, b.Number, body)
		case b.Kind == Numbered && !b.First && b.Number != number[b.Level]+1:
			t.Fatalf("block %d follows %d in its list: %v", i, number[b.Level], body)
		}
		if b.Kind == Numbered {
			number[b.Level] = b.Number
		}
	}
}

// Four times as much text takes about four times the memory, whatever it is made of.
func TestParse_MemoryIsLinear(t *testing.T) {
	allocated := func(s string) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		Parse(s)
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	for _, unit := range []string{
		"a<span>", "a<small>", "a<b>", "a<b>x</b>", "<b>", "<a href='https://x.example/'>x", "<a>x", "a<br>", "<li>x", "<ul><li>x", "<ul>", "</ul>", "<p>x", "</p>x",
		"x\n", "- x\n", "  - x\n", "1. x\n2. y\n", "&amp;", "&", "<", "<!--", "<!-- x -->", "<script>x</script>", "<object>x", "</object>", "<pre>x\n", "<pre><code>x", "<code>x", "<hr>x", "x<hr>", "x\n\n---\n\n", "---\n\n", "<ol start=5><li>x", "5. x\n6. y\n\n", "x\u200b", "\x00",
		"*a ", "a* ", "**a* ", "***a ", "a*** ", "*a** b*** ", "*a* ", "_a_ ", "`a ", "``a` ", "[", "](", "[a](b", "[a](https://x.example) ", "![a](b.c) ", "\\* ", "\\*", "&amp;amp; ", "&amp;amp;", "<https://x.example>",
		"https://x.example/*", "www.", "~~a ", "~~a~~ ", "# a\n", "> a\n", "```\n", "```\nx\n```\n", "1. a<br>", "<p>1. a", "<li>1. a", "\v", "\u200d", "<li>- a<br>", "<li>a<br>- b", "*a **b _c ",
		`<li class="ql-indent-8">x`, `<span style="font-weight:bold">x</span>`, "<textarea>x</textarea>",
	} {
		const size = 64 << 10
		Parse(unit) // what is made once is made
		small, large := allocated(strings.Repeat(unit, size/len(unit))), allocated(strings.Repeat(unit, 4*size/len(unit)))
		if large > 8*small+size {
			t.Errorf("%q: %d bytes for %d, %d for four times as many", unit, small, size, large)
		}
	}
}
