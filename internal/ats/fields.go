package ats

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/pdf"
)

// readFields looks for every field, beginning at the end of the one before.
func (r *report) readFields(t *text, fields []document.Field, rightToLeft bool) {
	r.Fields = len(fields)
	want := make([]wanted, len(fields))
	r.StrayLetters = lettersIn(t.letters)
	for i, f := range fields {
		want[i] = newWanted(f.Text)
		r.StrayLetters -= lettersIn(want[i].letters)
	}
	r.StrayLetters = max(0, r.StrayLetters) // what is missing counts as that
	cursor := 0
	last := span{}
	for i, f := range fields {
		w := want[i]
		if w.letters == "" {
			r.Found++ // it has nothing to show
			continue
		}
		at := t.inPlace(want[i:], cursor)
		misplaced := at < 0
		if misplaced {
			at = t.find(w, 0)
		}
		if at < 0 {
			note(&r.Missing, f.Path)
			continue
		}
		r.Found++
		here := t.span(at, len(w.letters))
		if misplaced || last.end > last.begin && !t.follows(last, here, rightToLeft) {
			note(&r.OutOfOrder, f.Path)
		}
		if !misplaced {
			cursor, last = at+len(w.letters), here
		}
		if r.readWords(t, w, at) {
			note(&r.Broken, f.Path)
		}
	}
}

// lookAhead is the number of fields in a row that may be missing before the next ones
// are reported as out of order.
const lookAhead = 4

// inPlace returns the position of the first field at or after a position, or -1 if one
// of the next fields is nearer, so that the first is missing.
func (t *text) inPlace(fields []wanted, from int) int {
	at := t.find(fields[0], from)
	if at < 0 || t.onlySigns(from, at) {
		return at
	}
	for _, next := range fields[1:min(len(fields), lookAhead+1)] {
		if n := t.find(next, from); next.letters != "" && n >= 0 && n < at && t.onlySigns(from, n) {
			return -1
		}
	}
	return at
}

// onlySigns reports whether there is no letter or digit between two positions.
func (t *text) onlySigns(from, to int) bool {
	return !strings.ContainsFunc(t.letters[from:to], wordRune)
}

