package pdfwrite

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
)

// pictureFont is a Type 3 font that is kept, because its glyphs are pictures: emoji. Its codes
// are bytes.
type pictureFont struct {
	font    *object
	entries map[string][]byte
	scale   float64             // factor from glyph units to ems; 0 if unknown
	names   [][]byte            // by code: the glyph
	widths  [][]byte            // by code
	texts   map[int]string      // from the ToUnicode CMap, UTF-16 in hexadecimal
	added   map[int]string      // the same of the codes that were added
	copies  map[pictureText]int // the codes that were added
}

// pictureText is a glyph with the text that it stands for, and the width that it takes.
type pictureText struct {
	code        int
	text, width string
}

// unusedName is the glyph of codes that are not in use.
const unusedName = "/g0"

// namePictures lets the pictures of emoji stand for the text that ActualText gives them, for the
// readers that do not know ActualText. The browser has just one text for a picture, and a private
// character for what is written with several: a flag. Each further text gets a code of its own, with
// the same picture.
//
// So does each further width: the browser places what follows a picture at a whole pixel, and poppler takes
// the rest for a blank.
func (j *joiner) namePictures(lines []textLine) {
	fonts := j.doc.pictureFonts()
	if len(fonts) == 0 {
		return
	}
	var font *pictureFont
	size := 0.0
	actual := map[*textLine]string{}
	for i := range lines {
		switch l := &lines[i]; l.kind {
		case setFont:
			font, size = fonts[l.font], l.size
		case beginSpan:
			if f, show := pictureOf(lines[i+1:], fonts, font); f != nil {
				actual[show] = l.actual
			}
		case showText:
			if font != nil && len(l.hex) == 2 {
				font.rename(l.hex, actual[l], advanceTo(lines, i)/size)
			}
		}
	}
	letter := 0
	for _, n := range slices.Sorted(maps.Keys(fonts)) {
		letter = j.doc.addLetter(fonts[n], letter)
		j.doc.storePictures(fonts[n])
	}
}

// advanceTo returns how far the next text on the same line is from a text, or 0 if that is not known.
func advanceTo(lines []textLine, at int) float64 {
	here, x := -1.0, 0.0
	for i := at + 1; i < len(lines); i++ {
		switch l := &lines[i]; l.kind {
		case setMatrix:
			if here < 0 {
				if here = startOf(lines, at, l); here < 0 {
					return 0
				}
			}
			x = l.dx
			continue
		case showText:
			switch {
			case here < 0 && l.moved && l.dy == 0: // from where this text begins
				return l.dx
			case here >= 0 && l.dy == 0:
				return x + l.dx - here
			}
			return 0
		case otherLine:
			if !bytes.HasSuffix(l.raw, []byte(" rg")) {
				return 0
			}
		case unreadable:
			return 0
		}
	}
	return 0
}

// startOf returns where a text begins, if the next text matrix is on its line, and -1 if not.
func startOf(lines []textLine, at int, next *textLine) float64 {
	x, y := 0.0, 0.0
	for i := at; i >= 0; i-- {
		switch l := &lines[i]; l.kind {
		case showText:
			x, y = x+l.dx, y+l.dy
		case setMatrix:
			if string(l.axes) != upright || string(next.axes) != upright || math.Abs(l.dy-y-next.dy) > 1e-3 {
				return -1
			}
			return l.dx + x
		case beginText, unreadable:
			return -1
		}
	}
	return -1
}

// pictureOf returns the string of a span, which begins before the lines, and its font, if the span
// has nothing but one picture.
func pictureOf(lines []textLine, fonts map[int]*pictureFont, font *pictureFont) (f *pictureFont, show *textLine) {
	for i := range lines {
		switch l := &lines[i]; l.kind {
		case setFont:
			font = fonts[l.font]
		case showText:
			if show != nil || font == nil || len(l.hex) != 2 {
				return nil, nil
			}
			f, show = font, l
		case endMark:
			return f, show
		case beginMark, beginSpan:
			return nil, nil
		}
	}
	return nil, nil
}

// rename changes a code of two hexadecimal digits to one that stands for a text and has a width in
// ems, if they are known and others than the code's.
func (f *pictureFont) rename(hex []byte, actual string, advance float64) {
	code, ok := hexNumber([]byte{'<', hex[0], hex[1], '>'})
	if !ok || code >= len(f.names) {
		return
	}
	text, width := f.texts[code], f.widths[code]
	if actual != "" {
		text = actual
	}
	if v, ok := realValue(width); ok && f.scale > 0 && math.Abs(advance-v*f.scale) < maxRest {
		width = appendDecimal(nil, advance/f.scale)
	}
	if text == "" || text == f.texts[code] && string(width) == string(f.widths[code]) {
		return
	}
	key := pictureText{code, text, string(width)}
	to, known := f.copies[key]
	if !known {
		if to = f.take(f.names[code], width); to < 0 {
			return
		}
		f.copies[key], f.added[to] = to, text
	}
	copy(hex, fmt.Sprintf("%02X", to))
}

// maxRest is the largest distance in ems from the end of a picture to the next whole pixel, at the smallest
// sizes of type. What is farther is a gap.
const maxRest = 0.08

