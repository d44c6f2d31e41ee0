package richtext

import (
	"html"
	"strings"
	"testing"
)

// asEditor returns typed text as resume.RichTextFromPlain stores it.
func asEditor(summary string, items ...string) string {
	var b strings.Builder
	escape := func(s string) string {
		return strings.ReplaceAll(html.EscapeString(s), "\n", "<br>")
	}
	if summary != "" {
		for paragraph := range strings.SplitSeq(summary, "\n\n") {
			b.WriteString("<p>" + escape(paragraph) + "</p>")
		}
	}
	if len(items) > 0 {
		b.WriteString("<ul>")
		for _, item := range items {
			b.WriteString("<li>" + escape(item) + "</li>")
		}
		b.WriteString("</ul>")
	}
	return b.String()
}

func TestParse_BlockMarkup(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		summary string
		items   []string
		want    string
	}{
		{"list in a summary", "Intro:\n- a\n- b\n\nAfter", nil, "Intro:\n  • a\n  • b\nAfter"},
		{"nested list", "- a\n  - b\n    - c\n- d", nil, "  • a\n    • b\n      • c\n  • d"},
		{"numbers in a summary", "Steps:\n1. a\n2. b\nAfter", nil, "Steps:\n  1. a\n  2. b\nAfter"},
		{"numbers apart", "1. a\n\n2. b", nil, "  1. a\n  2. b"},
		{"days", "On\n12. May\n13. May", nil, "On<br>12. May<br>13. May"},
		{"bold numbers", "1. **a**\n2. **b**", nil, "  1. <b>a</b>\n  2. <b>b</b>"},
		{"bullets of items", "", []string{"- dash item", "* star item", "• bullet item", "1. numbered", "**Bold lead:** then text"},
			"  • dash item\n  • star item\n  • bullet item\n  • 1. numbered\n  • <b>Bold lead:</b> then text"},
		{"list in an item", "", []string{"Main:\n- sub a\n- sub b", "Next"}, "  • Main:\n    • sub a\n    • sub b\n  • Next"},
		{"numbers in an item", "", []string{"Main:\n1. sub a\n2. sub b\n\nMore", "Next"}, "  • Main:\n    1. sub a\n    2. sub b\n  More\n  • Next"},
		{"text after a list in an item", "", []string{"Main:\n- sub a\nMore"}, "  • Main:\n    • sub a\n  More"},
		{"one highlight with several", "", []string{"- a\n- b\n  - c\n- d", "- e"}, "  • a\n  • b\n    • c\n  • d\n  • e"},
		{"numbered highlights", "", []string{"1. a", "2. b", "3. c"}, "  1. a\n  2. b\n  3. c"},
		{"numbers that do not count", "", []string{"1. a", "3. b"}, "  • 1. a\n  • 3. b"},
		{"growth", "", []string{"+5 % sales", "+ 7 people", "-3 % cost", "- x"}, "  • +5 % sales\n  • + 7 people\n  • -3 % cost\n  • x"},
		{"heading", "## Tools\nGo\n\n### More ###\n\nRust", nil, "<b>Tools</b>\nGo\n<b>More</b>\nRust"},
		{"heading within lines", "a\n## B\nc", nil, "a\n<b>B</b>\nc"},
		{"heading of one sign", "# Tools\nGo", nil, "<b>Tools</b>\nGo"},
		{"number of users", "# of users: 5\n#1 in sales\n\n# Users", nil, "# of users: 5<br>#1 in sales\n# Users"},
		{"heading with markup", "## **Tools** of `x`", nil, "<b>Tools of <code>x</code></b>"},
		{"hash", "", []string{"# of users", "#golang", "## Heading"}, "  • # of users\n  • #golang\n  • ## Heading"},
		{"quotation", "> One\n> two\n\nText", nil, "One<br>two\nText"},
		{"quotation after a heading", "## A\n> b\n> > c", nil, "<b>A</b>\nb<br>c"},
		{"comparison", "> 50 people\n\n>5 years\n\na > b", nil, "> 50 people\n>5 years\na > b"},
		{"fenced code", "Run\n```sh\ngo **build** _x_\n- y\n```\nthen", nil, "Run<br><code>go **build** _x_</code>\n  • <code>y</code>\nthen"},
		{"fence without end", "```\na", nil, "```<br>a"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := render(Parse(asEditor(tc.summary, tc.items...))); got != tc.want {
				t.Errorf("became\n%s\nwant\n%s", got, tc.want)
			}
			if len(tc.items) == 0 {
				if got := render(Parse(tc.summary)); got != tc.want {
					t.Errorf("typed, became\n%s\nwant\n%s", got, tc.want)
				}
			}
		})
	}
}
