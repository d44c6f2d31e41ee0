package filename_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/letrazapp/letraz-export/internal/filename"
)

func TestSafe(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, safe, ascii string }{
		{"plain", "Jane Doe Resume.pdf", "Jane Doe Resume.pdf", "Jane Doe Resume.pdf"},
		{"marks", "Jörg Strößner.pdf", "Jörg Strößner.pdf", "Jorg Strossner.pdf"},
		{"no letters of ASCII", "山田太郎 履歴書.pdf", "山田太郎 履歴書.pdf", "Resume.pdf"},
		{"path", "../../etc/cron.d/x.pdf", "etc cron.d x.pdf", "etc cron.d x.pdf"},
		{"full width path", "．．／．．／etc／cron.d／x Resume.txt", "etc cron.d x Resume.txt", "etc cron.d x Resume.txt"},
		{"full width path of Windows", "Ｃ：＼Windows＼x.pdf", "Ｃ Windows x.pdf", "C Windows x.pdf"},
		{"slashes within characters", "℀ ½ ‥ ⩴ ≮ x.pdf", "x.pdf", "x.pdf"},
		{"ellipsis", "…bashrc.pdf", "bashrc.pdf", "bashrc.pdf"},
		{"device", "con.pdf", "_con.pdf", "_con.pdf"},
		{"full width device", "ＣＯＮ.pdf", "_ＣＯＮ.pdf", "_CON.pdf"},
		{"device in ASCII only", "漢CON.x Resume.pdf", "漢CON.x Resume.pdf", "_CON.x Resume.pdf"},
		{"numbered device", "COM¹.txt", "_COM¹.txt", "_COM1.txt"},
		{"direction override", "Jane\u202egpj.exe", "Janegpj.exe", "Janegpj.exe"},
		{"line breaks", "a\r\nb\u2028c\u0085d.pdf", "a b c d.pdf", "a b c d.pdf"},
		{"quotes and wildcards", "Ja\"ne* ?<Doe>|.pdf", "Ja ne Doe.pdf", "Ja ne Doe.pdf"},
		{"nothing", "", "Resume", "Resume"},
		{"dots", "...", "Resume", "Resume"},
		{"an ending alone", ".pdf", "Resume.pdf", "Resume.pdf"},
		{"no ending", "a. b", "a. b", "a. b"},
		{"broken UTF-8", "Ja\xffne.pdf", "Jane.pdf", "Jane.pdf"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := filename.Safe(tc.in, "Resume"); got != tc.safe {
				t.Errorf("Safe(%q) = %q, want %q", tc.in, got, tc.safe)
			}
			if got := filename.ASCII(tc.in, "Resume"); got != tc.ascii {
				t.Errorf("ASCII(%q) = %q, want %q", tc.in, got, tc.ascii)
			}
		})
	}
}

// checkName fails unless a name is one harmless element of a path.
func checkName(t rapid.TB, in, name string) {
	if name == "" || !utf8.ValidString(name) || len(name) > filename.MaxBytes+1 {
		t.Fatalf("%q becomes %q of %d bytes", in, name, len(name))
	}
	if strings.ContainsAny(name, "/\\:*?\"<>|\u2044\u2215") || strings.ContainsFunc(name, func(r rune) bool {
		return unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control) || r != ' ' && unicode.IsSpace(r)
	}) {
		t.Fatalf("%q becomes %q, which holds a character with a meaning", in, name)
	}
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, " ") || strings.HasSuffix(name, ".") || strings.HasSuffix(name, " ") {
		t.Fatalf("%q becomes %q, which begins or ends wrong", in, name)
	}
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	for _, device := range []string{"CON", "PRN", "AUX", "NUL", "COM1", "COM0", "COM9", "LPT1", "LPT9"} {
		if strings.TrimSpace(stem) == device {
			t.Fatalf("%q becomes %q, which is a device", in, name)
		}
	}
}

// pieces are what names are put together from in TestSafe_AnyText.
var pieces = []string{
	"．", "／", "＼", "：", "…", "‥", "․", "℀", "℅", "½", "⁄", "∕", "≮", "≯", "⩴", "﹨", "﹕", "＊", "？", "＂", "＜", "＞", "｜", "＿", "～", "－",
	"ＣＯＮ", "con", "COM", "¹", "１", "①", "ＬＰＴ", "nul", ".", "..", "/", "\\", "\x00", "\n", "\u0085", "\u00a0", "\u3000", "\u202e", "\u2066", "\u200d", "\u200c",
	"\ufeff", "\ufffe", "\ufdd0", "\U0010ffff", "\ue000", "\u0301", "\u0338", "\u20e3", "a", "é", "ß", "漢", "👩‍💻", " ", "-", "_", "~", "%2e%2e%2f", ".pdf", ".txt", "\xff",
}

func TestSafe_AnyText(t *testing.T) {
	t.Parallel()
	text := rapid.OneOf(rapid.String(), rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 60).Draw(t, "pieces"), "")
	}))
	rapid.Check(t, func(t *rapid.T) {
		in := text.Draw(t, "text")
		safe, ascii := filename.Safe(in, "Resume"), filename.ASCII(in, "Resume")
		checkName(t, in, safe)
		checkName(t, in, ascii)
		if strings.ContainsFunc(ascii, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Fatalf("%q becomes %q, which is not ASCII", in, ascii)
		}
		if again := filename.Safe(safe, "Resume"); again != safe {
			t.Fatalf("%q becomes %q, and that %q", in, safe, again)
		}
		for _, form := range []norm.Form{norm.NFC, norm.NFD, norm.NFKC, norm.NFKD} {
			name := form.String(safe)
			if len(name) <= filename.MaxBytes { // a form may be longer
				checkName(t, in, name)
			}
		}
	})
}
