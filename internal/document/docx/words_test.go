package docx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document/documenttest"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// wordPart is a part of the resume's Word document.
func wordPart(t *testing.T, r resume.Resume, paper export.Paper, name string) []byte {
	t.Helper()
	data, err := Write(documenttest.New(t, r), html.Default, paper)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		return nil
	}
	content, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// wordText is what a reader of the Word document meets, in its order.
func wordText(t *testing.T, r resume.Resume) []string {
	t.Helper()
	var b strings.Builder
	inText := false
	d := xml.NewDecoder(bytes.NewReader(wordPart(t, r, export.A4, "word/document.xml")))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return readWords(b.String())
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "tab" || e.Name.Local == "br" || e.Name.Local == "p" {
				b.WriteByte(' ')
			}
			inText = e.Name.Local == "t"
		case xml.EndElement:
			inText = false
		case xml.CharData:
			if inText {
				b.Write(e)
			}
		}
	}
}

// pageText is the same of the page.
func pageText(t *testing.T, r resume.Resume) []string {
	t.Helper()
	page, err := html.Write(documenttest.New(t, r), html.Options{})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := parse(page)
	if err != nil {
		t.Fatal(err)
	}
	within := strings.Fields("bdi a b i u strong em code span time wbr")
	var b strings.Builder
	var walk func(n *node)
	walk = func(n *node) {
		if n.Data == "head" {
			return
		}
		divides := n.Type == elementNode && !slices.Contains(within, n.Data)
		if divides {
			b.WriteByte(' ')
		}
		if n.Type == textNode {
			b.WriteString(n.Data)
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
		if divides {
			b.WriteByte(' ')
		}
	}
	walk(doc)
	return readWords(b.String())
}

// readWords are the words of a text, without what only separates them: a page has lines
// and spaces where a document of one column has signs.
func readWords(text string) []string {
	text = strings.NewReplacer("\u200e", "", "\u200f", "", "\u00ad", "", "|", " ", "·", " ").Replace(text)
	return strings.Fields(text)
}

// sameWords fails at the first word in which the document differs from the page.
func sameWords(t *testing.T, r resume.Resume) {
	t.Helper()
	got, want := wordText(t, r), pageText(t, r)
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			from := max(i-3, 0)
			t.Errorf("the texts part at word %d: %.200q, want %.200q", i, got[from:min(i+3, len(got))], want[from:min(i+3, len(want))])
			return
		}
	}
}
