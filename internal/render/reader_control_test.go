package render

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/unicode/bidi"

	"github.com/letrazapp/letraz-export/internal/document"
)

// fromRight lists the samples that are written from right to left.
var fromRight = []string{"arabic", "hebrew"}

// controlLine is how many characters a line of a control file has at most.
const controlLine = 90

// controlFile returns the simplest PDF of some texts: one font of glyphs that are one
// character each and equally wide, a line a string, in the order in which it is seen.
func controlFile(texts []string) []byte {
	codes := map[rune]int{}
	var content bytes.Buffer
	content.WriteString("BT\n/F1 10 Tf\n")
	y := 800
	for _, text := range texts {
		for _, line := range wrapText(text, controlLine) {
			fmt.Fprintf(&content, "1 0 0 1 20 %d Tm <", y)
			for _, r := range seen(line) {
				if codes[r] == 0 {
					codes[r] = len(codes) + 1
				}
				fmt.Fprintf(&content, "%04X", codes[r])
			}
			content.WriteString("> Tj\n")
			y -= 14
		}
		y -= 10
	}
	content.WriteString("ET\n")
	var cmap bytes.Buffer
	cmap.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for _, r := range slices.Sorted(maps.Keys(codes)) {
		fmt.Fprintf(&cmap, "1 beginbfchar\n<%04X> <", codes[r])
		for _, u := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&cmap, "%04X", u)
		}
		cmap.WriteString(">\nendbfchar\n")
	}
	cmap.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	stream := func(data []byte) string { return fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(data), data) }
	return assemble([]string{
		"<</Type /Catalog /Pages 2 0 R>>",
		"<</Type /Pages /Kids [3 0 R] /Count 1>>",
		fmt.Sprintf("<</Type /Page /Parent 2 0 R /MediaBox [0 %d 700 842] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>>>>", min(0, y)),
		stream(content.Bytes()),
		"<</Type /Font /Subtype /Type0 /BaseFont /Control /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R>>",
		"<</Type /Font /Subtype /CIDFontType2 /BaseFont /Control /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>>" +
			" /FontDescriptor 8 0 R /DW 500 /CIDToGIDMap /Identity>>",
		stream(cmap.Bytes()),
		"<</Type /FontDescriptor /FontName /Control /Flags 4 /FontBBox [0 -200 500 800] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80>>",
	})
}

// assemble returns a PDF of objects, the first of which is the catalog.
func assemble(objects []string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.5\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	at := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, at)
	return b.Bytes()
}

// wrapText breaks a text at blanks.
func wrapText(text string, limit int) []string {
	var lines []string
	line, length := "", 0
	for _, w := range strings.Fields(text) {
		n := len([]rune(w))
		if length > 0 && length+1+n > limit {
			lines, line, length = append(lines, line), "", 0
		}
		if length > 0 {
			line, length = line+" ", length+1
		}
		line, length = line+w, length+n
	}
	return append(lines, line)
}

// seen returns a line of a text from right to left in the order in which it is seen, from
// left to right. Brackets are not mirrored: most readers do not mirror them back.
func seen(line string) []rune {
	var p bidi.Paragraph
	if _, err := p.SetString(line, bidi.DefaultDirection(bidi.RightToLeft)); err != nil {
		return []rune(line)
	}
	order, err := p.Order()
	if err != nil {
		return []rune(line)
	}
	var out []rune
	for i := range order.NumRuns() {
		run := order.Run(i)
		text := run.String()
		if run.Direction() == bidi.RightToLeft {
			runes := []rune(text)
			slices.Reverse(runes)
			text = string(runes)
		}
		out = append([]rune(text), out...)
	}
	return out
}

// moreThanControl is how many words more a reader may misread in a sample than in the
// control file.
var moreThanControl = map[string]int{
	// A line has several fonts: signs and blanks between letters and numbers are not in that of the letters.
	"arabic poppler": 11, "hebrew poppler": 6, "arabic pypdf": 12, "hebrew pypdf": 15,
	// The alef that follows lam is less than a tenth of the size wide; poppler takes both for one letter that is drawn twice.
	"arabic poppler-raw": 23,
}

// TestReaders_ControlFile compares what readers misread in text from right to left with
// what they misread in the simplest file of the same words. With -v it prints a table.
func TestReaders_ControlFile(t *testing.T) {
	t.Parallel()
	checkControl(t, readSamples(t))
}

func checkControl(t *testing.T, files []readFile) {
	t.Helper()
	dir := t.TempDir()
	controls := map[string]readFile{} // by sample
	for _, f := range files {
		if _, ok := controls[f.sample]; ok || !slices.Contains(fromRight, f.sample) {
			continue
		}
		c := readFile{sample: f.sample, template: "control", document: f.document, texts: map[string]string{}}
		if err := os.WriteFile(base(dir, c)+".pdf", controlFile(fieldTexts(f.document)), 0o600); err != nil {
			t.Fatal(err)
		}
		controls[f.sample] = c
	}
	runReaders(t, dir)
	readTexts(t, dir, slices.Collect(maps.Values(controls)))
	for _, f := range files {
		c, ok := controls[f.sample]
		if !ok {
			continue
		}
		for _, reader := range readerNames {
			ours, least := wordFaults(f, reader), wordFaults(c, reader)
			t.Logf("CONTROL\t%s\t%s\t%d, control %d", f, reader, ours, least)
			if ours > least+moreThanControl[f.sample+" "+reader] {
				t.Errorf("%s misreads %d words of %s, and %d of the control file", reader, ours, f, least)
			}
		}
	}
}

// wordFaults returns how many words of a file a reader breaks, joins or does not find.
func wordFaults(f readFile, reader string) int {
	fields, _ := f.document.Fields(f.runOn)
	c := compareWords(fields, f.texts[reader])
	return c.broken + c.joined + c.missing
}

func fieldTexts(d *document.Document) []string {
	fields, _ := d.Fields(false)
	list := make([]string, len(fields))
	for i, f := range fields {
		list[i] = f.Text
	}
	return list
}
