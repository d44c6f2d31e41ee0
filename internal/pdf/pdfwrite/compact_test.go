package pdfwrite

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
)

func TestWrite_SaysTheSame(t *testing.T) {
	t.Parallel()
	before := printed(t, page)
	after := small(t, before)
	if len(after) > len(before)/2 {
		t.Errorf("%d bytes became %d", len(before), len(after))
	}
	if !bytes.HasPrefix(after, []byte("%PDF-1.5\n")) {
		t.Errorf("compressed objects need version 1.5, this is %.10q", after)
	}
	old, path := saved(t, before), saved(t, after)
	tool(t, "qpdf", "--check", path)
	for _, args := range [][]string{
		{"pdfinfo", "-struct-text"}, {"pdfinfo", "-url"}, {"pdfinfo", "-dests"}, {"pdfimages", "-list"},
	} {
		was, is := tool(t, args[0], append(args[1:], old)...), tool(t, args[0], append(args[1:], path)...)
		was, is = withoutActual(was), withoutActual(is)
		if args[0] == "pdfimages" { // compare the number of images; object numbers and compression differ
			was, is = fmt.Sprint(strings.Count(was, "\n")), fmt.Sprint(strings.Count(is, "\n"))
		}
		if was != is {
			t.Errorf("%s was\n%s\nand is\n%s", args, was, is)
		}
	}
	text := tool(t, "pdftotext", "-raw", path, "-")
	for _, want := range []string{"Plain, bold and italic, with a link.", "日本語の見出し", "生産技術エンジニア、桜庭 遥。国立・立国・国立。ガギグゲゴ", "स्वास्थ्य कुपोषित ज़िलों महिलाएँ", "น้ำดื่มที่", "The second page."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	structure := tool(t, "pdfinfo", "-struct-text", path)
	for _, want := range []string{"日本語の見出し", "生産技術エンジニア、", "。国立・立国・国立。ガギグゲゴ“引用”"} {
		if !strings.Contains(structure, `"`+want+`"`) {
			t.Errorf("%q is not in the text of the structure:\n%s", want, structure)
		}
	}
	if outline := tool(t, "qpdf", "--json=2", "--json-key=outlines", path); strings.Count(outline, `"title"`) != 3 {
		t.Errorf("the outline is %s", outline)
	}
}

// withoutActual drops the lines with letters for which Chrome writes ActualText. Of
// these its glyphs say less than those of the finished file.
func withoutActual(text string) string {
	var kept strings.Builder
	for line := range strings.Lines(text) {
		if !strings.ContainsFunc(line, func(r rune) bool {
			return unicode.In(r, unicode.Arabic, unicode.Han, unicode.Katakana, unicode.Devanagari, unicode.Thai) || r >= 0x2e80 && r <= 0x2fdf
		}) && strings.TrimSpace(line) != "" {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// The glyphs of Type 3 fonts are smoothed differently from those of a font program, so the
// test compares the mean gray of squares of 1/18 inch. A missing, wrong or misplaced glyph
// exceeds the limit.
func TestWrite_LooksTheSame(t *testing.T) {
	t.Parallel()
	before := printed(t, page)
	was, is := squares(t, before), squares(t, small(t, before))
	if len(was) != len(is) {
		t.Fatalf("%d squares became %d", len(was), len(is))
	}
	most := 0
	for i := range was {
		most = max(most, was[i]-is[i], is[i]-was[i])
	}
	if most > 40 {
		t.Errorf("a square differs by %d of 255", most)
	}
}

// squares returns the mean gray of each square of the pages.
func squares(t *testing.T, data []byte) []int {
	t.Helper()
	prefix := filepath.Join(t.TempDir(), "page")
	tool(t, "pdftoppm", "-gray", "-r", "144", saved(t, data), prefix)
	names, err := filepath.Glob(prefix + "*")
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	var all []int
	for _, name := range names {
		picture, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var width, height int
		if _, err := fmt.Sscanf(string(picture[:20]), "P5\n%d %d\n255\n", &width, &height); err != nil {
			t.Fatal(err)
		}
		gray := picture[len(picture)-width*height:]
		for y := 0; y+8 <= height; y += 8 {
			for x := 0; x+8 <= width; x += 8 {
				sum := 0
				for i := range 64 {
					sum += int(gray[(y+i/8)*width+x+i%8])
				}
				all = append(all, sum/64)
			}
		}
	}
	return all
}

func TestWrite_MergesType3Fonts(t *testing.T) {
	t.Parallel()
	fonts := tool(t, "pdffonts", saved(t, small(t, printed(t, strings.NewReplacer("🙂", "", "👩🏽‍💻", "").Replace(page)))))
	if strings.Contains(fonts, "Type 3") {
		t.Errorf("Type 3 fonts remain:\n%s", fonts)
	}
	for _, want := range []string{"NotoSerifCJKjp-Regular", "NotoSerifCJKjp-Bold"} {
		if strings.Count(fonts, want) != 1 {
			t.Errorf("want %s once in\n%s", want, fonts)
		}
	}
	if strings.Count(fonts, "CID Type 0C") != 2 {
		t.Errorf("want two CFF programs in\n%s", fonts)
	}
}

// The glyphs of emoji are pictures, whose Type 3 fonts are kept.
func TestWrite_KeepsEmoji(t *testing.T) {
	t.Parallel()
	path := saved(t, small(t, printed(t, page)))
	if fonts := tool(t, "pdffonts", path); !strings.Contains(fonts, "Type 3") {
		t.Errorf("no Type 3 font in\n%s", fonts)
	}
	if text := tool(t, "pdftotext", path, "-"); !strings.Contains(text, "🙂") {
		t.Errorf("no emoji in the text\n%s", text)
	}
}

func TestWrite_SameBytes(t *testing.T) {
	t.Parallel()
	data := printed(t, page)
	if !bytes.Equal(small(t, data), small(t, data)) {
		t.Error("two results for the same file differ")
	}
}

// Glyph 0, the box for a missing character, may be dropped only from programs where it is never
// shown.
func TestUnusedNotdef(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"everything is there": false, "this is not: \U000F1234": true} {
		f, err := parsed(printed(t, `<!doctype html><p style="font-family: Vollkorn">`+text))
		if err != nil {
			t.Fatal(err)
		}
		shown := false
		for _, unused := range f.unusedNotdef(f.contentStreams()) {
			shown = shown || !unused
		}
		if shown != want {
			t.Errorf("%q: glyph 0 is shown: %v, want %v", text, shown, want)
		}
	}
}

// A file with an object in an unexpected form gets its information nevertheless, and the
// form is reported.
func TestWrite_UnknownForm(t *testing.T) {
	t.Parallel()
	whole := printed(t, page)
	for name, data := range map[string][]byte{
		"a stream with another line break":  bytes.Replace(whole, []byte(" stream\n"), []byte(" stream\r"), 1),
		"an object of another form":         bytes.Replace(whole, []byte(" 0 obj\n<</Type /StructElem"), []byte(" 0 obj\n<<(Type /StructElem"), 1),
		"an object with another line break": bytes.Replace(whole, []byte(" 0 obj\n<</Type /StructElem"), []byte(" 0 obj\r<</Type /StructElem"), 1),
	} {
		t.Run(name, func(t *testing.T) {
			w, pages, err := finish(data, Info{Title: "Known", Date: changed})
			if err != nil || pages != 2 || w.Uncompacted == nil || !errors.Is(w.Uncompacted.Err, ErrForm) || !strings.HasPrefix(w.Uncompacted.Producer, "Skia/PDF m") {
				t.Fatalf("%d pages, %+v, %v", pages, w.Uncompacted, err)
			}
			if len(w.Data) <= len(data) {
				t.Error("nothing was added to the file")
			}
			if got := tool(t, "pdfinfo", "-isodates", saved(t, w.Data)); !strings.Contains(got, "Known") || !strings.Contains(got, "2026-02-28T21:00:15Z") {
				t.Errorf("the information is not there:\n%s", got)
			}
		})
	}
}

// A font in an unexpected form is kept and reported.
func TestWrite_UnknownParts(t *testing.T) {
	t.Parallel()
	whole := printed(t, page)
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"as today": {whole, ""},
		"fonts":    {bytes.ReplaceAll(whole, []byte("/FontMatrix "), []byte("/FontMetrix ")), "Type 3 font"},
	} {
		t.Run(name, func(t *testing.T) {
			w, _, err := finish(c.data, Info{})
			if err != nil || c.want == "" && w.Uncompacted != nil || c.want != "" && (w.Uncompacted == nil || !strings.Contains(w.Uncompacted.Err.Error(), c.want)) {
				t.Errorf("%+v, %v", w.Uncompacted, err)
			}
		})
	}
}

// No damage makes the program panic.
func TestWrite_DamagedFiles(t *testing.T) {
	t.Parallel()
	whole := printed(t, page)
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		data := bytes.Clone(whole)
		for range 1 + random.IntN(20) {
			data[random.IntN(len(data))] = byte(random.IntN(256))
		}
		_, _, _ = finish(data, Info{})
	}
}
