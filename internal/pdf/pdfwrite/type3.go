package pdfwrite

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
)

// type3 is a font of procedures as Chrome writes it for faces whose programs it
// cannot embed: some of a face's glyphs under codes of one byte.
type type3 struct {
	name       string // of the face, as its program has it
	descriptor []byte
	unicode    *object // its ToUnicode map
	scale      float64 // from its units to thousandths of an em
	codes      []code
}

// code is a glyph of a type3.
type code struct {
	code      byte
	glyph     string // Chrome's name for it, which holds its number in the face
	procedure *object
	text      string // what it stands for, UTF-16 in hexadecimal, or ""
}

// readType3 takes a font apart; ok is false for what is of another form, such as
// a font with resources: its glyphs are pictures.
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
			continue // fills the gaps
		}
		glyph := string(bytes.TrimPrefix(word, []byte("/")))
		procedure := d.get(reference(procedures[glyph]))
		if procedure == nil || procedure.stream == nil {
			return t, false
		}
		t.codes = append(t.codes, code{byte(i), glyph, procedure, texts[i]})
	}
	return t, true
}

// readUnicode reads what the codes of a ToUnicode map stand for.
func readUnicode(cmap []byte) map[int]string {
	texts := map[int]string{}
	ranges := false
	for line := range bytes.Lines(cmap) {
		line = bytes.TrimSpace(line)
		if !bytes.HasPrefix(line, []byte("<")) {
			ranges = bytes.HasSuffix(line, []byte("beginbfrange")) || ranges && !bytes.HasSuffix(line, []byte("beginbfchar"))
			continue
		}
		fields := bytes.Fields(line)
		switch {
		case len(fields) == 2 && !ranges:
			if from, ok := hexNumber(fields[0]); ok {
				texts[from] = string(bytes.Trim(fields[1], "<>"))
			}
		case len(fields) == 3 && ranges:
			from, ok1 := hexNumber(fields[0])
			to, ok2 := hexNumber(fields[1])
			first, ok3 := hexNumber(fields[2])
			for i := from; ok1 && ok2 && ok3 && i <= min(to, 0xffff); i++ {
				texts[i] = fmt.Sprintf("%04X", first+i-from)
			}
		}
	}
	return texts
}

// hexNumber reads "<1F>".
func hexNumber(word []byte) (int, bool) {
	n, err := strconv.ParseUint(string(bytes.Trim(word, "<>")), 16, 32)
	return int(n), err == nil && len(word) > 2 && word[0] == '<'
}

// face is what becomes of all fonts of one face: glyphs under codes of two bytes.
type face struct {
	first   int // object number of the first font, which it takes the place of
	source  type3
	glyphs  []outline
	texts   []string
	numbers map[string]int // the code of a glyph by all that tells it from others
}

// add takes over a font's glyphs and returns their new codes by the old ones; ok is
// false when one is no plain outline. A glyph that is there already is not added.
func (c *face) add(d *parsedFile, t type3) (codes map[byte]int, ok bool) {
	codes = map[byte]int{}
	for _, g := range t.codes {
		key := g.glyph + "\x00" + g.text + "\x00" + string(g.procedure.stream)
		n, known := c.numbers[key]
		if !known {
			o, ok := readOutline(d.inflate(g.procedure), t.scale)
			if !ok {
				return nil, false
			}
			n = len(c.glyphs)
			c.glyphs, c.texts = append(c.glyphs, o), append(c.texts, g.text)
			c.numbers[key] = n
		}
		codes[g.code] = n
	}
	return codes, len(c.glyphs) < 1<<15
}
