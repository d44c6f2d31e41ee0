package document

import (
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/richtext"
)

func TestTextLines(t *testing.T) {
	cases := []struct {
		name, html string
		want       int
	}{
		{"nothing", "", 0},
		{"a word", "word", 1},
		{"a paragraph", `<p dir="auto">word</p>`, 1},
		{"a long paragraph", "<p>" + strings.Repeat("word ", 50) + "</p>", 3},
		{"items", `<p>one</p><ul><li dir="auto">two</li><li>three<br>four</li></ul>`, 4},
		{"nested items", "<ul><li>one<ul><li>two</li></ul></li></ul>", 2},
		{"markup takes no room", strings.Repeat("<strong>w</strong>", 100), 1},
		{"nor do entities", strings.Repeat("&#34;", 100), 1},
		{"wide characters", "<p>" + strings.Repeat("桜", 101) + "</p>", 3},
		{"marks on letters", "<p>" + strings.Repeat("की", 100) + "</p>", 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := textLines(richtext.Parse(c.html)); got != c.want {
				t.Errorf("%d lines, want %d", got, c.want)
			}
		})
	}
}
