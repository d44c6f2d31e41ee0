package pdfwrite

import (
	"bytes"
	"slices"
	"strconv"
)

// textFont is what text of a composite font is joined by: the widths of its glyphs and
// what they stand for.
type textFont struct {
	part   *object        // the descendant, with the widths
	widths []float64      // by code; notStated for those that have the usual width
	usual  float64        // the width of all other codes
	texts  map[int]string // UTF-16 in hexadecimal
	plain  []bool         // by code: it is in the text outside of ActualText, or beside others in it
	spans  map[int]span   // by code: the ActualText that replaces it alone
	font   *object

	outlines *outlines      // nil until it is needed
	composed map[string]int // codes of the added glyphs by what they are made of
	leads    map[int]bool   // added codes that have a gap after them
	several  bool           // there are glyphs that stand for several characters
	changed  bool           // the texts are others than in the file
}

// textFont reads a font; nil when it is of another form, such as one of pictures.
func (d *parsedFile) textFont(n int) *textFont {
	o := d.get(n)
	if o == nil || string(entry(o.body, "Subtype")) != "/Type0" || string(entry(o.body, "Encoding")) != "/Identity-H" {
		return nil
	}
	next := 0
	references(entry(o.body, "DescendantFonts"), func(n int) { next = n })
	f := &textFont{widths: d.scratch.takeWidths(), font: o, part: d.get(next), usual: 1000, spans: map[int]span{}}
	if f.part == nil {
		return nil
	}
	if v, ok := realValue(entry(f.part.body, "DW")); ok {
		f.usual = v
	}
	if !f.readWidths(entry(f.part.body, "W")) {
		return nil
	}
	if unicode := d.get(reference(entry(o.body, "ToUnicode"))); unicode != nil {
		f.texts = readUnicode(d.inflate(unicode))
		for _, text := range f.texts {
			f.several = f.several || len(text) > 4
		}
	}
	return f
}

// readWidths reads "first [w …]" and "first last w" (ISO 32000-1, 9.7.4.3).
func (f *textFont) readWidths(list []byte) bool {
	if list == nil {
		return true
	}
	if len(list) < 2 || list[0] != '[' {
		return false
	}
	rest := list[1 : len(list)-1]
	for len(skipSpace(rest)) > 0 {
		first, after, ok1 := intValue(rest)
		second, next, ok2 := value(after)
		if !ok1 || !ok2 {
			return false
		}
		if second[0] == '[' {
			code := first
			for word, more := cutWord(second[1 : len(second)-1]); len(word) > 0; word, more = cutWord(more) {
				w, ok := realValue(word)
				if !ok || !f.setWidth(code, w) {
					return false
				}
				code++
			}
			rest = next
			continue
		}
		last, _, ok1 := intValue(after)
		word, next, ok2 := value(next)
		w, ok3 := realValue(word)
		if !ok1 || !ok2 || !ok3 || last > lastCode {
			return false
		}
		for c := first; c <= last; c++ {
			if !f.setWidth(c, w) {
				return false
			}
		}
		rest = next
	}
	return true
}

// lastCode is the largest code of two bytes.
const lastCode = 0xffff

// notStated is the width of codes that the font does not list.
const notStated = -1

// setWidth records the width of a code. It reports whether both are possible.
func (f *textFont) setWidth(code int, w float64) bool {
	if code < 0 || code > lastCode || w < 0 {
		return false
	}
	if missing := code + 1 - len(f.widths); missing > 0 {
		f.widths = slices.Grow(f.widths, missing)
		for range missing {
			f.widths = append(f.widths, notStated)
		}
	}
	f.widths[code] = w
	return true
}

// stated reports whether the font lists the width of a code.
func (f *textFont) stated(code int) bool {
	return code >= 0 && code < len(f.widths) && f.widths[code] != notStated
}

// intValue splits off a number without a fraction.
func intValue(b []byte) (n int, rest []byte, ok bool) {
	v, rest, ok := value(b)
	if !ok {
		return 0, nil, false
	}
	n, err := strconv.Atoi(string(v))
	return n, rest, err == nil
}

// width returns the width of a string of codes in thousandths of the size; ok is false
// when it is no string of codes of two bytes.
func (f *textFont) width(hex []byte) (w float64, ok bool) {
	for ; len(hex) >= 4; hex = hex[4:] {
		c, ok := hexCode(hex)
		if !ok {
			return 0, false
		}
		w += f.widthOf(c)
	}
	return w, len(hex) == 0
}

// widthOf returns the width of a code in thousandths of the size.
func (f *textFont) widthOf(code int) float64 {
	if f.stated(code) {
		return f.widths[code]
	}
	return f.usual
}

// hexCode reads a code of four hexadecimal digits.
func hexCode(hex []byte) (int, bool) {
	n := 0
	for _, c := range hex[:4] {
		digit, ok := hexDigit(c)
		if !ok {
			return 0, false
		}
		n = n<<4 | digit
	}
	return n, true
}

func hexDigit(c byte) (int, bool) {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0'), true
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10, true
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10, true
	}
	return 0, false
}

// blank returns the code of the blank, or -1.
func (f *textFont) blank() int {
	blank := -1
	for code, text := range f.texts {
		if text == "0020" && (blank < 0 || code < blank) {
			blank = code
		}
	}
	return blank
}

// noBlank is the code by which a font without a blank lists one, which is not shown.
const noBlank = 0x7f7f

// narrow is a width of the glyph with the code 32 that must not be taken for that of the
// blank.
const narrow = 450

// stateBlank gives the blank an entry of its own among the widths, and the font a blank
// if it has none. Some readers take the width of the glyph with the code 32 or half of the
// usual width for that of the blank otherwise, and see blanks in kerned words.
func (f *textFont) stateBlank() {
	code := f.blank()
	width := f.usual
	if code < 0 && f.texts != nil && f.texts[noBlank] == "" && f.widthOf(' ') < narrow {
		code, width = noBlank, 500
		f.texts[code], f.changed = "0020", true
	}
	if code < 0 || f.stated(code) {
		return
	}
	before, after, ok := bytes.Cut(f.part.body, []byte("/W ["))
	if !ok {
		return
	}
	body := slices.Concat(before, []byte("/W ["), strconv.AppendInt(nil, int64(code), 10), []byte(" ["),
		strconv.AppendFloat(nil, width, 'f', -1, 64), []byte("] "), after)
	*f.part = object{body: body, stream: f.part.stream}
}
