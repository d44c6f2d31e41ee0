package resume

import (
	"slices"
	"strings"

	"github.com/letrazapp/letraz-export/internal/richtext"
)

// blocks returns the blocks of the text, with Markdown for formatted words.
func (t RichText) blocks() []block {
	if !needsMarkdown(string(t)) {
		return readBlocks(string(t))
	}
	var blocks []block
	parsed := richtext.Parse(string(t))
	for i, b := range parsed {
		switch {
		case b.Kind == richtext.Rule:
			if b.Level == 0 && parsed[i+1].Level == 0 && parsed[i-1].Level == 0 {
				blocks = append(blocks, block{text: []string{"---"}})
			}
		case b.Kind == richtext.Paragraph && b.Level > 0:
			// Another paragraph of the last item of its level.
			at := len(blocks) - 1
			for at >= 0 && blocks[at].depth > b.Level {
				at--
			}
			if at >= 0 && blocks[at].depth == b.Level {
				blocks[at].text = append(blocks[at].text, b.Markdown())
				continue
			}
			blocks = append(blocks, block{depth: b.Level, text: []string{b.Markdown()}})
		default:
			blocks = append(blocks, block{depth: b.Level, nth: b.Number, text: []string{b.Markdown()}})
		}
	}
	return blocks
}

// needsMarkdown reports whether HTML has an element that formats words, or a numbered list.
func needsMarkdown(s string) bool {
	for {
		_, rest, ok := strings.Cut(s, "<")
		if !ok {
			return false
		}
		s = rest
		end := strings.IndexAny(rest[:min(len(rest), 8)], "> /\t\r\n\f")
		if end > 0 && slices.Contains([]string{"a", "b", "ol", "strong", "i", "em", "code", "kbd", "samp", "tt", "span"}, strings.ToLower(rest[:end])) {
			return true
		}
	}
}
