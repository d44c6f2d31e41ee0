package pdfwrite

import (
	"bytes"
	"maps"
	"slices"
	"unicode"
)

// joiner rewrites the text of content streams. It keeps the fonts that it has read.
type joiner struct {
	doc   *parsedFile
	fonts map[int]*textFont // nil for those of another form
	lines []textLine        // of the content stream that is rewritten

	spans   bool // there is ActualText in the file …
	letters bool // … of something else than blanks

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
func (d *parsedFile) joinTexts(contents []contentStream) {
	j := &joiner{doc: d, fonts: map[int]*textFont{}}
	lines := d.scratch.lines[:0]
	ends := make([]int, len(contents)) // of each stream in lines
	for i, c := range contents {
		lines = appendLines(lines, c.data)
		ends[i] = len(lines)
	}
	d.scratch.lines = lines
	j.namePictures(lines)
	for i := range lines {
		if lines[i].kind == beginSpan {
			j.spans = true
			j.letters = j.letters || !isBlank(lines[i].actual)
		}
	}
	if j.letters { // otherwise there is nothing to learn about glyphs
		j.gatherAll(lines, ends)
	}
	for _, f := range j.fonts {
		if f != nil && f.texts != nil {
			f.changed = f.learn()
		}
	}
	from := 0
	for i, c := range contents {
		err := j.rewrite(d.get(c.number), lines[from:ends[i]])
		from = ends[i]
		if err != nil {
			d.reportUnknown(err.Error())
		}
	}
	for _, f := range j.fonts {
		if f != nil {
			if len(f.composed) > 0 {
				d.storeGlyphs(f)
			}
			f.stateBlank()
			if f.changed || len(f.composed) > 0 {
				d.storeUnicode(f)
			}
			d.scratch.widths = append(d.scratch.widths, f.widths)
		}
	}
}

// rewrite joins the strings of a content stream.
func (j *joiner) rewrite(o *object, lines []textLine) error {
	j.reversed = slices.ContainsFunc(lines, func(l textLine) bool { return isReversed(&l) })
	j.lines = lines
	if j.letters {
		j.compose()
	}
	if j.spans {
		j.dropSpans(lines)
	}
	if j.reversed {
		j.joinReversed()
	}
	w := runWriter{joiner: j, out: j.doc.scratch.content[:0]}
	for i := range lines {
		w.after = lines[i+1:]
		w.line(&lines[i])
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

// appendLines appends the lines of a content stream to a list.
func appendLines(list []textLine, content []byte) []textLine {
	for len(content) > 0 {
		line, rest, _ := bytes.Cut(content, []byte("\n"))
		list = append(list, readLine(line))
		content = rest
	}
	return list
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
func (j *joiner) dropSpans(lines []textLine) {
	var font *textFont
	for i := range lines {
		switch l := &lines[i]; l.kind {
		case setFont:
			font = j.font(l.font)
		case beginSpan:
			f, code, end := j.single(lines, i, font)
			if f != nil && f.says(code, l.actual) && len(runesOf(l.actual)) == 1 && !unicode.IsMark(runesOf(l.actual)[0]) {
				l.kind, lines[end].kind = droppedLine, droppedLine
			}
		}
	}
}
