package pdf

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// written returns a file of these objects, numbered from 1. The first is the catalog.
func written(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return b.Bytes()
}

func streamOf(entries string, content []byte) string {
	return fmt.Sprintf("<<%s /Length %d>> stream\n%s\nendstream", entries, len(content), content)
}

// bomb returns n compressed bytes.
func bomb(t *testing.T, n int) string {
	t.Helper()
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	if _, err := z.Write(make([]byte, n)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return streamOf("/Filter /FlateDecode", packed.Bytes())
}

const (
	onePage = "<</Type /Pages /Kids [3 0 R] /Count 1>>"
	page3   = "<</Type /Page /Contents 4 0 R /Resources <</Font <</F1 5 0 R>> /XObject <</F0 4 0 R>>>>>>"
)

func TestOpen_HostileFiles(t *testing.T) {
	t.Parallel()
	catalog := "<</Type /Catalog /Pages 2 0 R>>"
	attached := "<</Type /Catalog /Pages 2 0 R /Names <</EmbeddedFiles %s>>>>"
	blank := streamOf("", nil)
	for name, data := range map[string][]byte{
		"pages that hold themselves": written(catalog, "<</Type /Pages /Kids [2 0 R]>>"),
		"a page that is a number":    written(catalog, "<</Type /Pages /Kids [7]>>"),
		"no pages":                   written(catalog, "<</Type /Pages /Kids []>>"),
		"an object that is itself":   written(catalog, onePage, page3, "4 0 R"),
		"two that are each other":    written(catalog, onePage, page3, "5 0 R", "4 0 R"),
		"a drawing in itself":        written(catalog, onePage, page3, streamOf("/Subtype /Form", []byte("/F0 Do /F0 Do"))),
		"a content bomb":             written(catalog, onePage, page3, bomb(t, maxStream+1)),
		"lists in lists":             written("<</Pages " + strings.Repeat("[", 100_000)),
		"an unknown filter":          written(catalog, onePage, page3, streamOf("/Filter /LZWDecode", nil)),
		"a stream longer than all":   written(catalog, onePage, page3, "<</Length 99999>> stream\n"),
		"a length that is a stream":  written(catalog, onePage, page3, "<</Length 5 0 R>> stream\n", "<</Length 4 0 R>> stream\n"),
		"a length that is itself":    written(catalog, onePage, page3, "<</Length 4 0 R>> stream\n"),
		"a font that is not there":   written(catalog, onePage, page3, streamOf("", []byte("/F9 12 Tf"))),
		"a font of another kind":     written(catalog, onePage, page3, streamOf("", []byte("/F1 12 Tf")), "<</Subtype /Type1>>"),
		"an operator of others":      written(catalog, onePage, page3, streamOf("", []byte("3 Tc"))),
		"text without a font":        written(catalog, onePage, page3, streamOf("", []byte("(a) Tj"))),
		"a font of endless ranges": written(catalog, onePage, page3, streamOf("", []byte("/F1 12 Tf")),
			"<</Subtype /Type0 /Encoding /Identity-H /DescendantFonts [<<>>] /ToUnicode 6 0 R>>",
			streamOf("", []byte("beginbfrange "+strings.Repeat("<0000> <FFFF> <0041> ", 1000)))),
		"a font of endless widths": written(catalog, onePage, page3, streamOf("", []byte("/F1 12 Tf")),
			"<</Subtype /Type0 /Encoding /Identity-H /DescendantFonts [<</W ["+strings.Repeat("0 65535 500 ", 1000)+"]>>]>>"),
		"endless glyphs": written(catalog, onePage, page3, streamOf("", []byte("/F1 12 Tf <"+strings.Repeat("00", 5_000_000)+"> Tj")),
			"<</Subtype /Type0 /Encoding /Identity-H /DescendantFonts [<<>>]>>"),
		"one long object again and again": written(catalog, onePage,
			"<</Type /Page /Contents 4 0 R /Annots ["+strings.Repeat("5 0 R ", 10_000)+"]>>", blank, "<</Long ("+strings.Repeat("long", 10_000)+")>>"),
		"a structure in itself":       written("<</Pages 2 0 R /StructTreeRoot 5 0 R>>", onePage, page3, blank, "<</K 6 0 R>>", "<</S /P /K [6 0 R]>>"),
		"an outline in a circle":      written("<</Pages 2 0 R /Outlines 5 0 R>>", onePage, page3, blank, "<</First 6 0 R>>", "<</Next 6 0 R>>"),
		"names in a circle":           written(fmt.Sprintf(attached, "5 0 R"), onePage, page3, blank, "<</Kids [5 0 R]>>"),
		"an attachment without bytes": written(fmt.Sprintf(attached, "<</Names [(x) <</F (resume.json)>>]>>"), onePage, page3, blank),
		"an attached bomb": written(fmt.Sprintf(attached, "<</Names [(x) <</F (resume.json) /EF <</F 5 0 R>>>>]>>"), onePage, page3, blank,
			bomb(t, maxStream+1)),
		"encryption":                     bytes.Replace(written(catalog, onePage, page3, blank), []byte("/Root"), []byte("/Encrypt 9 0 R /Root"), 1),
		"tables in a circle":             []byte("%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Prev 9>>\nstartxref\n9\n%%EOF"),
		"tables that lead to each other": []byte("%PDF-1.4\nxref\n0 0\ntrailer\n<</Prev 41>>\n       \nxref\n0 0\ntrailer\n<</Prev 9>>\nstartxref\n9\n%%EOF"),
		"objects in a stream that is in itself": []byte("%PDF-1.5\n1 0 obj\n" + streamOf("/Type /XRef /W [1 1 1] /Size 3 /Root 2 0 R", []byte("\x00\x00\x00\x01\x09\x00\x02\x02\x00")) +
			"\nendobj\nstartxref\n9\n%%EOF"),
		"objects in a stream that says too much": []byte("%PDF-1.5\n1 0 obj\n" + streamOf("/Type /XRef /W [1 1 1] /Size 99999999 /Root 2 0 R", []byte("\x00\x00\x00")) +
			"\nendobj\nstartxref\n9\n%%EOF"),
		"objects without number": []byte("%PDF-1.5\n1 0 obj\n" + strings.Replace(bomb(t, maxObjects+1), "<<", fmt.Sprintf("<</Type /XRef /W [1 0 0] /Size %d /Root 2 0 R ", maxObjects+1), 1) +
			"\nendobj\nstartxref\n9\n%%EOF"),
		"a cross-reference stream that is none": []byte("%PDF-1.5\n1 0 obj\n<</Type /XRef>>\nendobj\nstartxref\n9\n%%EOF"),
	} {
		if err := readAll(data); !errors.Is(err, ErrForm) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestText_SkipsOtherOperators: operators that draw no text are ignored.
func TestText_SkipsOtherOperators(t *testing.T) {
	t.Parallel()
	data := written("<</Type /Catalog /Pages 2 0 R>>", onePage, page3,
		streamOf("", []byte("q 1 0 0 1 0 0 cm /G3 gs 0 0 10 10 re W* n [3 2] 0 d 0 J 1 w .5 g 0 0 m 1 1 l 1 2 3 4 5 6 c h f* S Q EMC /Artifact BMC EMC")))
	f, err := Open(data)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := f.Text(); err != nil || len(text) != 0 {
		t.Errorf("%v, %v", text, err)
	}
}

// TestOpen_IncrementalUpdates: the newest version of an object counts, and a deleted
// object is missing.
func TestOpen_IncrementalUpdates(t *testing.T) {
	t.Parallel()
	old := written("<</Type /Catalog /Pages 2 0 R /Lang (old)>>", onePage, page3, streamOf("", nil))
	at := len(old)
	start := bytes.LastIndex(old, []byte("xref\n0"))
	data := append(old, "1 0 obj\n<</Type /Catalog /Pages 2 0 R /Lang (new)>>\nendobj\n"...)
	table := len(data)
	data = fmt.Appendf(data, "xref\n1 1\n%010d 00000 n \n4 1\n0000000000 00001 f \ntrailer\n<</Size 5 /Root 1 0 R /Prev %d>>\nstartxref\n%d\n%%%%EOF\n", at, start, table)
	f, err := Open(data)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := f.Structure(); err != nil || s.Language != "new" {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := f.Text(); !errors.Is(err, ErrForm) {
		t.Errorf("the contents of a page were deleted: %v", err)
	}
}
