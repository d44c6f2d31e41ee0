package resume

import (
	"html"
	"strings"
)

// RichText is text as the web editor stores it: HTML with paragraphs, lists,
// bold, italic and links. It is whatever somebody typed and is never trusted;
// package richtext parses it before it is shown.
type RichText string

// Empty reports whether there is nothing to read in the text.
func (t RichText) Empty() bool { return len(t.Plain()) == 0 }

// RichTextFromPlain makes rich text of what JSON Resume has as plain text: a
// summary, in which an empty line parts paragraphs, and a list of highlights.
// Split gives back exactly what went in, for any valid UTF-8 without U+0000.
func RichTextFromPlain(summary string, highlights []string) RichText {
	var b strings.Builder
	if summary != "" {
		for paragraph := range strings.SplitSeq(summary, "\n\n") {
			b.WriteString("<p>")
			writeEscaped(&b, paragraph)
			b.WriteString("</p>")
		}
	}
	if len(highlights) > 0 {
		b.WriteString("<ul>")
		for _, highlight := range highlights {
			b.WriteString("<li>")
			writeEscaped(&b, highlight)
			b.WriteString("</li>")
		}
		b.WriteString("</ul>")
	}
	return RichText(b.String())
}

// writeEscaped writes text as the content of one block. HTML folds white space
// and drops the line break that ends a block; what must survive that is
// written as a character reference, which Split does not fold.
func writeEscaped(b *strings.Builder, text string) {
	for i := range len(text) {
		edge := i == 0 || i == len(text)-1
		switch c := text[i]; c {
		case '&':
			b.WriteString("&amp;")
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '\t':
			b.WriteString("&#9;")
		case '\f':
			b.WriteString("&#12;")
		case '\r':
			b.WriteString("&#13;")
		case '\n':
			if i == len(text)-1 {
				b.WriteString("&#10;")
			} else {
				b.WriteString("<br>")
			}
		case ' ':
			if edge || isSpace(text[i-1]) || isSpace(text[i+1]) {
				b.WriteString("&#32;")
			} else {
				b.WriteByte(' ')
			}
		default:
			b.WriteByte(c)
		}
	}
}

// isSpace reports whether HTML folds c as white space.
func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'
}

// Split is the inverse of RichTextFromPlain, and reads whatever else an editor
// or a stranger wrote: list items at any depth are the highlights, in order;
// every other text is the summary, an empty line between its paragraphs.
// Formatting is dropped, and so is what is no text (scripts, styles).
func (t RichText) Split() (summary string, highlights []string) {
	var b strings.Builder
	first := true
	for _, block := range readBlocks(string(t)) {
		if block.depth > 0 {
			highlights = append(highlights, strings.Join(block.text, "\n\n"))
			continue
		}
		for _, paragraph := range block.text {
			if !first {
				b.WriteString("\n\n")
			}
			first = false
			b.WriteString(paragraph)
		}
	}
	return b.String(), highlights
}

// Plain is the text for reading where there is no formatting: paragraphs with
// an empty line between them, list items as lines that begin with "• ".
func (t RichText) Plain() string {
	const deepest = 4 // indentation beyond it would cost more than it tells
	var b strings.Builder
	for _, block := range readBlocks(string(t)) {
		indent := strings.Repeat("  ", min(max(block.depth-1, 0), deepest))
		mark := ""
		if block.depth > 0 {
			mark = indent + "• "
			indent += "  "
		}
		for _, text := range block.text {
			text = strings.ReplaceAll(text, "\r\n", "\n")
			text = strings.TrimSpace(strings.ReplaceAll(text, "\r", "\n"))
			if text == "" {
				continue
			}
			if b.Len() > 0 {
				b.WriteByte('\n')
				if block.depth == 0 {
					b.WriteByte('\n')
				}
			}
			if mark == "" && block.depth > 0 {
				mark = indent // a further paragraph of the same item
			}
			b.WriteString(mark)
			mark = ""
			b.WriteString(strings.ReplaceAll(text, "\n", "\n"+indent))
		}
	}
	return b.String()
}

// decodeText decodes the character references in text and hands it to the
// reader in pieces: as HTML writes it, and the white space that was written as
// a reference and so is meant.
func decodeText(text string, folded func(string), kept func(byte)) {
	rest := text
	for from := 0; ; {
		i := strings.Index(rest[from:], "&#")
		if i < 0 {
			folded(html.UnescapeString(rest))
			return
		}
		at := from + i
		c, n := spaceReference(rest[at:])
		if n == 0 {
			from = at + 2
			continue
		}
		folded(html.UnescapeString(rest[:at]))
		kept(c)
		rest, from = rest[at+n:], 0
	}
}

// spaceReference reads a reference to white space at the start of s; n is its
// length, 0 when there is none.
func spaceReference(s string) (c byte, n int) {
	for _, ref := range []string{"&#9;\t", "&#10;\n", "&#12;\f", "&#13;\r", "&#32; "} {
		last := len(ref) - 1
		if strings.HasPrefix(s, ref[:last]) {
			return ref[last], last
		}
	}
	return 0, 0
}
