package html

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/letrazapp/letraz-export/internal/export"
)

// FirstPage changes a page to be printed into one for a screenshot: in a window of
// the paper's size, it shows what is on the first printed page.
//
// The content is laid out in a column of the size of the page's area. The browser
// breaks columns and pages by the same rules, so the first column ends where the
// first page does. The other columns are outside of the window. Only breaks that
// name a page would differ; no template has them.
func FirstPage(page []byte, paper export.Paper) ([]byte, error) {
	start, end := bytes.Index(page, []byte("<style>")), bytes.Index(page, []byte("</style>"))
	if start < 0 || end < start {
		return nil, errors.New("making a picture of a page: it has no stylesheet")
	}
	margin, err := pageMargin(string(page[start:end]), paper)
	if err != nil {
		return nil, fmt.Errorf("making a picture of a page: %w", err)
	}
	width, height := paper.Size()
	left, right := column(width*cssInch, margin[3], margin[1])
	top, bottom := column(height*cssInch, margin[0], margin[2])

	var b bytes.Buffer
	b.Grow(len(page) + 256)
	b.Write(page[:end])
	fmt.Fprintf(&b, "html { box-sizing: border-box; width: 100vw; height: 100vh; padding: %gpx %gpx %gpx %gpx; "+
		"columns: 1; column-fill: auto; column-gap: 100vw; contain: paint; }\n", top, right, bottom, left)
	b.Write(page[end:])
	return b.Bytes(), nil
}

// cssInch is a CSS inch in CSS pixels.
const cssInch = 96

// column returns where the page's area begins, and the distance of its end from that
// of the window, in whole pixels. In print, the browser rounds margins down and the
// area up.
func column(size, before, after float64) (begin, rest float64) {
	begin = math.Floor(before)
	return begin, math.Ceil(size) - begin - math.Ceil(size-before-after)
}

// pageMargin returns the margins of the first page that a stylesheet sets, in pixels:
// top, right, bottom, left. Named pages are those for the paper of that name.
func pageMargin(css string, paper export.Paper) (margin [4]float64, err error) {
	var named, first []string
	read := func(declarations []string) {
		for _, d := range declarations {
			if err == nil {
				err = setMargin(&margin, d)
			}
		}
	}
	for {
		_, rest, found := strings.Cut(css, "@page")
		if !found {
			read(named)
			read(first)
			return margin, err
		}
		selector, rest, _ := strings.Cut(rest, "{")
		declarations, length := ownDeclarations(rest)
		css = rest[length:]
		switch strings.TrimSpace(selector) {
		case "":
			read(declarations)
		case string(paper): // these win wherever they stand
			named = append(named, declarations...)
		case ":first":
			first = append(first, declarations...)
		}
	}
}

// setMargin applies a declaration to the margins, if it is about margins.
func setMargin(margin *[4]float64, declaration string) error {
	name, text, _ := strings.Cut(declaration, ":")
	name = strings.TrimSpace(name)
	side, ok := map[string]int{"margin": -1, "margin-top": 0, "margin-right": 1, "margin-bottom": 2, "margin-left": 3}[name]
	if !ok {
		return nil
	}
	words := strings.Fields(text)
	values := make([]float64, len(words))
	for i, word := range words {
		var err error
		if values[i], err = pixels(word); err != nil {
			return err
		}
	}
	switch {
	case side >= 0 && len(values) == 1:
		margin[side] = values[0]
	case side < 0 && len(values) == 1:
		*margin = [4]float64{values[0], values[0], values[0], values[0]}
	case side < 0 && len(values) == 2:
		*margin = [4]float64{values[0], values[1], values[0], values[1]}
	case side < 0 && len(values) == 3:
		*margin = [4]float64{values[0], values[1], values[2], values[1]}
	case side < 0 && len(values) == 4:
		*margin = [4]float64(values)
	default:
		return fmt.Errorf("the margin of @page cannot be %q", text)
	}
	return nil
}

// pixels converts an absolute CSS length; other lengths are an error.
func pixels(length string) (float64, error) {
	number := strings.TrimRight(length, "abcdefghijklmnopqrstuvwxyz%")
	n, err := strconv.ParseFloat(number, 64)
	unit, ok := map[string]float64{"mm": cssInch / 25.4, "cm": cssInch / 2.54, "in": cssInch, "pt": cssInch / 72.0, "px": 1}[length[len(number):]]
	if length == "0" {
		return 0, nil
	}
	if err != nil || !ok {
		return 0, fmt.Errorf("the margins of @page must be in mm, cm, in, pt or px, not %q", length)
	}
	return n * unit, nil
}

// ownDeclarations returns the declarations of a block, without those of nested
// blocks, and the length of the block. css begins after the opening brace.
func ownDeclarations(css string) (declarations []string, length int) {
	depth, quote, from := 0, byte(0), 0
	for i := range len(css) {
		c := css[i]
		switch {
		case quote != 0:
			if c == quote && css[i-1] != '\\' {
				quote = 0
			}
			continue
		case c == '"', c == '\'':
			quote = c
			continue
		case c == '{':
			depth++
			continue
		case c == '}' && depth > 0:
			if depth--; depth == 0 {
				from = i + 1
			}
			continue
		}
		if depth == 0 && (c == ';' || c == '}') {
			declarations = append(declarations, css[from:i])
			from = i + 1
		}
		if c == '}' {
			return declarations, i + 1
		}
	}
	return declarations, len(css)
}
