package richtext

import (
	"slices"
	"strings"
)

// rebuilder makes spans of a block's text, its edits and its looks.
type rebuilder struct {
	*inlineReader
	extents map[*Mark][2]int // where the marks of the spans begin and end
	active  []look           // the looks that the current position is in
	out     []Span
	words   []byte // the text of the last span
	broken  bool   // a line break is due before the next text
}

// rebuild returns the spans with the markup replaced. A text of nothing but markup
// stays as it is.
func (r *inlineReader) rebuild() []Span {
	r.sortEdits()
	b := rebuilder{inlineReader: r, extents: r.markExtents()}
	edits, looks := r.edits, r.looks
	for i, s := range r.spans {
		from, end := r.starts[i], r.starts[i]+len(s.Text)
		b.broken = b.broken || s.Break
		for from < end {
			for len(looks) > 0 && looks[0].from <= from {
				b.begin(looks[0])
				looks = looks[1:]
			}
			b.active = slices.DeleteFunc(b.active, func(l look) bool { return l.to <= from })
			for len(edits) > 0 && edits[0].to <= from {
				edits = edits[1:]
			}
			if len(edits) > 0 && edits[0].from <= from {
				if edits[0].from == from {
					b.add(edits[0].text, s)
				}
				from = min(edits[0].to, end)
				continue
			}
			to := end
			if len(edits) > 0 {
				to = min(to, edits[0].from)
			}
			if len(looks) > 0 {
				to = min(to, looks[0].from)
			}
			for _, l := range b.active {
				to = min(to, l.to)
			}
			b.add(r.text[from:to], s)
			from = to
		}
	}
	b.end()
	if !slices.ContainsFunc(b.out, func(s Span) bool { return !invisible(s.Text) }) {
		return r.spans
	}
	return b.out
}

// markExtents returns where each mark of the spans begins and ends in the text.
func (r *inlineReader) markExtents() map[*Mark][2]int {
	extents := map[*Mark][2]int{}
	for i, s := range r.spans {
		for _, m := range s.Marks {
			at, ok := extents[m]
			if !ok {
				at[0] = r.starts[i]
			}
			at[1] = r.starts[i] + len(s.Text)
			extents[m] = at
		}
	}
	return extents
}

// begin puts a look in force. Those within another one of their kind do not count, so
// that few are active.
func (b *rebuilder) begin(l look) {
	for _, a := range b.active {
		if a.mark.Kind == l.mark.Kind && a.to >= l.to {
			return
		}
	}
	b.active = append(b.active, l)
}

// add adds text with the formatting of a span and the active looks.
func (b *rebuilder) add(text string, like Span) {
	if text == "" {
		return
	}
	if text[0] == ' ' && (b.broken || len(b.out) == 0 || len(b.words) > 0 && b.words[len(b.words)-1] == ' ') {
		if text = strings.TrimLeft(text, " "); text == "" {
			return
		}
	}
	s := like
	if len(b.active) > 0 {
		s.Marks = slices.Clone(like.Marks)
		for _, a := range b.active {
			b.put(a, &s)
		}
	}
	s.Break = b.broken && len(b.out) > 0
	b.broken = false
	if n := len(b.out); n > 0 && !s.Break && slices.Equal(b.out[n-1].Marks, s.Marks) {
		b.words = append(b.words, text...)
		return
	}
	b.end()
	b.words = append(b.words[:0], text...)
	b.out = append(b.out, s)
}

// put puts a look around a span, outside of the marks that it holds altogether.
func (b *rebuilder) put(l look, s *Span) {
	switch l.mark.Kind {
	case Strong:
		if s.Bold {
			return
		}
		s.Bold = true
	case Emphasis:
		if s.Italic {
			return
		}
		s.Italic = true
	case Code:
		if s.Code {
			return
		}
		s.Code = true
	case Link:
		if s.URL != "" {
			return
		}
		s.URL = l.mark.URL
	}
	at := len(s.Marks)
	for i, m := range s.Marks {
		if e, ok := b.extents[m]; ok && e[0] >= l.from && e[1] <= l.to {
			at = i
			break
		}
	}
	s.Marks = slices.Insert(s.Marks, at, l.mark)
}

// end gives the last span its text.
func (b *rebuilder) end() {
	if n := len(b.out); n > 0 {
		b.out[n-1].Text = string(b.words)
	}
}
