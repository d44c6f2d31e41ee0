package richtext

import (
	"slices"
	"strings"
	"unicode"
)

// Bounds on nesting. What is deeper is flattened.
const (
	maxLists   = 5
	maxPhrases = 16 // two for most formatting
)

// builder collects blocks from a sequence of texts and beginnings and ends of
// elements, in any order. A block begins when the first text arrives in it, so
// that empty ones never appear.
type builder struct {
	out       Text
	words     []byte // the text of the last span, if it has been continued
	lists     []list
	phrases   []phrase
	inBlock   bool // text belongs to the last block
	rule      bool // a rule is due before the next block
	ruleLevel int  // the number of lists that it is in
	gap       bool // a blank is due before the next text of the block
	breaks    int  // line breaks due before the next text of the block
	afterMark bool // the mark of a typed item was read, and nothing since
	marked    bool // a text has a character of inline markup
	joined    bool // a text begins or ends with a joiner
	led       bool // a line begins as a heading, a quotation, a fence or an item does
}

// list is a list that is open.
type list struct {
	tag    string // "ul" or "ol"
	begun  bool   // an item of it is in the output
	next   bool   // the next text begins a new item
	flat   bool   // it has no tags of its own, see startFlatItem
	typed  bool   // it was typed as lines, see typedLines
	lead   bool   // its last item began with a typed mark, at indent
	indent int    // of a typed list
	count  int    // of a typed list: the number of its last item
	number int    // of the next item, in a numbered list
}

// phrase is formatting that is in force.
type phrase struct {
	source string // the tag that began it, and that ends it
	mark   *Mark  // nil for formatting that is not shown
	inside bool   // the last text of the block is inside mark
}

// text adds text to the current block.
func (b *builder) text(s string) {
	words := oneLine(s)
	if words == "" || invisible(words) {
		// A joiner between two letters stays, also where one of them is bold.
		blank := strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || isBlank(r) })
		if words == "" || blank || !b.inBlock || b.breaks > 0 {
			b.gap = b.gap || blank
			return
		}
	}
	if b.breaks > 1 {
		b.endBlock() // a blank line divides paragraphs
	}
	lineBreak := b.breaks > 0
	if (lineBreak || !b.inBlock) && leads(words[0]) {
		b.led = true
	}
	b.marked = b.marked || hasMarkup(words)
	b.joined = b.joined || joinsOthers(words)
	if !b.inBlock {
		b.startBlock()
		lineBreak = false
	} else if !lineBreak && (b.gap || startsBlank(s)) {
		b.addSpan(" ", false)
	}
	b.breaks, b.afterMark = 0, false
	for i := range b.phrases {
		if p := &b.phrases[i]; !p.inside && p.mark != nil {
			mark := *p.mark // another element than the one that was left
			p.mark, p.inside = &mark, true
		}
	}
	b.addSpan(words, lineBreak)
	b.gap = endsBlank(s)
}

// addSpan adds text inside the marks of the last text, to its span if it has them.
func (b *builder) addSpan(text string, lineBreak bool) {
	block := &b.out[len(b.out)-1]
	s := Span{Text: text, Break: lineBreak}
	for _, p := range b.phrases {
		if p.mark != nil && p.inside {
			s.add(p.mark)
		}
	}
	if n := len(block.Spans); n > 0 && !lineBreak && slices.Equal(block.Spans[n-1].Marks, s.Marks) {
		if len(b.words) == 0 {
			b.words = append(b.words, block.Spans[n-1].Text...)
		}
		b.words = append(b.words, text...)
		return
	}
	b.endSpan()
	block.Spans = append(block.Spans, s)
}

// endSpan gives the last span its text, if it has been continued.
func (b *builder) endSpan() {
	if n := len(b.out); n > 0 {
		if spans := b.out[n-1].Spans; len(spans) > 0 && len(b.words) > 0 {
			spans[len(spans)-1].Text = string(b.words)
			b.words = b.words[:0]
		}
	}
}

// add puts a span inside a mark.
func (s *Span) add(m *Mark) {
	s.Marks = append(s.Marks, m)
	switch m.Kind {
	case Strong, Bold:
		s.Bold = true
	case Emphasis, Italic:
		s.Italic = true
	case Underline:
		s.Underline = true
	case Link:
		s.URL = m.URL
	case Code:
		s.Code = true
	}
}

