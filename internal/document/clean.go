package document

import (
	"strings"

	"github.com/letrazapp/letraz-export/internal/richtext"
)

// clean returns a text as one clean line without inline markup. Nearly every field of
// a document goes through it.
func clean(s string) string {
	text, _ := richtext.Inline(s)
	return text
}

// textLink is clean for a field that may be a link: it leads where the first link in
// the text does.
func textLink(s string) Link {
	text, address := richtext.Inline(s)
	return Link{Text: text, URL: address}
}

// cleanLines is clean for text that may hold several lines.
func cleanLines(s string) []string {
	if strings.ContainsAny(s, "<\r\v\u2028\u2029") {
		s = strings.NewReplacer("\r", "\n", "\v", "\n", "\u2028", "\n", "\u2029", "\n", "<br>", "\n", "<br/>", "\n", "<br />", "\n").Replace(s)
	}
	var lines []string
	for line := range strings.Lines(s) {
		if line = clean(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// cleanAll is clean for every text of a list, without the empty ones.
func cleanAll(list []string) []string {
	var out []string
	for _, s := range list {
		if s = clean(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}
