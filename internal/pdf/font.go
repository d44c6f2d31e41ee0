package pdf

import "fmt"

// font holds the data needed to read text: the widths of the glyphs and their text.
type font struct {
	bytes  int             // of a code: 2 for composite fonts, 1 for Type 3 fonts
	widths map[int]float64 // by code, in units of the font size
	list   []float64       // the same, for consecutive codes from first
	first  int
	usual  float64 // of all other codes
	text   cmap
}

// width returns the width of a glyph in units of the font size.
func (f *font) width(code int) float64 {
	if i := code - f.first; i >= 0 && i < len(f.list) {
		return f.list[i]
	}
	if w, ok := f.widths[code]; ok {
		return w
	}
	return f.usual
}

// fontAt returns the font that r refers to. It reads each font once.
func (f *File) fontAt(r ref) (*font, error) {
	if known, ok := f.fonts[r]; ok {
		return known, nil
	}
	v, err := f.resolve(r)
	if err != nil {
		return nil, err
	}
	d, _ := v.(dict)
	font := &font{}
	switch d.get("Subtype") {
	case name("Type0"):
		err = f.readComposite(d, font)
	case name("Type3"):
		err = f.readDrawn(d, font)
	default:
		err = formErrorf("a font has a type that Chrome does not write")
	}
	if err != nil {
		return nil, fmt.Errorf("reading font %d: %w", r, err)
	}
	v, err = f.resolve(d.get("ToUnicode"))
	if err != nil {
		return nil, err
	}
	if s, ok := v.(*stream); ok { // without it the text of the glyphs is unknown
		data, err := f.inflate(s)
		if err != nil {
			return nil, fmt.Errorf("reading the ToUnicode map of font %d: %w", r, err)
		}
		if font.text, err = parseCMap(data); err != nil {
			return nil, fmt.Errorf("reading the ToUnicode map of font %d: %w", r, err)
		}
	}
	f.fonts[r] = font
	return font, nil
}

// readComposite reads a Type 0 font, whose codes are glyph numbers.
func (f *File) readComposite(d dict, into *font) error {
	if d.get("Encoding") != name("Identity-H") {
		return formErrorf("the encoding is not Identity-H")
	}
	list, err := f.listAt(d, "DescendantFonts")
	if err != nil || len(list) != 1 {
		return formErrorf("a composite font does not have exactly one descendant")
	}
	v, err := f.resolve(list[0])
	if err != nil {
		return err
	}
	part, _ := v.(dict)
	into.bytes, into.usual = 2, 1
	if n, ok := part.get("DW").(float64); ok {
		into.usual = n / 1000
	}
	widths, err := f.listAt(part, "W")
	if err != nil {
		return err
	}
	return into.readWidths(widths)
}

// readWidths reads "first [w …]" and "first last w" (ISO 32000-1, 9.7.4.3).
func (f *font) readWidths(list array) error {
	f.widths = make(map[int]float64, len(list))
	read := 0 // codes in ranges
	for len(list) >= 2 {
		first, ok := list[0].(float64)
		if !ok || first < 0 || first >= maxCodes {
			return formErrorf("the widths of a font are damaged")
		}
		switch second := list[1].(type) {
		case array:
			for i, v := range second {
				w, _ := v.(float64)
				f.widths[int(first)+i] = w / 1000
			}
			list = list[2:]
		case float64:
			if len(list) < 3 || second < first || second >= maxCodes {
				return formErrorf("the widths of a font are damaged")
			}
			if read += int(second - first); read > 4*maxCodes {
				return formErrorf("a font has too many widths")
			}
			w, _ := list[2].(float64)
			for c := int(first); c <= int(second); c++ {
				f.widths[c] = w / 1000
			}
			list = list[3:]
		default:
			return formErrorf("the widths of a font are damaged")
		}
	}
	return nil
}

// readDrawn reads a Type 3 font, whose glyphs are content streams.
func (f *File) readDrawn(d dict, into *font) error {
	matrix, err := f.listAt(d, "FontMatrix")
	if err != nil {
		return err
	}
	if len(matrix) != 6 {
		return formErrorf("a font has no matrix")
	}
	scale, _ := matrix[0].(float64)
	first, _ := d.get("FirstChar").(float64)
	widths, err := f.listAt(d, "Widths")
	if err != nil {
		return err
	}
	if first < 0 || len(widths) > 256 {
		return formErrorf("the widths of a font are damaged")
	}
	into.bytes, into.first = 1, int(min(first, maxCodes))
	into.list = make([]float64, len(widths))
	for i, v := range widths {
		w, _ := v.(float64)
		into.list[i] = w * scale
	}
	return nil
}
