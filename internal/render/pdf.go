package render

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// pdfFile is a file as Chrome prints it (PDF 1.4, ISO 32000-1): plain objects and
// one cross-reference table. Nothing here reads PDFs from elsewhere.
type pdfFile struct {
	data    []byte
	startx  int   // offset of the cross-reference table
	offsets []int // of each object; 0 where there is none
	root    int   // object number of the catalog
	info    int   // object number of the document information
}

var errNotWhole = errors.New("the file is cut off or not a PDF")

// parsePDF reads the structure and fails unless the file is whole.
func parsePDF(data []byte) (*pdfFile, error) {
	f := &pdfFile{data: data}
	if !bytes.HasPrefix(data, []byte("%PDF-")) {
		return nil, errNotWhole
	}
	tail := data[max(0, len(data)-64):]
	at := bytes.LastIndex(tail, []byte("startxref"))
	if at < 0 || !bytes.Contains(tail[at:], []byte("%%EOF")) {
		return nil, errNotWhole
	}
	if _, err := fmt.Sscanf(string(tail[at:]), "startxref\n%d", &f.startx); err != nil || f.startx <= 0 || f.startx >= len(data) {
		return nil, errNotWhole
	}
	table, trailer, ok := bytes.Cut(data[f.startx:], []byte("trailer"))
	if !ok {
		return nil, fmt.Errorf("%w: it has no trailer", errNotWhole)
	}
	if err := f.readTable(table); err != nil {
		return nil, err
	}
	var err error
	if f.root, err = number(trailer, "Root"); err != nil {
		return nil, err
	}
	f.info, err = number(trailer, "Info")
	return f, err
}

// readTable reads "xref", "0 n", and n lines of 20 bytes, the offset first.
func (f *pdfFile) readTable(table []byte) error {
	var first, n int
	if _, err := fmt.Sscanf(string(table[:min(len(table), 40)]), "xref\n%d %d", &first, &n); err != nil || first != 0 {
		return fmt.Errorf("%w: its cross-reference table is of another form", errNotWhole)
	}
	const line = 20
	_, lines, _ := bytes.Cut(table[len("xref\n"):], []byte("\n"))
	if n <= 0 || n > len(lines)/line {
		return fmt.Errorf("%w: its cross-reference table is short", errNotWhole)
	}
	f.offsets = make([]int, n)
	for i := range f.offsets {
		entry := lines[i*line : (i+1)*line]
		if entry[17] != 'n' {
			continue
		}
		offset, err := strconv.Atoi(string(entry[:10]))
		if err != nil || offset <= 0 || offset >= len(f.data) {
			return fmt.Errorf("%w: its cross-reference table is damaged", errNotWhole)
		}
		f.offsets[i] = offset
	}
	return nil
}

// object gives the bytes of object number n.
func (f *pdfFile) object(n int) ([]byte, error) {
	if n <= 0 || n >= len(f.offsets) || f.offsets[n] == 0 {
		return nil, fmt.Errorf("%w: object %d is missing", errNotWhole, n)
	}
	body, _, ok := bytes.Cut(f.data[f.offsets[n]:], []byte("endobj"))
	if !ok {
		return nil, fmt.Errorf("%w: object %d does not end", errNotWhole, n)
	}
	return body, nil
}

// pageCount reads the number of pages from the root of the page tree.
func (f *pdfFile) pageCount() (int, error) {
	catalog, err := f.object(f.root)
	if err != nil {
		return 0, err
	}
	pages, err := number(catalog, "Pages")
	if err != nil {
		return 0, err
	}
	tree, err := f.object(pages)
	if err != nil {
		return 0, err
	}
	n, err := number(tree, "Count")
	if err == nil && n < 1 {
		err = fmt.Errorf("%w: it has no pages", errNotWhole)
	}
	return n, err
}

// number reads the integer after /name; of a reference "n 0 R" that is the
// object's number.
func number(dict []byte, name string) (int, error) {
	_, rest, ok := bytes.Cut(dict, []byte("/"+name+" "))
	if !ok {
		return 0, fmt.Errorf("%w: it has no %s", errNotWhole, name)
	}
	digits := rest[:len(rest)-len(bytes.TrimLeft(rest, "0123456789"))]
	n, err := strconv.Atoi(string(digits))
	if err != nil {
		return 0, fmt.Errorf("%w: its %s is no number", errNotWhole, name)
	}
	return n, nil
}
