// Package richtext reads the formatted text of a resume: HTML as web editors
// store it, or text as people type it, with line breaks, lists and the inline
// markup of Markdown, which may also stand in HTML. Parse turns either into blocks
// of spans, which the writers of all formats share.
//
// The text is hostile. What Parse returns holds words, a few kinds of formatting,
// and links that webAddress or linkTarget allow; there is no HTML in it, so no
// writer can pass any on.
package richtext

import "strings"

// Text is a parsed text. Empty paragraphs and items are not in it, nor are rules
// that do not stand between two other blocks.
type Text []Block

// Kind is the kind of a block.
type Kind int

// The kinds of blocks.
const (
	Paragraph Kind = iota
	Bullet         // the beginning of an item of a bulleted list
	Numbered       // the beginning of an item of a numbered list
	Rule           // a line that divides the blocks before and after it; it has no spans
)

// Block is a paragraph or the beginning of an item of a list. Further paragraphs
// of an item are paragraphs of its level.
type Block struct {
	Kind   Kind
	Level  int  // the number of lists it is in; 0 is outside of any
	Number int  // the number of a numbered item; that of the first is where the list starts, 0 to maxStart
	First  bool // the item is the first of its list
	Spans  []Span
}

// Span is a piece of a block's text with one formatting.
type Span struct {
	Text                    string // not empty, without line breaks
	Bold, Italic, Underline bool
	Code                    bool   // text of a program or of a terminal
	URL                     string // the target of a link, or empty
	Break                   bool   // a line break precedes the text
	// Marks are the elements that the formatting was written with, outermost first.
	// Neighbouring spans share a mark if one element holds both.
	Marks []*Mark
}

// Mark is one element around spans.
type Mark struct {
	Kind MarkKind
	URL  string // of a Link
}

// MarkKind is the kind of a mark.
type MarkKind int

// The kinds of marks. Strong and Bold look the same, and so do Emphasis and Italic.
const (
	Strong MarkKind = iota
	Bold
	Emphasis
	Italic
	Underline
	Link
	Code
)

// Parse reads a text. Any input is valid: what is not understood is left out, or
// is text.
func Parse(s string) Text {
	if strings.TrimSpace(s) == "" {
		return nil
	}
	var b builder
	some, lines := markupIn(s)
	if !some {
		b.typedLines(lineFeeds(decodeUnlessCode(s))) // its source may have escaped it already
		return b.finish()
	}
	b.readHTML(s, !lines)
	return b.finish()
}

// Lines returns the spans of a block between its line breaks, each without spaces at its ends.
// Lines without text are left out.
func (b Block) Lines() [][]Span {
	var lines [][]Span
	var current []Span
	end := func() {
		if current = trimmed(current); len(current) > 0 {
			lines = append(lines, current)
		}
		current = nil
	}
	for _, s := range b.Spans {
		if s.Break {
			end()
			s.Break = false
		}
		current = append(current, s)
	}
	end()
	return lines
}

// trimmed is spans without blanks at both ends, and without spans of nothing else
// there. It changes the spans it is given.
func trimmed(spans []Span) []Span {
	for len(spans) > 0 {
		if spans[0].Text = strings.TrimLeft(spans[0].Text, " "); spans[0].Text != "" {
			break
		}
		spans = spans[1:]
	}
	for len(spans) > 0 {
		last := &spans[len(spans)-1]
		if last.Text = strings.TrimRight(last.Text, " "); last.Text != "" {
			break
		}
		spans = spans[:len(spans)-1]
	}
	return spans
}
