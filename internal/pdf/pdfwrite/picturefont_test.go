package pdfwrite

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

// Emoji of several characters have their text for readers that do not know ActualText, also
// one that is written in two ways, and are on the line that they are on.
func TestWrite_PicturesHaveText(t *testing.T) {
	t.Parallel()
	const want = "Talks in 🇯🇵 and 🇬🇧, 1️⃣ and ✍️ or ✍ and 🙂, 👩🏽‍💻, 🇯🇵 again"
	path := saved(t, small(t, printed(t, `<!doctype html><p style="font: 12pt Vollkorn, 'Noto Color Emoji'">`+want)))
	for name, args := range map[string][]string{
		"poppler": {"pdftotext", path, "-"},
		"mupdf":   {"mutool", "draw", "-q", "-F", "txt", path},
	} {
		t.Run(name, func(t *testing.T) {
			got := joinSurrogates(strings.TrimSpace(tool(t, args[0], args[1:]...)))
			if got != want {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
	tool(t, "qpdf", "--check", path)
}

// joinSurrogates puts characters together that MuPDF writes as two halves.
func joinSurrogates(s string) string {
	var units []uint16
	for i := 0; i < len(s); {
		if s[i] == 0xed && i+2 < len(s) {
			units = append(units, 0xd000|uint16(s[i+1]&0x3f)<<6|uint16(s[i+2]&0x3f))
			i += 3
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		units = utf16.AppendRune(units, r)
		i += size
	}
	return string(utf16.Decode(units))
}

// pictures returns a font of three codes: unused ones are 0 and 2, 1 is the picture A.
func pictures(differences, widths string) *parsedFile {
	return &parsedFile{scratch: new(scratch), objects: []*object{nil, {body: []byte("<</Type /Font\n/Subtype /Type3\n" +
		"/FontMatrix [.001 0 0 -.001 0 0]\n/CharProcs <</gA 3 0 R>>\n/Encoding <</Type /Encoding\n/Differences [" + differences + "]>>\n" +
		"/FirstChar 0\n/LastChar 2\n/Widths [" + widths + "]\n/ToUnicode 2 0 R>>")},
		{body: []byte("<<>>"), stream: []byte("1 beginbfchar\n<01> <0041>\nendbfchar\nendcmap\n")},
		{body: []byte("<<>>"), stream: []byte("")}}}
}

func TestNamePictures(t *testing.T) {
	t.Parallel()
	many := strings.Repeat("/g0 ", 31)
	const begin, end = "BT\n/F1 10 Tf\n", "ET\n"
	span := func(text string) string { return "/Span<</ActualText <feff" + text + "> >> BDC\n<01> Tj\nEMC\n" }
	next := func(place string) string { return "ET\n0 0 1 rg\nBT\n1 0 0 -1 " + place + " Tm\n" }
	for name, c := range map[string]struct{ content, codes, texts string }{
		"its own text":  {span("0041"), "01", "<01> <0041>"},
		"without span":  {"<01> Tj\n", "01", "<01> <0041>"},
		"another text":  {span("0042"), "21", "<21> <0042>"},
		"one text each": {span("0042") + span("0043") + span("0042") + "<01> Tj\n", "21 22 21 01", "<22> <0043>"},
		"to a pixel":    {"1 0 0 -1 0 20 Tm\n<01> Tj\n5.2 0 Td <01> Tj\n" + next("9.9 20") + "<01> Tj\n", "21 22 01", "<21> <0041>\n<22> <0041>"},
		"text and rest": {"1 0 0 -1 0 20 Tm\n" + span("0042") + next("5.2 20") + "<01> Tj\n", "21 01", "<21> <0042>"},
		"a gap":         {"1 0 0 -1 0 20 Tm\n<01> Tj\n6 0 Td <01> Tj\n", "01 01", "<01> <0041>"},
		"the next line": {"1 0 0 -1 0 20 Tm\n<01> Tj\n" + next("5.2 30") + "<01> Tj\n", "01 01", "<01> <0041>"},
		"another state": {"1 0 0 -1 0 20 Tm\n<01> Tj\nET\nq\nBT\n1 0 0 -1 5.2 20 Tm\n<01> Tj\n", "01 01", "<01> <0041>"},
		"two pictures":  {"/Span<</ActualText <feff0042> >> BDC\n<0101> Tj\nEMC\n", "0101", "<01> <0041>"},
	} {
		t.Run(name, func(t *testing.T) {
			d := pictures("0 /g0 /gA "+many, "0 500"+strings.Repeat(" 0", 31))
			j := &joiner{doc: d, fonts: map[int]*textFont{}}
			lines := appendLines(nil, []byte(begin+c.content+end))
			j.namePictures(lines)
			var codes []string
			for _, l := range lines {
				if l.kind == showText {
					codes = append(codes, string(l.hex))
				}
			}
			if got := strings.Join(codes, " "); got != c.codes || len(d.unknown) > 0 {
				t.Errorf("codes %s, want %s; %v", got, c.codes, d.unknown)
			}
			if got := string(d.inflate(d.get(2))); !strings.Contains(got, c.texts) {
				t.Errorf("no %s in %s", c.texts, got)
			}
			if body := string(d.get(1).body); !strings.Contains(body, "/m]") || !strings.Contains(body, "/gA 3 0 R/m 4 0 R>>") || !strings.Contains(body, " 600]") {
				t.Errorf("no m in %s", body)
			}
		})
	}
}

func TestNamePictures_OtherForm(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]*parsedFile{
		"other first code": pictures("1 /gA /g0", "500 0"),
		"missing width":    pictures("0 /g0 /gA /g0", "0 500"),
	} {
		t.Run(name, func(t *testing.T) {
			before := string(d.get(1).body)
			j := &joiner{doc: d, fonts: map[int]*textFont{}}
			j.namePictures(nil)
			if len(d.unknown) == 0 || string(d.get(1).body) != before {
				t.Errorf("the font is changed, or not reported: %v, %s", d.unknown, d.get(1).body)
			}
		})
	}
}
