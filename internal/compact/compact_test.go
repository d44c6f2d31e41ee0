package compact

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
)

func TestASmallerFileSaysTheSame(t *testing.T) {
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
		if args[0] == "pdfimages" { // numbers of objects and compression are not what it is about
			was, is = fmt.Sprint(strings.Count(was, "\n")), fmt.Sprint(strings.Count(is, "\n"))
		}
		if was != is {
			t.Errorf("%s was\n%s\nand is\n%s", args, was, is)
		}
	}
	text := tool(t, "pdftotext", "-raw", path, "-")
	for _, want := range []string{"Plain, bold and italic, with a link.", "日本語の見出し", "生産技術エンジニア、桜庭 遥。国立・立国・国立。ガギグゲゴ", "The second page."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if outline := tool(t, "qpdf", "--json=2", "--json-key=outlines", path); strings.Count(outline, `"title"`) != 3 {
		t.Errorf("the outline is %s", outline)
	}
}

// Type 3 glyphs are smoothed otherwise than a font program's, so what is compared
// is how dark the page is, in squares of 1/18 inch: a glyph that is missing, another or
// out of place is over the limit.
func TestASmallerFileLooksTheSame(t *testing.T) {
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

// squares are the pages in gray.
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

func TestFontsOfProceduresBecomeOneFontPerFace(t *testing.T) {
	t.Parallel()
	fonts := tool(t, "pdffonts", saved(t, small(t, printed(t, strings.NewReplacer("🙂", "", "👩🏽‍💻", "").Replace(page)))))
	if strings.Contains(fonts, "Type 3") {
		t.Errorf("fonts of procedures are left:\n%s", fonts)
	}
	for _, want := range []string{"NotoSerifCJKjp-Regular", "NotoSerifCJKjp-Bold"} {
		if strings.Count(fonts, want) != 1 {
			t.Errorf("%s is not there once:\n%s", want, fonts)
		}
	}
	if strings.Count(fonts, "CID Type 0C") != 2 {
		t.Errorf("not two programs:\n%s", fonts)
	}
}

// What is not understood stays: here the glyphs of emoji, which are pictures.
func TestGlyphsThatArePicturesStayAsTheyAre(t *testing.T) {
	t.Parallel()
	path := saved(t, small(t, printed(t, page)))
	if fonts := tool(t, "pdffonts", path); !strings.Contains(fonts, "Type 3") {
		t.Errorf("the emoji are no pictures any more:\n%s", fonts)
	}
	if text := tool(t, "pdftotext", path, "-"); !strings.Contains(text, "🙂") {
		t.Errorf("the text has no emoji:\n%s", text)
	}
}

func TestTheSameFileGivesTheSameBytesAndStaysAsItIs(t *testing.T) {
	t.Parallel()
	data := printed(t, page)
	copied := bytes.Clone(data)
	if !bytes.Equal(small(t, data), small(t, data)) {
		t.Error("two times differ")
	}
	if !bytes.Equal(data, copied) {
		t.Error("the file itself was changed")
	}
}

// The box for what no font has must show, so it is left out only where nothing
// shows it.
func TestTheBoxOfMissingGlyphsStaysWhereItShows(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"everything is there": false, "this is not: \U000F1234": true} {
		f, err := parse(printed(t, `<!doctype html><p style="font-family: Vollkorn">`+text))
		if err != nil {
			t.Fatal(err)
		}
		shown := false
		for _, unused := range f.unusedNotdef() {
			shown = shown || !unused
		}
		if shown != want {
			t.Errorf("%q: the box shows: %v", text, shown)
		}
	}
}

// A file is added to in the way of ISO 32000-1, 7.5.6, also more than once.
func TestOfAnObjectTheNewestVersionCounts(t *testing.T) {
	t.Parallel()
	data := printed(t, `<!doctype html><title>First</title><p>Text`)
	info := reference(entry(trailer(t, data), "Info"))
	for _, title := range []string{"Second", "Third"} {
		start := bytes.LastIndex(data, []byte("startxref\n"))
		previous, _ := number(data[start+len("startxref\n"):])
		at := len(data)
		data = fmt.Appendf(data, "%d 0 obj\n<</Title (%s)>>\nendobj\n", info, title)
		table := len(data)
		data = fmt.Appendf(data, "xref\n0 1\n0000000000 65535 f \n%d 1\n%010d 00000 n \ntrailer\n<</Size %d\n/Root %s\n/Info %d 0 R\n/Prev %d>>\nstartxref\n%d\n%%%%EOF\n",
			info, at, 1000, entry(trailer(t, data), "Root"), info, previous, table)
	}
	out := small(t, data)
	path := saved(t, out)
	tool(t, "qpdf", "--check", path)
	if got := tool(t, "pdfinfo", path); !strings.Contains(got, "Third") {
		t.Errorf("the title is not the newest:\n%s", got)
	}
}

func trailer(t *testing.T, data []byte) []byte {
	t.Helper()
	f, err := parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return f.trailer
}

func TestWhatIsNoFileOfChromeIsRefused(t *testing.T) {
	t.Parallel()
	whole := printed(t, `<!doctype html><p>Text`)
	for name, data := range map[string][]byte{
		"nothing": nil, "a page of HTML": []byte("<html>"), "the first half": whole[:len(whole)/2], "the second half": whole[len(whole)/2:],
		"no version": bytes.Replace(whole, []byte("%PDF-"), []byte("%FDP-"), 1), "what is small already": small(t, whole),
		"a stream of another length": bytes.Replace(whole, []byte("/Length "), []byte("/Length 9"), 1),
		"a table of loops":           bytes.Replace(whole, []byte("/Info "), []byte("/Prev 1\n/Info "), 1),
	} {
		if out, err := PDF(data); !errors.Is(err, errForm) {
			t.Errorf("%s: %d bytes, %v", name, len(out), err)
		}
	}
}

// Damage anywhere is refused or copied, and never makes the program stop.
func TestNoDamageMakesItPanic(t *testing.T) {
	t.Parallel()
	whole := printed(t, page)
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		data := bytes.Clone(whole)
		for range 1 + random.IntN(20) {
			data[random.IntN(len(data))] = byte(random.IntN(256))
		}
		_, _ = PDF(data)
	}
}

func FuzzNoBytesMakeItPanic(f *testing.F) {
	f.Add([]byte("%PDF-1.4\n1 0 obj\n<</Type /Catalog>>\nendobj\nxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<</Size 2\n/Root 1 0 R>>\nstartxref\n46\n%%EOF"))
	f.Fuzz(func(_ *testing.T, data []byte) { _, _ = PDF(data) })
}

func BenchmarkPDF(b *testing.B) {
	data := printed(b, page)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := PDF(data); err != nil {
			b.Fatal(err)
		}
	}
}
