package render

import (
	"bytes"
	"errors"
	"fmt"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// A page that occupies a browser for too long delays other exports, so it is rejected
// before it is printed. The estimate reads the page once, byte by byte. It recognises
// the elements that package html writes and is not a general HTML parser.
//
// The time to lay out and print grows with the page, with two exceptions. Within
// one block (a paragraph, a list item) it grows with the square of the pieces of
// text, of the changes of script, and of the characters of scripts other than
// Latin. And the glyph of each distinct character of a large script is added to the
// file.
//
// The constants are CPU times of the browser that the golden files were made with;
// BenchmarkEstimate compares them with those of the current browser.
const (
	// maxLayout is the largest estimate at which a page is printed. The estimate for an
	// unusually long resume of 40 pages is 0.6 s, for one of two pages 0.03 s.
	maxLayout = 1200 * time.Millisecond
	// maxBlock bounds the quadratic part of the estimate for one block. It is 3 ms in
	// usual resumes, and 200 ms for a whole resume pasted as one paragraph.
	maxBlock = 300 * time.Millisecond
	// maxFit bounds all prints of a fit together.
	maxFit = 1500 * time.Millisecond

	elementTime   = 50 * time.Microsecond
	itemTime      = 150 * time.Microsecond // beside elementTime, for <li>
	paragraphTime = 80 * time.Microsecond  // beside elementTime, for <p>
	latinTime     = 500 * time.Nanosecond  // a character
	otherTime     = 5 * time.Microsecond   // a character of another script
	glyphTime     = 130 * time.Microsecond // a distinct character of another script
	addressTime   = 50 * time.Nanosecond   // a byte of a link's address, for each line of the link

	// Picoseconds, for the square of their number in one block.
	piecePairs = 16_000
	runPairs   = 900
	otherPairs = 400
	markPairs  = 6_200 // combining marks in a row

	// No template has more lines on a page, and no line has more characters.
	linesPerPage      = 75
	charactersPerLine = 250
)

// workload is the amount of work to print a page.
type workload struct {
	elements int
	lines    int           // lower bound
	layout   time.Duration // estimated time in total
	longest  time.Duration // estimated time of the slowest block
	glyphs   int           // distinct characters of scripts other than Latin
	glyphSet []uint64      // a bit for each character seen

	inMain bool // after the head, whose list of contacts is on one line
	block  textBlock
	link   pageLink
}

// textBlock is the paragraph, item or heading being read.
type textBlock struct {
	line               bool // it begins a new line on the page
	latin, other, wide int  // numbers of characters; other includes wide
	pieces, runs       int
	marks              int // consecutive combining marks so far
	markTime           time.Duration
	script             rune
}

// pageLink is the link being read.
type pageLink struct{ address, characters int }

// workloadOf estimates the work to print a page of package html.
func workloadOf(page []byte) workload {
	var w workload
	if i := bytes.Index(page, []byte("<body")); i >= 0 {
		page = page[i:]
	}
	for len(page) > 0 {
		open := bytes.IndexByte(page, '<')
		if open < 0 {
			open = len(page)
		}
		w.text(page[:open])
		page = page[open:]
		// Attributes are quoted, and html/template escapes ">" in them.
		end := bytes.IndexByte(page, '>') + 1
		if end == 0 {
			break
		}
		w.tag(page[1 : end-1])
		page = page[end:]
	}
	w.endBlock(false)
	w.layout += time.Duration(w.glyphs) * glyphTime
	return w
}

// tag reads a tag without its angle brackets.
func (w *workload) tag(tag []byte) {
	if len(tag) == 0 {
		return
	}
	if tag[0] == '/' {
		switch string(tag[1:]) {
		case "a":
			w.endLink()
		case "b", "strong", "i", "em", "u", "span", "bdi", "time":
		default:
			w.endBlock(false)
		}
		return
	}
	name, rest, _ := bytes.Cut(tag, []byte(" "))
	w.elements++
	w.layout += elementTime
	switch string(name) {
	case "a":
		w.link = pageLink{address: len(rest)}
	case "b", "strong", "i", "em", "u", "span", "bdi", "time":
	case "br":
		w.block.pieces++
		w.lines++
	case "li":
		w.layout += itemTime
		w.endBlock(w.inMain)
	case "main":
		w.inMain = true
		w.endBlock(false)
	case "p":
		w.layout += paragraphTime
		w.endBlock(bytes.HasPrefix(rest, []byte("dir")) || bytes.HasPrefix(rest, []byte(`class="long"`)))
	case "h2", "article":
		w.endBlock(true)
	default:
		w.endBlock(false)
	}
}

// text reads the text between two tags.
func (w *workload) text(s []byte) {
	b := &w.block
	if len(s) == 0 || b.pieces == 0 && len(bytes.TrimSpace(s)) == 0 {
		return // between two blocks
	}
	b.pieces++
	before := b.latin + b.other
	for len(s) > 0 {
		if c := s[0]; c < utf8.RuneSelf {
			n := 1
			if c == '&' { // a reference is one character
				n = bytes.IndexByte(s[:min(len(s), 10)], ';') + 1
				n = max(n, 1)
			}
			s = s[n:]
			b.latin++
			if isAlphanumeric(c) {
				w.run(0)
			}
			continue
		}
		r, n := utf8.DecodeRune(s)
		s = s[n:]
		w.character(r)
	}
	w.link.characters += b.latin + b.other - before
}

// character counts a character outside of ASCII.
func (w *workload) character(r rune) {
	b := &w.block
	if r < 0x300 {
		b.latin++
		w.run(0)
		return
	}
	b.other++
	if unicode.In(r, unicode.Mn, unicode.Me) {
		b.marks++
		return
	}
	w.run(scriptOf(r))
	if scriptOf(r) == wideScript {
		b.wide++
	}
	if w.glyphSet == nil {
		w.glyphSet = make([]uint64, (unicode.MaxRune+1)/64)
	}
	if bit := uint64(1) << (r % 64); w.glyphSet[r/64]&bit == 0 {
		w.glyphSet[r/64] |= bit
		w.glyphs++
	}
}

// run counts a change of script, if the next character is of another script.
func (w *workload) run(script rune) {
	b := &w.block
	if b.script != script {
		b.runs++
		b.script = script
	}
	b.markTime += pairs(b.marks, markPairs)
	b.marks = 0
}

// wideScript stands for Chinese, Japanese and Korean, whose characters are as wide as they are high.
const wideScript = -1

// scriptOf returns an identifier of the character's script; 0 is Latin. It is
// approximate: alphabets are identified by their block of code points.
func scriptOf(r rune) rune {
	switch {
	case r < 0x300:
		return 0
	case 0x1100 <= r && r < 0x1200, 0x2e80 <= r && r < 0xa4d0, 0xac00 <= r && r < 0xd800, 0xf900 <= r && r < 0xfb00, 0xff00 <= r && r < 0xffe0, 0x20000 <= r && r < 0x40000:
		return wideScript
	}
	return r >> 7
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// endBlock adds the current block to the totals. next tells whether the following block
// begins a new line.
func (w *workload) endBlock(next bool) {
	b := &w.block
	w.run(b.script)
	t := pairs(b.pieces, piecePairs) + pairs(b.runs, runPairs) + pairs(b.other, otherPairs) + b.markTime
	w.longest = max(w.longest, t)
	w.layout += t + time.Duration(b.latin)*latinTime + time.Duration(b.other)*otherTime
	wide := b.latin + b.wide*4 // marks and joiners may take no room
	full := wide / charactersPerLine
	if b.line {
		full = max(1, (wide+charactersPerLine-1)/charactersPerLine)
	}
	w.lines += full
	w.block = textBlock{line: next}
}

// endLink counts the address, which the file contains once for each line of the link.
func (w *workload) endLink() {
	lines := 1 + w.link.characters/60
	w.layout += time.Duration(w.link.address*lines) * addressTime
	w.link = pageLink{}
}

// pairs returns the time of work that is quadratic in n.
func pairs(n int, picoseconds int64) time.Duration {
	return time.Duration(int64(n) * int64(n) * picoseconds / 1000)
}

// tooLarge is the error for a page that takes too long to print, or needs more than
// maxPages pages; 0 is any number of pages.
func (w workload) tooLarge(maxPages int) error {
	if pages := w.lines / linesPerPage; maxPages > 0 && pages > maxPages {
		return export.TooManyPages(maxPages)
	}
	if w.layout <= maxLayout && w.longest <= maxBlock {
		return nil
	}
	e := export.Fail(export.DocumentTooLarge, "laying out the page is estimated to take %s (limit %s), of which one block takes %s (limit %s)",
		w.layout.Round(time.Millisecond), maxLayout, w.longest.Round(time.Millisecond), maxBlock)
	e.Message = w.reason()
	return e
}

// maxTries is how often a fit prints an ordinary resume again, at most. More tries would
// not improve the result.
const maxTries = 8

// tries returns how often a fit may print the page again within maxFit.
func (w workload) tries() int {
	return int(min(maxTries, maxFit/max(w.layout, time.Millisecond)-1))
}

// reason describes for users why the page is too expensive.
func (w workload) reason() string {
	switch {
	case w.longest > maxBlock:
		return "One paragraph or list in this resume is too long to be laid out. Divide it into shorter paragraphs and export it again."
	case time.Duration(w.glyphs)*glyphTime > w.layout/2:
		return fmt.Sprintf("This resume has %d different characters, more than can be put into one file. Remove unusual characters and export it again.", w.glyphs)
	}
	return fmt.Sprintf("This resume has %d paragraphs, list items and other elements, too many to be laid out. Shorten it and export it again.", w.elements)
}

// checkSize returns an error for a resume that exceeds the limits of package resume.
func checkSize(r resume.Resume) error {
	err := r.CheckSize()
	if err == nil {
		return nil
	}
	e := export.Fail(export.DocumentTooLarge, "checking the size: %w", err)
	if tooLarge, ok := errors.AsType[*resume.TooLargeError](err); ok {
		e.Message = tooLarge.Message()
	}
	return e
}