// startBlock begins a paragraph, or the item that is due of the innermost list.
func (b *builder) startBlock() {
	b.endSpan()
	if b.rule {
		b.out = append(b.out, Block{Kind: Rule, Level: b.ruleLevel})
	}
	b.inBlock, b.rule = true, false
	var block Block
	if n := len(b.lists); n > 0 {
		if l := &b.lists[n-1]; !l.begun || l.next {
			block.First, block.Kind = !l.begun, Bullet
			l.begun, l.next = true, false
			if l.tag == "ol" {
				block.Kind, block.Number = Numbered, l.number
				l.number++
			}
		}
	}
	block.Level = b.level()
	b.out = append(b.out, block)
}

// level returns the number of open lists that are in the output.
func (b *builder) level() int {
	n := 0
	for _, l := range b.lists {
		if l.begun {
			n++
		}
	}
	return n
}

// horizontalRule ends the paragraph and asks for a rule before the next block.
func (b *builder) horizontalRule() {
	b.endBlock()
	if len(b.out) > 0 && !b.rule {
		b.rule, b.ruleLevel = true, b.level()
	}
}

// endBlock ends the paragraph. Formatting stays in force for the next one.
func (b *builder) endBlock() {
	b.leavePhrases(0)
	b.inBlock, b.gap, b.breaks, b.afterMark = false, false, 0, false
}

// startList begins a list inside the current item, if there is one. number is that
// of the first item in a numbered list.
func (b *builder) startList(tag string, number int) {
	b.endBlock()
	if len(b.lists) < maxLists {
		b.lists = append(b.lists, list{tag: tag, next: true, number: number})
	}
}

// startItem begins an item, of a bulleted list where none is open.
func (b *builder) startItem() {
	b.endBlock()
	if len(b.lists) == 0 {
		b.startList("ul", 1)
	}
	top := &b.lists[len(b.lists)-1]
	top.next, top.lead = true, false
}

// endList ends the innermost list.
func (b *builder) endList() {
	b.endBlock()
	if n := len(b.lists); n > 0 {
		b.lists = b.lists[:n-1]
	}
}

// inCode reports whether the next text is code.
func (b *builder) inCode() bool {
	return slices.ContainsFunc(b.phrases, func(p phrase) bool { return p.mark != nil && p.mark.Kind == Code })
}

// startPhrase begins formatting: the marks of a tag, which may be none. Code within code is
// one mark.
func (b *builder) startPhrase(source string, marks ...Mark) {
	if b.inCode() {
		marks = slices.DeleteFunc(marks, func(m Mark) bool { return m.Kind == Code })
	}
	if len(b.phrases)+1+len(marks) > maxPhrases {
		return
	}
	b.phrases = append(b.phrases, phrase{source: source}) // where its marks begin
	for _, m := range marks {
		b.phrases = append(b.phrases, phrase{mark: &m})
	}
}

// endPhrase ends the innermost formatting that the tag began.
func (b *builder) endPhrase(source string) {
	for i, p := range slices.Backward(b.phrases) {
		if p.source == source {
			end := i + 1
			for end < len(b.phrases) && b.phrases[end].source == "" {
				end++
			}
			b.leavePhrases(i)
			b.phrases = slices.Delete(b.phrases, i, end)
			return
		}
	}
}

// leavePhrases ends the marks of the phrases from the i-th on. The next text
// begins them again.
func (b *builder) leavePhrases(i int) {
	for n := range b.phrases[i:] {
		b.phrases[i+n].inside = false
	}
}

// lineBreak asks for a line break before the next text of the block.
func (b *builder) lineBreak() {
	b.breaks++
	b.gap, b.afterMark = false, false
}

// finish returns the blocks.
func (b *builder) finish() Text {
	b.endSpan()
	typedRules(b.out)
	if b.led {
		b.out = blockMarkup(b.out)
	}
	if b.marked {
		inlineMarkup(b.out)
	}
	if b.joined {
		dropJoiners(b.out)
	}
	return b.out
}

// startsBlank and endsBlank report breakable white space at an end of s, also where
// characters that are left out follow it.
func startsBlank(s string) bool {
	if s != "" && (s[0] >= 0x80 || s[0] < ' ') {
		s = strings.TrimLeftFunc(s, leftOut)
	}
	return s != "" && strings.IndexByte(" \t\n\r\f", s[0]) >= 0
}

func endsBlank(s string) bool {
	if s != "" && (s[len(s)-1] >= 0x80 || s[len(s)-1] < ' ') {
		s = strings.TrimRightFunc(s, leftOut)
	}
	return s != "" && strings.IndexByte(" \t\n\r\f", s[len(s)-1]) >= 0
}

// leftOut reports characters that do not show and are no blanks.
func leftOut(r rune) bool { return unicode.In(r, unicode.Cf, unicode.Cc) && !isBlank(r) }
