package pdf

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Cluster is text that is drawn together: usually one character, several where
// the letters of a word melt into each other.
type Cluster struct {
	Text string // as readers of the PDF get it
	// Glyphs is what the fonts alone say, for readers that do not know ActualText.
	// It is empty where that is the same.
	Glyphs string
	Page   int     // from 0
	X0, X1 float64 // its left and right end, in points from the left
	Y      float64 // its baseline, in points from the bottom
	Size   float64 // of the type, in points
	Mark   int     // the number of its marked content on the page (MCID); -1: part of no structure
	Right  bool    // written from right to left
	Order  int     // its number in the order of drawing
	word   int     // what is turned around as a whole has a number of its own
	run    int     // so has what is drawn in one go
}

// Blank reports whether the cluster shows nothing.
func (c Cluster) Blank() bool {
	for _, r := range c.Text {
		if !unicode.IsSpace(r) {
			return false
		}
	}
	return true
}

// Line is clusters side by side, without a gap that columns would have.
type Line struct {
	Text   string
	Page   int
	X0, X1 float64
	Y      float64
}

// Text gives the text of the whole file, each page in the order in which it is
// drawn; what is written from right to left is turned around within each piece.
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

// Gap is how far two clusters are apart on their line, in units of the size of
// their type: negative where they overlap.
func Gap(a, b Cluster) float64 {
	return max(b.X0-a.X1, a.X0-b.X1) / max(a.Size, b.Size, 1)
}

// SameLine reports whether two clusters stand on one line, or nearly: an exponent
// does.
func SameLine(a, b Cluster) bool {
	return a.Page == b.Page && max(a.Y-b.Y, b.Y-a.Y) < 0.4*max(a.Size, b.Size)
}

// Limits of Lines, in units of the size of the type. They are those of the
// strictest of the usual readers: a gap inside a word that is wider splits it
// in two, a narrower one between words makes them one.
const (
	WordGap   = 0.1
	columnGap = 2.0
)

// Lines puts clusters together as software does that goes by places: a gap
// becomes a blank. Where text from the right is on the line neighbours may stand
// anywhere, and gaps are not looked at.
func Lines(text []Cluster) []Line {
	var lines []Line
	mixed := false // the line holds text from the right
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

// Logical puts text into the order in which it is read, by the structure of the
// file: what is part of none, such as running heads, is left out. Without a
// structure the order of drawing stands.
//
// A line that holds text from both directions often looks the same whichever of
// them it runs in as a whole. Where known is not nil and recognises only what the
// less likely direction gives, that stands.
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
			part = turned(part, known)
		}
		out = append(out, part...)
	}
	return out
}

// fromRight reports whether a cluster is written from right to left. One letter
// alone is not said to be.
func fromRight(c Cluster) bool {
	return c.Right || strings.ContainsFunc(c.Text, func(r rune) bool { return unicode.In(r, unicode.Arabic, unicode.Hebrew) })
}
