package html

import (
	"strings"
	"testing"
)

func TestWhole(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("very-", 8) + "long"
	for name, c := range map[string]struct{ text, want string }{
		"plain":         {"Plain text & more", "Plain text &amp; more"},
		"hyphen":        {"a day-rotation post", `a <span class="w">day-rotation</span> post`},
		"punctuation":   {"at-least-once, twice", `<span class="w">at-least-once,</span> twice`},
		"slash":         {"CI/CD", `<span class="w">CI/CD</span>`},
		"range":         {"2019–2020 – now", `<span class="w">2019–2020</span> – now`},
		"at an end":     {"pre- and post-", `<span class="w">pre- and</span> post-`},
		"last":          {"and post- ", "and post- "},
		"dash":          {"so - and", "so - and"},
		"longer":        {long, long},
		"right to left": {"ל-AWS", "ל-AWS"},
		"escaped":       {"<a-b>", `<span class="w">&lt;a-b&gt;</span>`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := string(whole(c.text)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
