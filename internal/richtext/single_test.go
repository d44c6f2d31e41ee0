package richtext

import "testing"

func TestInline(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, text, address string }{
		{"plain", "Acme", "Acme", ""},
		{"nothing", " \u00a0", "", ""},
		{"bold", "**Acme** Inc.", "Acme Inc.", ""},
		{"HTML", "<strong>Acme</strong> &amp; Sons", "Acme & Sons", ""},
		{"entity", "Johnson &amp; Johnson", "Johnson & Johnson", ""},
		{"link", "[Acme](https://acme.example)", "Acme", "https://acme.example"},
		{"HTML link", `<a href="https://acme.example">Acme</a>`, "Acme", "https://acme.example"},
		{"autolink", "<https://acme.example>", "https://acme.example", "https://acme.example"},
		{"break", "Acme<br>Berlin", "Acme Berlin", ""},
		{"lines", "Acme\nBerlin", "Acme Berlin", ""},
		{"blocks", "<p>Acme</p><p>Berlin</p>", "Acme Berlin", ""},
		{"escapes", `C\# and F\#`, "C# and F#", ""},
		{"code", "`go`", "go", ""},
		{"number", "1. FC Example", "1. FC Example", ""},
		{"dash", "- Acme -", "- Acme -", ""},
		{"sign", "# of users", "# of users", ""},
		{"soft hyphen", "Soft\u00adware\u200b", "Software", ""},
		{"soft hyphen in another script", "Донау\u00adдампф\u2060шиф", "Донаудампфшиф", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if text, address := Inline(tc.in); text != tc.text || address != tc.address {
				t.Errorf("%q became %q %q, want %q %q", tc.in, text, address, tc.text, tc.address)
			}
		})
	}
	for name, in := range plainCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if text, address := Inline(in); text != in || address != "" {
				t.Errorf("%q became %q %q", in, text, address)
			}
		})
	}
	for _, in := range []string{"R&D", "C#", "C++", ".NET", "snake_case", "Q&A", "AT&T", "a_b <c@d.example>", "E*TRADE"} {
		if text, _ := Inline(in); text != in {
			t.Errorf("%q became %q", in, text)
		}
	}
}

// Characters that do not show are left out where they divide words, and stay where
// a script needs them.
func TestLine_Invisible(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, want string }{
		{"soft hyphen", "soft\u00adware", "software"},
		{"zero-width blank", "data\u200bbase", "database"},
		{"word joiner", "data\u2060base", "database"},
		{"byte order mark", "\ufeffdata\ufeffbase", "database"},
		{"joiners of Latin", "data\u200dba\u200cse", "database"},
		{"joiner of Persian", "می\u200cخواهم", "می\u200cخواهم"},
		{"joiner of Hindi", "र्\u200dय", "र्\u200dय"},
		{"joiner of Hebrew ends", "שלום\u200d x", "שלום x"},
		{"family", "👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"},
		{"flag of rainbows", "🏳\ufe0f\u200d🌈", "🏳\ufe0f\u200d🌈"},
		{"flag of England", "🏴\U000e0067\U000e0062\U000e007f", "🏴\U000e0067\U000e0062\U000e007f"},
		{"tags", "x\U000e0067\U000e0001y", "xy"},
		{"heart", "❤\ufe0f and 1\ufe0f\u20e3", "❤\ufe0f and 1\ufe0f\u20e3"},
		{"variation of a letter", "a\ufe0fb", "ab"},
		{"overrides", "\u202eab\u202c \u2066c\u2069", "ab c"},
		{"marks of direction in Latin", "a\u200eb\u200fc\u061c", "abc"},
		{"marks of direction in Hebrew", "שלום\u200f C++\u200e", "שלום\u200f C++\u200e"},
		{"control characters", "a\x00b\x1bc\x7fd", "abcd"},
		{"blanks", "a\tb\vc\u2028d\u2029e\u0085f\u3000g\u3164h", "a b c d e f g h"},
		{"no-break spaces", "a\u00a0b\u202fc", "a\u00a0b\u202fc"},
		{"Windows-1252", "it\u0092s \u0093x\u0094 \u0096", "it’s “x” –"},
		{"bullet of Word", "a \uf0b7 b", "a • b"},
		{"private use", "\ue000 mail\uf8ff", "mail"},
		{"noncharacters", "a\ufdd0b\uffffc", "abc"},
		{"invisible operators", "f\u2061x\u2063", "fx"},
		{"grapheme joiner", "a\u034fb", "ab"},
		{"Hangul fillers", "a\u115fb\uffa0c", "ab c"},
		{"invalid", "a\xffb", "ab"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := Line(tc.in); got != tc.want {
				t.Errorf("%q became %q, want %q", tc.in, got, tc.want)
			}
		})
	}
}

func TestParse_LineBreaks(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, want string }{
		{"vertical tab", "a\vb", "a<br>b"},
		{"line separator", "a\u2028b", "a<br>b"},
		{"paragraph separator", "a\u2029b", "a\nb"},
		{"in HTML", "<p>a\vb\u2028c\u2029d</p>", "a<br>b<br>c\nd"},
		{"in an item", "<ul><li>a\v- b\v- c</li></ul>", "  • a\n    • b\n    • c"},
		{"joiner between elements", "<p>soft<b>\u200d</b>ware</p>", "software"},
		{"joiner between elements of Persian", "<p>می<b>\u200cخواهم</b></p>", "می<b>\u200cخواهم</b>"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := render(Parse(tc.in)); got != tc.want {
				t.Errorf("%q became %q, want %q", tc.in, got, tc.want)
			}
		})
	}
}
