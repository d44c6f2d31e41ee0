package terminal_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/letrazapp/letraz-export/internal/terminal"
)

func TestLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"plain", "Ana Example", "Ana Example"},
		{"other scripts", "山田太郎 नमस्ते سيرة Żółć", "山田太郎 नमस्ते سيرة Żółć"},
		{"joiners", "می\u200cخواهم 👩\u200d💻", "می\u200cخواهم 👩\u200d💻"},
		{"no-break blank", "a\u00a0b\u3000c", "a\u00a0b\u3000c"},
		{"escape sequence", "\x1b[2J\x1b]0;title\x07", `\u001b[2J\u001b]0;title\u0007`},
		{"line breaks", "a\nb\r\nc", `a\nb\r\nc`},
		{"separators", "a\u2028b\u2029c\u0085d", `a\u2028b\u2029c\u0085d`},
		{"tab", "a\tb", `a\tb`},
		{"C1", "\u009b2J", `\u009b2J`},
		{"raw C1", "\x9b2J", `\x9b2J`},
		{"delete and backspace", "a\x7f\x08", `a\u007f\u0008`},
		{"bidi controls", "\u202eevil\u2066x\u2069\u200f\u061c", `\u202eevil\u2066x\u2069\u200f\u061c`},
		{"invisible", "\u200b\ufeff\u00ad\U000e0041", `\u200b\ufeff\u00ad\udb40\udc41`},
		{"private use", "\ue000", `\ue000`},
		{"nul", "\x00", `\u0000`},
	} {
		if got := terminal.Line(c.text); got != c.want {
			t.Errorf("%s: %q becomes %q, want %q", c.name, c.text, got, c.want)
		}
	}
}

func TestWriter(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w := terminal.NewWriter(&out)
	n, err := fmt.Fprintf(w, "a\tb\n%s\x1b[31m\r", "é")
	if want := "a\tb\né\\u001b[31m\\r"; err != nil || n != 12 || out.String() != want {
		t.Errorf("%d, %v, %q; want %q", n, err, out.String(), want)
	}
	if _, err := terminal.NewWriter(failing{}).Write([]byte("a")); !errors.Is(err, errFull) {
		t.Errorf("the error is lost: %v", err)
	}
}

var errFull = errors.New("full")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFull }
