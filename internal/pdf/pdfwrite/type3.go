package pdfwrite

import (
	"bytes"
	"fmt"
	"math"
)

// type3 is a Type 3 font (ISO 32000-1, 9.6.5), whose glyphs are drawn by content streams.
// Chrome writes such fonts for faces whose programs it cannot embed, each with a few of the
// face's glyphs under one-byte codes.
type type3 struct {
	name       string // PostScript name of the face
	descriptor []byte
	unicode    *object // the ToUnicode CMap
	scale      float64 // factor from glyph units to thousandths of an em
	glyphs     []type3Glyph
}

type type3Glyph struct {
	code      byte
	name      string // Chrome's name, which contains the glyph's number in the face
	procedure *object
	text      string // hexadecimal UTF-16, or ""
}

// readType3 reads a Type 3 font. It reports false if the font is not in the expected form,
// for example has resources: its glyphs are then pictures.
func (d *parsedFile) readType3(body []byte) (t type3, ok bool) {
	dict := dictionary(body)
	matrix := numbers(dict["FontMatrix"])
	if dict["Resources"] != nil || len(matrix) != 6 || matrix[0] <= 0 || matrix[0]+matrix[3] != 0 {
		return t, false
	}
	if t.scale = 1000 * matrix[0]; math.Abs(t.scale-1) < 1e-6 {
		t.scale = 1
	}
	descriptor := d.get(reference(dict["FontDescriptor"]))
	t.unicode = d.get(reference(dict["ToUnicode"]))
	if descriptor == nil || t.unicode == nil {
		return t, false
	}
	t.descriptor = descriptor.body
	_, name, found := bytes.Cut(entry(t.descriptor, "FontName"), []byte("+"))
	if t.name = string(name); !found || t.name == "" {
		return t, false
	}
	texts := readUnicode(d.inflate(t.unicode))
	procedures := dictionary(dict["CharProcs"])
	encoding := entry(dict["Encoding"], "Differences")
	if len(encoding) < 2 {
		return t, false
	}
	words := bytes.Fields(encoding[1 : len(encoding)-1])
	if len(words) == 0 || string(words[0]) != "0" || len(words) > 257 {
		return t, false
	}
	for i, word := range words[1:] {
		if i > 0 && string(word) == "/g0" {
			continue // an unused code
		}
		glyph := string(bytes.TrimPrefix(word, []byte("/")))
		procedure := d.get(reference(procedures[glyph]))
		if procedure == nil || procedure.stream == nil {
			return t, false
		}
		t.glyphs = append(t.glyphs, type3Glyph{byte(i), glyph, procedure, texts[i]})
	}
	return t, true
}

// readUnicode reads the text of each code from a ToUnicode CMap, as hexadecimal UTF-16.
func readUnicode(cmap []byte) map[int]string {
	texts := map[int]string{}
	ranges := false
	for line := range bytes.Lines(cmap) {
		line = bytes.TrimSpace(line)
		if !bytes.HasPrefix(line, []byte("<")) {
			ranges = bytes.HasSuffix(line, []byte("beginbfrange")) || ranges && !bytes.HasSuffix(line, []byte("beginbfchar"))
			continue
		}
		word1, rest := cutWord(line)
		word2, rest := cutWord(rest)
		word3, rest := cutWord(rest)
		switch {
		case len(skipSpace(rest)) > 0 || len(word2) == 0:
		case len(word3) == 0 && !ranges:
			if from, ok := hexNumber(word1); ok {
				texts[from] = string(bytes.Trim(word2, "<>"))
			}
		case len(word3) > 0 && ranges:
			from, ok1 := hexNumber(word1)
			to, ok2 := hexNumber(word2)
			first, ok3 := hexNumber(word3)
			for i := from; ok1 && ok2 && ok3 && i <= min(to, 0xffff); i++ {
				texts[i] = fmt.Sprintf("%04X", first+i-from)
			}
		}
	}
	return texts
}

// hexNumber reads "<1F>".
func hexNumber(word []byte) (int, bool) {
	if len(word) < 3 || len(word) > 10 || word[0] != '<' || word[len(word)-1] != '>' {
		return 0, false
	}
	n := 0
	for _, c := range word[1 : len(word)-1] {
		digit, ok := hexDigit(c)
		if !ok {
			return 0, false
		}
		n = n<<4 | digit
	}
	return n, true
}

// face collects the glyphs of all Type 3 fonts of one face, under two-byte codes. A glyph's
// code is its index in glyphs.
type face struct {
	first  int            // object number of the face's first Type 3 font, which the merged font replaces
	source type3          // that font
	glyphs []outline      // by code
	texts  []string       // by code, in hexadecimal UTF-16
	codes  map[string]int // code of each glyph by its name, text and procedure
}

// add adds the glyphs of a font that the face does not have yet, and returns the new code of
// each old one. It reports false if a glyph is not a filled outline or there are too many.
func (f *face) add(d *parsedFile, t type3) (newCodes map[byte]int, ok bool) {
	newCodes = map[byte]int{}
	for _, g := range t.glyphs {
		key := g.name + "\x00" + g.text + "\x00" + string(g.procedure.stream)
		n, known := f.codes[key]
		if !known {
			o, ok := readOutline(d.inflate(g.procedure), t.scale)
			if !ok {
				return nil, false
			}
			n = len(f.glyphs)
			f.glyphs, f.texts = append(f.glyphs, o), append(f.texts, g.text)
			f.codes[key] = n
		}
		newCodes[g.code] = n
	}
	return newCodes, len(f.glyphs) < 1<<15
}
