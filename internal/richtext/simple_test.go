package richtext

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestParse_Simple: HTML of a few elements is read as the tokenizer reads it.
func TestParse_Simple(t *testing.T) {
	t.Parallel()
	parts := []string{"<p>", "</p>", "<br>", "</br>", "<ul>", "</ul>", "<ol>", "</ol>", "<li>", "</li>", "<strong>", "</strong>", "<em>", "</em>", "<b>", "</b>", "<i>", "</i>",
		"word", " ", "\n", "&amp;", "&#32;", "&lt;b&gt;", "&", "**", "_", "- ", "1. ", "`", "[x](https://example.org)", "\t", "é", ">", "\n\n", "&#9;", "&nbsp"}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 1, 24).Draw(t, "parts"), "")
		if !isSimple(s) {
			t.Fatalf("%q is not simple", s)
		}
		read := func(read func(*htmlReader)) Text {
			var b builder
			_, lines := markupIn(s)
			read(&htmlReader{builder: &b, typed: !lines})
			return b.finish()
		}
		want := read(func(r *htmlReader) { r.readTokens(s) })
		got := read(func(r *htmlReader) { r.readSimple(s) })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%q (-tokenizer +simple):\n%s", s, diff)
		}
	})
}

func TestParse_NotSimple(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"<P>", "<p >", "<p class=x>", "<br/>", "<a href='x'>", "<", "</", "<p", "x < y", "<!-- x -->", "a\r\nb", "a\x00b", "<strongly>", "<u>"} {
		if isSimple(s) {
			t.Errorf("%q is simple", s)
		}
	}
}
