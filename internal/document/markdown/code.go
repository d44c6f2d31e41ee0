package markdown

import (
	"slices"
	"strings"

	"github.com/letrazapp/letraz-export/internal/richtext"
)

// joinedCode returns the spans of a line in which neighboring code with the same
// looks is one span: two code spans side by side would be read as one.
func joinedCode(runs []richtext.Span) []richtext.Span {
	if !slices.ContainsFunc(runs, func(p richtext.Span) bool { return p.Code }) {
		return runs
	}
	var out []richtext.Span
	for from := 0; from < len(runs); {
		p, to := runs[from], from+1
		for to < len(runs) && p.Code && runs[to].Code && runs[to].Bold == p.Bold && runs[to].Italic == p.Italic && p.URL == "" && runs[to].URL == "" {
			to++
		}
		if to > from+1 {
			var text strings.Builder
			for _, r := range runs[from:to] {
				text.WriteString(r.Text)
			}
			p.Text = text.String()
		}
		out = append(out, p)
		from = to
	}
	return out
}

// codeFits reports whether a code span can stand after what is before it on the line.
// Its fence would be that of code before it after a backtick, and begin a formula on
// GitHub after a dollar sign. Some readers find a mail address that begins before it.
func codeFits(before, span string) bool {
	if before == "" {
		return true
	}
	last := before[len(before)-1]
	if span[0] == '`' && (last == '`' || last == '$') {
		return false
	}
	return last == ' ' || span[0] == ' ' || !strings.Contains(span, "@")
}

// codeSpan returns a text as a code span (CommonMark, section 6.1) inside emphasis
// marks, given the characters before and after it (utf8.RuneError: none). Where marks
// would not be next to a word it goes without them. Nothing within is escaped: the
// span ends at as many backticks as it begins with, and no text between is that.
func codeSpan(text, mark string, before, after rune) string {
	code := strings.Trim(text, " ")
	if code == "" {
		return escaped(text)
	}
	at := strings.Index(text, code)
	left, right := text[:at], text[at+len(code):]
	if left != "" {
		before = ' '
	}
	if right != "" {
		after = ' '
	}
	if !flanks(before, '`') || !flanks(after, '`') || before == '*' || after == '*' {
		mark = ""
	}
	fence := strings.Repeat("`", longestFence(code)+1)
	if code[0] == '`' || code[len(code)-1] == '`' {
		code = " " + code + " " // readers take one blank at each end away
	}
	return left + mark + fence + code + fence + mark + right
}

// longestFence returns the length of the longest run of backticks.
func longestFence(s string) int {
	longest, n := 0, 0
	for i := range len(s) {
		if n++; s[i] != '`' {
			n = 0
		}
		longest = max(longest, n)
	}
	return longest
}

// codeLength returns the length of the code span at the beginning of a line, with its
// fences.
func codeLength(line string) int {
	fence := len(line) - len(strings.TrimLeft(line, "`"))
	for at := fence; at < len(line); {
		next := strings.IndexByte(line[at:], '`')
		if next < 0 {
			break
		}
		at += next
		n := len(line[at:]) - len(strings.TrimLeft(line[at:], "`"))
		if at += n; n == fence {
			return at
		}
	}
	return fence
}
