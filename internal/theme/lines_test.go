package theme

import (
	"html/template"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/resume"
)

func TestLineCount(t *testing.T) {
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
			if got := lineCount(c.html); got != c.want {
				t.Errorf("%d lines, want %d", got, c.want)
			}
		})
	}
}

func TestLongBlocksAreMarked(t *testing.T) {
	long := strings.Repeat("word ", longBlock*lineLength/5)
	body := string(richText(resume.RichText("<p>short</p><p>" + long + "</p><ul><li>short</li><li>" + long + "<ul><li>short</li></ul></li></ul><p>said dir=\"auto\"</p>")))
	marked := string(markLong(template.HTML(body)))
	if n := strings.Count(marked, ` class="long"`); n != 2 || !strings.Contains(marked, `<p dir="auto" class="long">word`) || !strings.Contains(marked, `<li dir="auto" class="long">word`) {
		t.Errorf("%d blocks are long: %s", n, marked)
	}
	if strings.ReplaceAll(marked, ` class="long"`, "") != body {
		t.Errorf("more than the class has changed: %s", marked)
	}
}