// lettersIn counts letters. Numbers and bullets of lists are not part of the resume.
func lettersIn(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// span is the position of a field: the clusters from begin up to, not including, end.
type span struct{ begin, end int }

func (t *text) span(at, length int) span { return span{t.at[at], t.at[at+length-1] + 1} }

// follows reports whether b comes after a on the page and in the order of drawing:
// beside a in the direction of writing, below it, or on a later page.
func (t *text) follows(a, b span, rightToLeft bool) bool {
	from, to := t.clusters[a.end-1], t.clusters[b.begin]
	if !rightToLeft && to.Order < from.Order {
		return false
	}
	if from.Page != to.Page {
		return to.Page > from.Page
	}
	left, right := to.X0, from.X1 // a has to end before b begins
	if !pdf.SameLine(from, to) {
		if to.Y < from.Y {
			return true
		}
		// Beside a text of several lines, or at the head of the next column.
		for _, c := range t.clusters[a.begin:a.end] {
			right = max(right, c.X1)
			from.X0 = min(from.X0, c.X0)
		}
	}
	slack := 0.2 * from.Size
	if rightToLeft {
		return to.X1 <= from.X0+slack
	}
	return left >= right-slack
}

// readWords counts the words of a field that was found, and reports whether one of
// them is broken or joined with the next.
func (r *report) readWords(t *text, w wanted, at int) (wrong bool) {
	r.Words += len(w.words)
	for i, begin := range w.words {
		end := len(w.letters)
		if i+1 < len(w.words) {
			end = w.words[i+1]
			if !t.apart(t.at[at+end-1], t.at[at+end]) {
				r.JoinedWords++
				wrong = true
			}
		}
		if t.broken(at+begin, at+end) {
			r.BrokenWords++
			wrong = true
		}
	}
	return wrong
}

// apart reports whether neighboring clusters are read as two words, both by readers
// that go by blanks and by those that go by positions. In right-to-left text
// neighbors may be anywhere on the line.
func (t *text) apart(i, j int) bool {
	a, b := t.clusters[i], t.clusters[j]
	if !pdf.SameLine(a, b) {
		return true
	}
	gap := pdf.Gap(a, b)
	return gap > pdf.WordGap && (gap > 1.5*pdf.WordGap || t.blankBetween(i, j)) || (a.Right || b.Right) && t.blankBetween(i, j)
}

// broken reports whether a word contains a blank, a gap, or a line end where lines may
// not end.
func (t *text) broken(begin, end int) bool {
	for i := begin + 1; i < end; i++ {
		a, b := t.at[i-1], t.at[i]
		if a == b {
			continue
		}
		if pdf.SameLine(t.clusters[a], t.clusters[b]) {
			if t.blankBetween(a, b) || t.gapped(begin, end, a, b) {
				return true
			}
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(t.letters[:i])
		after, _ := utf8.DecodeRuneInString(t.letters[i:])
		if !breaksAfter(before, t.letters[begin:end]) && after != '—' && !unspaced(before) && !unspaced(after) && !t.tooLong(begin, b) {
			return true
		}
	}
	return false
}

// gapped reports whether the part of a word on the line of its clusters i and j has a
// gap inside. Where the direction of writing changes, neighbors in the text are not
// neighbors on the line.
func (t *text) gapped(begin, end, i, j int) bool {
	if pdf.Gap(t.clusters[i], t.clusters[j]) <= pdf.WordGap {
		return false
	}
	var line []pdf.Cluster
	for n := begin; n < end; n++ {
		if c := t.clusters[t.at[n]]; pdf.SameLine(c, t.clusters[j]) && (len(line) == 0 || line[len(line)-1] != c) {
			line = append(line, c)
		}
	}
	slices.SortFunc(line, func(a, b pdf.Cluster) int { return cmp.Compare(a.X0, b.X0) })
	right := line[0]
	for _, c := range line[1:] {
		if pdf.Gap(right, c) > pdf.WordGap && !t.turnedAround(i, right, c) {
			return true
		}
		if c.X1 > right.X1 {
			right = c
		}
	}
	return false
}

// turnedAround reports whether other text of the line of cluster i is between two
// parts of a word because some of it runs from right to left: the full stop after
// Latin words at the end of a Hebrew sentence is at their left.
func (t *text) turnedAround(i int, left, right pdf.Cluster) bool {
	mixed, between := false, false
	look := func(c pdf.Cluster) bool {
		mixed = mixed || c.Right
		between = between || c.X0 >= left.X1-0.1 && c.X1 <= right.X0+0.1
		return !mixed || !between
	}
	for n := i; n >= 0 && pdf.SameLine(t.clusters[n], t.clusters[i]) && look(t.clusters[n]); n-- {
	}
	for n := i + 1; n < len(t.clusters) && pdf.SameLine(t.clusters[n], t.clusters[i]) && look(t.clusters[n]); n++ {
	}
	return mixed && between
}

// breaksAfter reports characters after which a line may end within a word, because
// readers join the parts. In an address there are more of them.
func breaksAfter(r rune, word string) bool {
	switch r {
	case '\u00ad', '/':
		return true
	case '?', '=', '&':
		return strings.Contains(word, "/")
	}
	return unicode.Is(unicode.Pd, r)
}

// tooLong reports whether a word is longer than a line: it begins where lines begin.
func (t *text) tooLong(begin, next int) bool {
	a, b := t.clusters[t.at[begin]], t.clusters[next]
	return min(max(a.X0-b.X0, b.X0-a.X0), max(a.X1-b.X1, b.X1-a.X1)) < 2*a.Size
}

// readCharacters counts unreadable characters and ligatures that the resume does not
// contain.
func (r *report) readCharacters(drawn []pdf.Cluster, fields []document.Field) {
	own := map[rune]bool{}
	for _, f := range fields {
		for _, c := range f.Text {
			if misleading(c) {
				own[c] = true
			}
		}
	}
	for _, c := range drawn {
		letters := 0
		for _, ch := range c.Text {
			switch {
			case unicode.Is(unicode.Latin, ch):
				letters++
			case misleading(ch) && !own[ch]:
				r.Unreadable++
			}
		}
		if letters > 1 || strings.ContainsFunc(c.Text+c.Glyphs, func(ch rune) bool { return ligature(ch) && !own[ch] }) {
			r.Ligatures++
		}
	}
}

// misleading reports characters without a meaning of their own.
func misleading(r rune) bool {
	return r == unicode.ReplacementChar || unicode.Is(unicode.Co, r) || ligature(r)
}

// ligature reports the characters for ligatures, such as "ﬁ".
func ligature(r rune) bool { return r >= 0xfb00 && r <= 0xfb06 }