// take gives an unused code to a glyph. It returns -1 if there is none. The code of the blank in
// other fonts is left alone.
func (f *pictureFont) take(name, width []byte) (code int) {
	for code = ' ' + 1; code < len(f.names); code++ {
		if string(f.names[code]) == unusedName {
			f.names[code], f.widths[code] = name, width
			return code
		}
	}
	if code = len(f.names); code <= ' ' || code > 0xff {
		return -1
	}
	f.names, f.widths = append(f.names, name), append(f.widths, width)
	return code
}

// addLetter gives the font a glyph with the name m, which is empty and not shown. By its width, poppler
// guesses the size of text in Type 3 fonts, and by the size what belongs to a line. Without an m it takes
// the width of any glyph, and emoji for twice as large as the text around them. The glyph's number
// is 0 until there is one.
func (d *parsedFile) addLetter(f *pictureFont, letter int) int {
	if f.scale <= 0 {
		return letter
	}
	width := appendDecimal(nil, letterWidth/f.scale)
	if f.take([]byte("/m"), width) < 0 {
		return letter
	}
	if letter == 0 {
		letter = len(d.objects)
		stream := append(slices.Clone(width), " 0 d0\n"...)
		d.objects = append(d.objects, &object{body: fmt.Appendf(nil, "<</Length %d>>", len(stream)), stream: stream})
	}
	procedures := bytes.TrimSuffix(f.entries["CharProcs"], []byte(">>"))
	f.entries["CharProcs"] = fmt.Appendf(slices.Clone(procedures), "/m %d 0 R>>", letter)
	return letter
}

// letterWidth is the width, in ems, that poppler takes an m to have.
const letterWidth = 0.6

// pictureFonts reads the Type 3 fonts by their numbers, without those of another form.
func (d *parsedFile) pictureFonts() map[int]*pictureFont {
	fonts := map[int]*pictureFont{}
	for n, o := range d.objects {
		if o == nil || string(entry(o.body, "Subtype")) != "/Type3" {
			continue
		}
		if f := d.pictureFont(o); f != nil {
			fonts[n] = f
		} else {
			d.reportUnknown("unexpected form of a Type 3 font with pictures")
		}
	}
	return fonts
}

func (d *parsedFile) pictureFont(o *object) *pictureFont {
	f := &pictureFont{font: o, entries: dictionary(o.body), added: map[int]string{}, copies: map[pictureText]int{}}
	if matrix := numbers(f.entries["FontMatrix"]); len(matrix) == 6 {
		f.scale = matrix[0]
	}
	unicode := d.get(reference(f.entries["ToUnicode"]))
	names := listWords(entry(f.entries["Encoding"], "Differences"))
	f.widths = listWords(f.entries["Widths"])
	if unicode == nil || len(names) == 0 || string(names[0]) != "0" || string(f.entries["FirstChar"]) != "0" ||
		!bytes.HasSuffix(f.entries["CharProcs"], []byte(">>")) {
		return nil
	}
	if f.names = names[1:]; len(f.names) != len(f.widths) || len(f.names) > 256 {
		return nil
	}
	f.texts = readUnicode(d.inflate(unicode))
	return f
}

// listWords returns the words of an array.
func listWords(list []byte) [][]byte {
	if len(list) < 2 || list[0] != '[' {
		return nil
	}
	return bytes.Fields(list[1 : len(list)-1])
}

// storePictures writes a font with the codes that were added.
func (d *parsedFile) storePictures(f *pictureFont) {
	f.entries["Encoding"] = slices.Concat([]byte("<</Type /Encoding\n/Differences [0 "), bytes.Join(f.names, []byte(" ")), []byte("]>>"))
	f.entries["Widths"] = slices.Concat([]byte("["), bytes.Join(f.widths, []byte(" ")), []byte("]"))
	f.entries["LastChar"] = strconv.AppendInt(nil, int64(len(f.names)-1), 10)
	body := []byte("<<")
	entries(f.font.body, func(name, _ []byte) bool {
		body = fmt.Appendf(body, "/%s %s\n", name, f.entries[string(name)])
		return true
	})
	*f.font = object{body: append(body, ">>"...)}
	if len(f.added) == 0 {
		return
	}
	o := d.get(reference(f.entries["ToUnicode"]))
	before, after, ok := bytes.Cut(d.inflate(o), []byte("endcmap"))
	if !ok {
		d.reportUnknown("unexpected form of a ToUnicode map")
		return
	}
	var lines []byte
	const maxBlock = 100 // entries of one bfchar block
	for block := range slices.Chunk(slices.Sorted(maps.Keys(f.added)), maxBlock) {
		lines = fmt.Appendf(lines, "%d beginbfchar\n", len(block))
		for _, code := range block {
			lines = fmt.Appendf(lines, "<%02X> <%s>\n", code, f.added[code])
		}
		lines = append(lines, "endbfchar\n"...)
	}
	data, err := deflate(slices.Concat(before, lines, []byte("endcmap"), after))
	if err != nil {
		d.reportUnknown(err.Error())
		return
	}
	*o = object{body: withLength(o.body, len(data)), stream: data}
}
