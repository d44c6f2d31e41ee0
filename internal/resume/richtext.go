package resume

import (
	"fmt"
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/letrazapp/letraz-export/internal/richtext"
)

// RichText is text of the web editor: HTML with paragraphs, lists, bold, italic and
// links. It is untrusted input; package richtext parses it before it is shown.
type RichText string

// Empty reports whether the text is empty without formatting.
func (t RichText) Empty() bool { return plainText(readBlocks(string(t))) == "" }

// RichTextFromSource is RichTextFromPlain for texts of a file, which may hold HTML and
// Markdown. The elements that rich text knows stay elements; what only looks like one is
// text. Highlights in a row that are numbered are a numbered list. exact reports that there
// is none of this, so that Split returns the same texts.
func RichTextFromSource(summary string, highlights []string) (t RichText, exact bool) {
	source, some := richtext.TextHTML(summary, false)
	if !some {
		source = string(RichTextFromPlain(summary, nil))
	}
	var b strings.Builder
	b.WriteString(source)
	for len(highlights) > 0 {
		start, n := numbered(highlights)
		open, end := "<ul>", "</ul>"
		if start > 0 {
			open, end, some = fmt.Sprintf("<ol start=\"%d\">", start), "</ol>", true
		}
		b.WriteString(open)
		for _, highlight := range highlights[:n] {
			if start > 0 {
				_, highlight, _ = ItemNumber(highlight)
			}
			b.WriteString("<li>")
			if line, ok := withoutMark(highlight); ok {
				highlight, some = line, true
			}
			if item, ok := richtext.TextHTML(highlight, true); ok {
				b.WriteString(item)
				some = true
			} else {
				writeEscaped(&b, highlight)
			}
			b.WriteString("</li>")
		}
		b.WriteString(end)
		highlights = highlights[n:]
	}
	return RichText(b.String()), !some
}

// withoutMark returns a text of one line without the mark of a heading or a quotation, which
// has no meaning in an item of a list.
func withoutMark(s string) (text string, ok bool) {
	if strings.Contains(s, "\n") {
		return s, false
	}
	if rest, ok := strings.CutPrefix(s, "> "); ok {
		// "> 90 % faster" is a comparison.
		if first, _ := utf8.DecodeRuneInString(rest); unicode.IsLetter(first) || first != utf8.RuneError && strings.ContainsRune("\"'“„«*_`[", first) {
			return rest, true
		}
	}
	marks := len(s) - len(strings.TrimLeft(s, "#"))
	if marks == 0 || marks > 6 || len(s) <= marks+1 || s[marks] != ' ' {
		return s, false
	}
	if first, _ := utf8.DecodeRuneInString(strings.TrimSpace(s[marks:])); marks == 1 && unicode.IsLower(first) {
		return s, false // "# of users"
	}
	return "**" + strings.TrimSpace(s[marks:]) + "**", true
}

// numbered returns how many of the highlights make the next list, and the number of its first
// item, or 0 for a list without numbers. One number is a list only if it is 1.
func numbered(highlights []string) (start, n int) {
	run := func(from int) (start, n int) {
		for i, highlight := range highlights[from:] {
			number, _, ok := ItemNumber(highlight)
			if i == 0 {
				start = number
			}
			if !ok || number != start+i {
				break
			}
			n++
		}
		if n == 1 && start != 1 {
			return 0, 0
		}
		return start, n
	}
	if start, n = run(0); n > 0 {
		return start, n
	}
	for n = 1; n < len(highlights); n++ {
		if _, length := run(n); length > 0 {
			break
		}
	}
	return 0, n
}

// ItemNumber splits the text of a numbered item, such as "2. text" or "2) text".
func ItemNumber(s string) (number int, text string, ok bool) {
	end := strings.IndexAny(s[:min(len(s), 4)], ".)")
	if end < 1 || end+2 >= len(s) || s[end+1] != ' ' {
		return 0, "", false
	}
	number, err := strconv.Atoi(s[:end])
	if err != nil || number < 1 || s[0] == '+' {
		return 0, "", false
	}
	return number, strings.TrimLeft(s[end+1:], " "), true
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

// Split is the inverse of RichTextFromPlain, and also accepts any other HTML. List items are
// returned as the highlights, in order, with the items in them as a list in Markdown; all
// other text as the summary, with an empty line between paragraphs. Bold and italic words,
// code, links and numbers of items become Markdown. Other formatting, scripts and styles are
// dropped. RichTextFromSource reads what Split writes.
func (t RichText) Split() (summary string, highlights []string) {
	var b strings.Builder
	first := true
	for _, block := range t.blocks() {
		text := strings.Join(block.text, "\n\n")
		switch {
		case block.depth > 1 && len(highlights) > 0:
			highlights[len(highlights)-1] += block.inner(text)
			continue
		case block.depth > 0:
			highlights = append(highlights, block.number()+text)
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

// inner returns the text of an item inside another one as lines of a list in Markdown.
func (b block) inner(text string) string {
	mark := b.number()
	if mark == "" {
		mark = "- "
	}
	indent := strings.Repeat("  ", min(b.depth-2, deepest))
	return "\n" + indent + mark + strings.ReplaceAll(text, "\n", "\n"+indent+strings.Repeat(" ", len(mark)))
}

// number returns the number of an item as it is written before it, or "".
func (b block) number() string {
	if b.nth == 0 {
		return ""
	}
	return strconv.Itoa(b.nth) + ". "
}

// deepest bounds the indentation of nested lists.
const deepest = 4

// Plain returns the text on lines: paragraphs separated by an empty line, and list items
// as lines that begin with "• " or their number. Formatting is as Split has it.
func (t RichText) Plain() string { return plainText(t.blocks()) }

func plainText(blocks []block) string {
	var b strings.Builder
	for _, block := range blocks {
		indent := strings.Repeat("  ", min(max(block.depth-1, 0), deepest))
		mark := ""
		if block.depth > 0 {
			mark = indent + "• "
			if block.nth > 0 {
				mark = indent + block.number()
			}
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
