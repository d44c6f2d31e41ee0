package theme

import (
	"slices"

	"github.com/letrazapp/letraz-export/internal/richtext"
	"github.com/letrazapp/letraz-export/internal/theme/docx"
)

// text writes rich text. What leads to a list stays with it, and neither its
// first nor its last item is alone on a page.
func (w *wordWriter) text(body richtext.Text, whole bool) {
	list := body
	for i, b := range list {
		style := docx.Text
		switch {
		case b.Kind == richtext.Bullet:
			style = docx.Bullet
		case b.Kind == richtext.Numbered:
			style = docx.Number
		case b.Level > 0:
			style = docx.Continue
		}
		var runs []docx.Run
		for _, t := range b.Spans {
			r := docx.Run{Text: t.Text, Bold: t.Bold, Italic: t.Italic, Underline: t.Underline, URL: t.URL, Break: t.Break}
			if t.URL != "" {
				r.Style = docx.Hyperlink
			}
			runs = append(runs, r)
		}
		w.add(style, auto, runs...)
		p := w.last()
		p.Level, p.Number = b.Level, b.Number
		if i+1 < len(list) {
			next := list[i+1].Level > 0
			leads := b.Level == 0 && next || b.Level > 0 && next && (i == 0 || list[i-1].Level == 0)
			p.KeepNext = whole || leads || next && (i+2 == len(list) || list[i+2].Level == 0)
		}
	}
}

// lines writes short values, each list behind its label.
func (w *wordWriter) lines(style docx.Style, list []line) {
	labelled := slices.ContainsFunc(list, func(k line) bool { return k.Label != "" })
	for i, k := range list {
		var runs []docx.Run
		add := func(text string, look docx.CharStyle, direction docx.Direction) {
			runs = append(runs, docx.Run{Text: text, Style: look, Dir: direction})
		}
		remark := func(text string) {
			if text != "" {
				add(" (", docx.Soft, docx.Around)
				add(text, docx.Soft, docx.Auto)
				add(")", docx.Soft, docx.Around)
			}
		}
		look := docx.Plain
		if k.Label != "" {
			add(k.Label, docx.Label, docx.Auto)
			remark(k.Remark)
			add(k.Colon, docx.Plain, docx.Around)
		} else if labelled && len(k.Values) < 4 {
			look = docx.Label // a few values among labels look like them
		}
		for j, v := range k.Values {
			if j > 0 {
				add(k.Comma, docx.Plain, docx.Around)
			}
			add(v.Text, look, docx.Auto)
			remark(v.Remark)
		}
		w.add(style, asPage, runs...)
		w.last().KeepNext = len(list) < 7 && i+1 < len(list)
	}
}
