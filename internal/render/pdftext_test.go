package render

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
)

func TestTextIsReadWithItsSizeAndPlace(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		content     string
		sizes       map[float64]int
		top, bottom float64
	}{
		"plain":         {"BT /F1 10 Tf 1 0 0 1 50 700 Tm <00410042> Tj ET", map[float64]int{10: 4}, 700, 700},
		"as Chrome":     {".24 0 0 -.24 0 842 cm\nq\n3.125 0 0 3.125 0 0 cm\nBT\n/F4 13 Tf\n1 0 0 -1 50 100 Tm\n<0001> Tj\nET\nQ\n", map[float64]int{9.75: 2}, 767, 767},
		"scaled by Tm":  {"BT /F1 1 Tf 12 0 0 12 50 30 Tm (abc) Tj ET", map[float64]int{12: 5}, 30, 30},
		"turned":        {"BT /F1 10 Tf 0 1 -1 0 50 30 Tm (a) Tj ET", map[float64]int{10: 3}, 30, 30},
		"lines":         {"BT /F1 10 Tf 1 0 0 1 0 500 Tm (a) Tj 0 -12 Td (b) Tj 0 -13 Td [(c) -20 <6465>] TJ ET", map[float64]int{10: 11}, 500, 475},
		"state is kept": {"q 2 0 0 2 0 0 cm q 3 0 0 3 0 0 cm Q BT /F1 5 Tf 1 0 0 1 0 50 Tm (a) Tj ET Q BT 1 0 0 1 0 50 Tm (a) Tj ET", map[float64]int{10: 3, 5: 3}, 100, 50},
		"strings":       {`BT /F1 10 Tf 1 0 0 1 0 9 Tm (a(b)\)c\() Tj ET`, map[float64]int{10: 11}, 9, 9},
		"what is none":  {"/P <</MCID 0 /T (no text)>> BDC 1 0 0 RG 0 0 5 5 re f BT /F1 10 Tf 1 0 0 1 0 9 Tm () Tj (a) Tj ET EMC % x", map[float64]int{10: 5}, 9, 9},
		"Q too many":    {"Q Q BT /F1 10 Tf 1 0 0 1 0 9 Tm (a) Tj ET", map[float64]int{10: 3}, 9, 9},
	} {
		got := readText([]byte(c.content))
		if !maps.Equal(got.sizes, c.sizes) || got.top != c.top || got.bottom != c.bottom {
			t.Errorf("%s: %+v, want %v from %g to %g", name, got, c.sizes, c.top, c.bottom)
		}
	}
}

// Content that breaks off anywhere is read as far as it goes.
func TestReadingTextEnds(t *testing.T) {
	t.Parallel()
	content := `q .24 0 0 -.24 0 842 cm BT /F4 13 Tf 1 0 0 -1 50 100 Tm <0001> Tj [(a\)) -5 (b)] TJ << /A (x) >> ET Q %` + "\x00"
	for i := range len(content) {
		readText([]byte(content[:i]))
		readText([]byte(content[i:]))
	}
}

// printedWith is a PDF of pages with such contents, in a tree of two levels.
func printedWith(t *testing.T, contents ...string) *pdf {
	t.Helper()
	var b bytes.Buffer
	var offsets []int
	object := func(text string) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(offsets), text)
	}
	b.WriteString("%PDF-1.4\n")
	object("<</Type /Catalog /Pages 3 0 R>>")
	object("<</Producer (x)>>")
	kids := ""
	for i := range contents {
		kids += fmt.Sprintf("%d 0 R ", 5+2*i)
	}
	object(fmt.Sprintf("<</Type /Pages /Count %d /Kids [4 0 R]>>", len(contents)))
	object(fmt.Sprintf("<</Type /Pages /Count %d /Kids [%s]>>", len(contents), kids))
	for _, content := range contents {
		object(fmt.Sprintf("<</Type /Page /Contents %d 0 R>>", len(offsets)+2))
		var z bytes.Buffer
		w := zlib.NewWriter(&z)
		_, _ = w.Write([]byte(content))
		_ = w.Close()
		object(fmt.Sprintf("<</Filter /FlateDecode /Length %d>> stream\n%s\nendstream", z.Len(), z.String()))
	}
	startx := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d /Root 1 0 R /Info 2 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, startx)
	f, err := parsePDF(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestTheFirstAndTheLastPageTellHowTheTextLooks(t *testing.T) {
	t.Parallel()
	line := func(size, y int, text string) string {
		return fmt.Sprintf("BT /F1 %d Tf 1 0 0 1 0 %d Tm (%s) Tj ET\n", size, y, text)
	}
	first := line(24, 800, "A Name") + line(10, 700, strings.Repeat("body ", 40)) + line(9, 50, "a note")
	last := line(8, 820, "A Name") + line(10, 780, "the end")
	got, err := printedWith(t, first, line(5, 10, "nobody looks here"), last).textLook(3)
	if want := (textLook{body: 10, smallest: 8, top: 800, bottom: 50, end: 780}); err != nil || got != want {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	if got, err = printedWith(t, first).textLook(1); err != nil || got.end != 50 || got.smallest != 9 {
		t.Errorf("one page: %+v, %v", got, err)
	}
	if got, err = printedWith(t, "0 0 5 5 re f", "").textLook(2); err != nil || got != (textLook{}) {
		t.Errorf("no text: %+v, %v", got, err)
	}
	if got, err = printedWith(t, first, "0 0 5 5 re f").textLook(2); err != nil || got.end != got.top {
		t.Errorf("no text on the last page: %+v, %v", got, err)
	}
}

func TestTextThatCannotBeReadIsNotTheResumesFault(t *testing.T) {
	t.Parallel()
	whole := printedWith(t, "BT /F1 10 Tf (a) Tj ET")
	for name, c := range map[string]struct {
		old, new string
		pages    int
	}{
		"no such page":     {"", "", 2},
		"no content":       {"/Contents", "/Kontents", 1},
		"not compressed":   {"/FlateDecode", "/LZWDecode..", 1},
		"damaged":          {"stream\n", "stream\nx", 1},
		"kids without end": {"[4 0 R]", "[4 0 R ", 1},
		"a circle":         {"[4 0 R]", "[3 0 R]", 1},
	} {
		f := *whole
		f.data = []byte(strings.Replace(string(whole.data), c.old, c.new, 1))
		if name == "kids without end" {
			f.data = bytes.ReplaceAll(f.data, []byte("]"), []byte(" "))
		}
		at := printout{file: &f, pages: c.pages}
		if got := export.FailureOf(at.measure()); got.Code != export.Internal {
			t.Errorf("%s: %v", name, at.measure())
		}
	}
}

// The file that other tests print with.
func TestAFileOfTheBrowserIsRead(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/chrome.pdf")
	if err != nil {
		t.Fatal(err)
	}
	f, err := parsePDF(data)
	if err != nil {
		t.Fatal(err)
	}
	if look, err := f.textLook(3); err != nil || look != (textLook{}) { // its pages are drawn on
		t.Errorf("%+v, %v", look, err)
	}
}
