package pdfwrite

import (
	"bytes"
	"maps"
	"unicode"
)

// joiner rewrites the text of content streams. It keeps the fonts that it has read.
type joiner struct {
	doc   *parsedFile
	fonts map[int]*textFont // nil for those of another form
	lines []textLine

	spans    bool // there is ActualText in the file …
	letters  bool // … of something else than blanks
	reversed bool // the content has text from right to left
}

func (j *joiner) font(n int) *textFont {
	f, known := j.fonts[n]
	if !known {
		f = j.doc.textFont(n)
		j.fonts[n] = f
	}
	return f
}

// joinTexts writes the text of each line as one string. Chrome places glyph by glyph:
// readers that guess from these moves where words end find blanks inside words. The
// moves are also most of a content stream.
//
// Where ActualText says no more than the glyphs themselves, it is left out. Elsewhere
// glyphs that say as much take its place.
func (d *parsedFile) joinTexts() {
	j := &joiner{doc: d, fonts: map[int]*textFont{}}
	list := d.contents()
	contents := make([][]byte, len(list)) // reading fonts reuses the memory of inflate
	for i, n := range list {
		contents[i] = bytes.Clone(d.inflate(d.get(n)))
		spans := bytes.Count(contents[i], []byte("/ActualText"))
		j.spans = j.spans || spans > 0
		j.letters = j.letters || spans > bytes.Count(contents[i], []byte("/ActualText <feff2002>"))
	}
	if j.letters { // otherwise there is nothing to learn about glyphs
		for _, content := range contents {
			j.lines = appendLines(j.lines[:0], content)
			j.gather(j.lines)
		}
	}
	for _, f := range j.fonts {
		if f != nil && f.texts != nil {
			f.changed = f.learn()
		}
	}
	for i, n := range list {
		if err := j.rewrite(d.get(n), contents[i]); err != nil {
			d.reportUnknown(err.Error())
		}
	}
	for _, f := range j.fonts {
		if f == nil {
			continue
		}
		if len(f.composed) > 0 {
			d.storeGlyphs(f)
		}
		f.stateBlank()
		if f.changed || len(f.composed) > 0 {
			d.storeUnicode(f)
		}
	}
}

// rewrite joins the strings of a content stream.
func (j *joiner) rewrite(o *object, content []byte) error {
	j.lines = appendLines(j.lines[:0], content)
	j.reversed = bytes.Contains(content, []byte("/ReversedChars BMC"))
	if j.letters {
		j.compose()
	}
	if j.spans {
		j.dropSpans()
	}
	if j.reversed {
		j.joinReversed()
	}
	w := runWriter{joiner: j, out: j.doc.scratch.content[:0]}
	for i := range j.lines {
		w.line(&j.lines[i])
	}
	w.end()
	j.doc.scratch.content = w.out
	if w.failed {
		return formErrorf("a content stream is of another form")
	}
	data, err := deflate(w.out)
	if err != nil {
		return err
	}
	*o = object{body: withLength(o.body, len(data)), stream: data}
	return nil
}

// storeUnicode writes the font's ToUnicode map.
func (d *parsedFile) storeUnicode(f *textFont) {
	data, err := deflate(unicodeMap(maps.All(f.texts)))
	if err != nil {
		d.reportUnknown(err.Error())
		return
	}
	o := d.get(reference(entry(f.font.body, "ToUnicode")))
	*o = object{body: withLength(o.body, len(data)), stream: data}
}

// dropSpans drops the spans of ActualText that say of one glyph what it stands for
// anyway. Readers take the glyphs of other spans together, which keeps letters and their
// marks in order.
func (j *joiner) dropSpans() {
	var font *textFont
	for i := range j.lines {
		switch l := &j.lines[i]; l.kind {
		case setFont:
			font = j.font(l.font)
		case beginSpan:
			f, code, end := j.single(j.lines, i, font)
			if f != nil && f.says(code, l.actual) && len(runesOf(l.actual)) == 1 && !unicode.IsMark(runesOf(l.actual)[0]) {
				l.kind, j.lines[end].kind = droppedLine, droppedLine
			}
		}
	}
}
