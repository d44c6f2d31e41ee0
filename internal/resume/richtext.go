package resume

import (
	"html"
	"strings"

	"github.com/letrazapp/letraz-export/internal/richtext"
)

// RichText is text of the web editor: HTML with paragraphs, lists, bold, italic and
// links. It is untrusted input; package richtext parses it before it is shown.
type RichText string

// Empty reports whether the text is empty without formatting.
func (t RichText) Empty() bool { return plainText(readBlocks(string(t))) == "" }

// RichTextFromSource is RichTextFromPlain for texts of a file, which may hold HTML. The
// elements that rich text knows stay elements; what only looks like one is text.
// exact reports that there is none, so that Split returns the same texts.
func RichTextFromSource(summary string, highlights []string) (t RichText, exact bool) {
	source, some := richtext.TextHTML(summary, false)
	if !some {
		source = string(RichTextFromPlain(summary, nil))
	}
	items := make([]string, len(highlights))
	for i, highlight := range highlights {
		item, ok := richtext.TextHTML(highlight, true)
		if !ok {
			var b strings.Builder
			writeEscaped(&b, highlight)
			item = b.String()
		}
		items[i] = "<li>" + item + "</li>"
		some = some || ok
	}
	if len(items) > 0 {
		source += "<ul>" + strings.Join(items, "") + "</ul>"
	}
	return RichText(source), !some
}

// RichTextFromPlain returns rich text for plain text of JSON Resume: a summary, in which
// an empty line separates paragraphs, and a list of highlights. Split returns exactly
// the same texts, for any valid UTF-8 without U+0000.
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

// writeEscaped writes text as the content of one block. HTML collapses white space and
// drops a line break at the end of a block. White space that must be kept is written as
// character references, which Split does not collapse.
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

// isSpace reports whether c is HTML white space, which is collapsed.
func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'
}

// Split is the inverse of RichTextFromPlain, and also accepts any other HTML. List items
// at any depth are returned as the highlights, in order; all other text as the summary,
// with an empty line between paragraphs. Bold and italic words, code and links become
// Markdown. Other formatting, scripts and styles are dropped.
func (t RichText) Split() (summary string, highlights []string) {
	var b strings.Builder
	first := true
	for _, block := range t.blocks() {
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

// Plain returns the text on lines: paragraphs separated by an empty line, and list items
// as lines that begin with "• ". Formatting is as Split has it.
func (t RichText) Plain() string { return plainText(t.blocks()) }

func plainText(blocks []block) string {
	const deepest = 4 // limits the indentation of nested lists
	var b strings.Builder
	for _, block := range blocks {
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
				mark = indent // another paragraph of the same item
			}
			b.WriteString(mark)
			mark = ""
			b.WriteString(strings.ReplaceAll(text, "\n", "\n"+indent))
		}
	}
	return b.String()
}

// decodeText decodes the character references in text and passes it on in pieces: white
// space that was written as a reference to kept, all other text to folded.
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

// spaceReference parses a character reference to white space at the start of s. n is its
// length, or 0 if there is none.
func spaceReference(s string) (c byte, n int) {
	for _, ref := range []string{"&#9;\t", "&#10;\n", "&#12;\f", "&#13;\r", "&#32; "} {
		last := len(ref) - 1
		if strings.HasPrefix(s, ref[:last]) {
			return ref[last], last
		}
	}
	return 0, 0
}
