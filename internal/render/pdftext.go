package render

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
)

// textLook is how a document's text looks, as far as a fit has to know, in
// points. It is zero where there is no text.
type textLook struct {
	body     float64 // size of most of the text on the first page
	smallest float64 // on the first and the last page
	// Baselines, from the foot of the sheet: the first and the last one of the first
	// page, and the last one of the last page.
	top, bottom, end float64
}

// textLook looks at the first and the last page.
func (f *pdf) textLook(pages int) (textLook, error) {
	first, err := f.pageText(0)
	if err != nil {
		return textLook{}, err
	}
	last := first
	if pages > 1 {
		if last, err = f.pageText(pages - 1); err != nil {
			return textLook{}, err
		}
	}
	if len(first.sizes) == 0 {
		return textLook{}, nil
	}
	l := textLook{smallest: math.Inf(1), top: first.top, bottom: first.bottom, end: first.top}
	if len(last.sizes) > 0 {
		l.end = last.bottom
	}
	most := 0
	for size, n := range first.sizes {
		if n > most || n == most && size > l.body {
			l.body, most = size, n
		}
	}
	for _, page := range []pageText{first, last} {
		for size := range page.sizes {
			l.smallest = min(l.smallest, size)
		}
	}
	return l, nil
}

// pageText is the text of one page: how much there is of each size, and the
// first and the last baseline, from the foot of the sheet.
type pageText struct {
	sizes       map[float64]int // bytes of text, by size in hundredths of a point
	top, bottom float64
}

// pageText reads a page of the file, from 0.
func (f *pdf) pageText(n int) (pageText, error) {
	catalog, err := f.object(f.root)
	if err != nil {
		return pageText{}, err
	}
	root, err := number(catalog, "Pages")
	if err != nil {
		return pageText{}, err
	}
	page, _, err := f.findPage(root, n, 0)
	if err != nil {
		return pageText{}, err
	}
	content, err := number(page, "Contents")
	if err != nil {
		return pageText{}, err
	}
	data, err := f.stream(content)
	if err != nil {
		return pageText{}, err
	}
	return readText(data), nil
}

var reference = regexp.MustCompile(`(\d+) 0 R`)

// findPage looks for a page in the tree below an object; if it is not there, it
// says how many pages are.
func (f *pdf) findPage(node, n, depth int) (page []byte, seen int, err error) {
	object, err := f.object(node)
	if err != nil {
		return nil, 0, err
	}
	_, kids, tree := bytes.Cut(object, []byte("/Kids"))
	if !tree {
		if n == 0 {
			return object, 1, nil
		}
		return nil, 1, nil
	}
	kids, _, ok := bytes.Cut(kids, []byte("]"))
	if !ok || depth > 8 {
		return nil, 0, fmt.Errorf("%w: its pages are not a tree", errNotWhole)
	}
	for _, kid := range reference.FindAllSubmatch(kids, -1) {
		number, err := strconv.Atoi(string(kid[1]))
		if err != nil {
			return nil, 0, fmt.Errorf("%w: its pages are not a tree", errNotWhole)
		}
		page, below, err := f.findPage(number, n-seen, depth+1)
		if page != nil || err != nil {
			return page, 0, err
		}
		seen += below
	}
	if depth == 0 {
		return nil, 0, fmt.Errorf("%w: page %d is missing", errNotWhole, n+1)
	}
	return nil, seen, nil
}

// maxContent bounds what one page's content may become: real ones have some
// hundred kilobytes.
const maxContent = 64 << 20

// stream gives the data of a stream.
func (f *pdf) stream(n int) ([]byte, error) {
	if n <= 0 || n >= len(f.offsets) || f.offsets[n] == 0 {
		return nil, fmt.Errorf("%w: object %d is missing", errNotWhole, n)
	}
	dict, data, ok := bytes.Cut(f.data[f.offsets[n]:], []byte("stream\n"))
	length, err := number(dict, "Length")
	if !ok || err != nil || length > len(data) {
		return nil, fmt.Errorf("%w: object %d is no stream", errNotWhole, n)
	}
	switch {
	case !bytes.Contains(dict, []byte("/Filter")): // too short to be worth it
		return data[:length], nil
	case !bytes.Contains(dict, []byte("/FlateDecode")):
		return nil, fmt.Errorf("%w: object %d is compressed in another way", errNotWhole, n)
	}
	r, err := zlib.NewReader(bytes.NewReader(data[:length]))
	if err != nil {
		return nil, fmt.Errorf("%w: object %d: %w", errNotWhole, n, err)
	}
	text, err := io.ReadAll(io.LimitReader(r, maxContent))
	if err != nil {
		return nil, fmt.Errorf("%w: object %d: %w", errNotWhole, n, err)
	}
	return text, nil
}
