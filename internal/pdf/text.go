package pdf

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Cluster is text that is drawn as a unit: usually one character, or several for a
// ligature.
type Cluster struct {
	Text string // as PDF readers extract it
	// Glyphs is the text by the fonts alone, for readers that do not support
	// ActualText. It is empty if that is the same.
	Glyphs string
	Page   int     // from 0
	X0, X1 float64 // its left and right end, in points from the left
	Y      float64 // its baseline, in points from the bottom
	Size   float64 // of the font, in points
	Mark   int     // its MCID on the page; -1 if it is not part of the structure
	Right  bool    // written from right to left
	Order  int     // its position in drawing order
	word   int     // number of its piece of reversed text; 0 for none
	run    int     // number of its text run
}

// Blank reports whether the cluster is white space.
func (c Cluster) Blank() bool {
	for _, r := range c.Text {
		if !unicode.IsSpace(r) {
			return false
		}
	}
	return true
}

// Line is a sequence of clusters on one line, without a gap as wide as between columns.
type Line struct {
	Text   string
	Page   int
	X0, X1 float64
	Y      float64
}

// Text returns the text of the file, each page in drawing order. Reversed characters
// (ReversedChars) are put into reading order.
func (f *File) Text() ([]Cluster, error) {
	var all []Cluster
	size := 0
	for n := range f.pages {
		c, err := f.readContent(n)
		if err != nil {
			return nil, err
		}
		for i := range c {
			c[i].Order = len(all) + i
			if size += len(c[i].Text) + len(c[i].Glyphs); size > maxText {
				return nil, formErrorf("more than %d bytes of text", maxText)
			}
		}
		all = append(all, c...)
	}
	return all, nil
}

// Gap returns the distance of two clusters on a line, in units of the font size. It is
// negative if they overlap.
func Gap(a, b Cluster) float64 {
	return max(b.X0-a.X1, a.X0-b.X1) / max(a.Size, b.Size, 1)
}

// SameLine reports whether two clusters are on the same line. Superscripts and
// subscripts are.
func SameLine(a, b Cluster) bool {
	return a.Page == b.Page && max(a.Y-b.Y, b.Y-a.Y) < 0.4*max(a.Size, b.Size)
}

// Limits of Lines, in units of the font size. They are those of the strictest common
// reader: a wider gap inside a word splits it, a narrower gap between words joins them.
const (
	WordGap   = 0.1
	columnGap = 2.0
)

// Lines joins clusters to lines by their positions, as other software does: a gap
// becomes a space. In lines with right-to-left text gaps are ignored, because
// consecutive clusters need not be next to each other.
func Lines(text []Cluster) []Line {
	var lines []Line
	mixed := false // the line has right-to-left text
	for i, c := range text {
		mixed = mixed || c.Right
		gap := 0.0
		if i > 0 && !mixed {
			gap = Gap(text[i-1], c)
		}
		if i == 0 || !SameLine(text[i-1], c) || gap > columnGap {
			lines = append(lines, Line{Page: c.Page, X0: c.X0, X1: c.X1, Y: c.Y})
			mixed = c.Right
		} else if last := &lines[len(lines)-1]; gap > WordGap && !endsBlank(last.Text) && !c.Blank() {
			last.Text += " "
		}
		last := &lines[len(lines)-1]
		last.Text += c.Text
		last.X0, last.X1 = min(last.X0, c.X0), max(last.X1, c.X1)
	}
	return lines
}

func endsBlank(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsSpace(r)
}

// Logical returns text in the reading order given by the structure of the file. Text
// outside of the structure, such as running headers, is left out. Without a structure
// the text stays in drawing order.
//
// For a line with text in both directions the base direction is often ambiguous. If
// known is not nil and accepts only the result for the less likely direction, that
// result is used.
func (s *Structure) Logical(text []Cluster, known func(text string) bool) []Cluster {
	if len(s.order) == 0 {
		return text
	}
	parts := make(map[place][]Cluster, len(s.order))
	for i := 0; i < len(text); {
		p, end := place{text[i].Page, text[i].Mark}, i+1
		for end < len(text) && text[end].Page == p.page && text[end].Mark == p.mark {
			end++
		}
		if part, again := parts[p]; again {
			parts[p] = append(part, text[i:end]...)
		} else if p.mark >= 0 {
			parts[p] = text[i:end:end] // appending to it copies it
		}
		i = end
	}
	out := make([]Cluster, 0, len(text))
	for _, p := range s.order {
		part := parts[p]
		delete(parts, p)
		if slices.ContainsFunc(part, fromRight) {
			part = logicalOrder(part, known)
		}
		out = append(out, part...)
	}
	return out
}

// fromRight reports whether a cluster is written from right to left. Chrome does not
// mark a single letter as reversed, so the script counts too.
func fromRight(c Cluster) bool {
	return c.Right || strings.ContainsFunc(c.Text, func(r rune) bool { return unicode.In(r, unicode.Arabic, unicode.Hebrew) })
}
