package docx

import (
	"slices"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/document/docx/ooxml"
	"github.com/letrazapp/letraz-export/internal/richtext"
)

// text writes rich text. A paragraph before a list stays on the page of its first
// item, and neither the first nor the last item is alone on a page.
func (w *writer) text(body richtext.Text, whole bool) {
	list := body
	for i, b := range list {
		style := ooxml.Text
		switch {
		case b.Kind == richtext.Rule:
			style = ooxml.Rule
		case b.Kind == richtext.Bullet:
			style = ooxml.Bullet
		case b.Kind == richtext.Numbered:
			style = ooxml.Number
		case b.Level > 0:
			style = ooxml.Continue
		}
		var runs []ooxml.Run
		for _, t := range b.Spans {
			r := ooxml.Run{Text: t.Text, Bold: t.Bold, Italic: t.Italic, Underline: t.Underline, Code: t.Code, URL: t.URL, Break: t.Break}
			if t.URL != "" {
				r.Style = ooxml.Hyperlink
			}
			runs = append(runs, r)
		}
		w.add(style, auto, runs...)
		p := w.last()
		p.Level, p.Number, p.First = b.Level, b.Number, b.First
		if i+1 < len(list) {
			next := list[i+1].Level > 0
			leads := b.Level == 0 && next || b.Level > 0 && next && (i == 0 || list[i-1].Level == 0)
			p.KeepNext = whole || leads || next && (i+2 == len(list) || list[i+2].Level == 0)
		}
	}
}

// lines writes lists of short values after their labels.
func (w *writer) lines(style ooxml.Style, list []document.Line) {
	labelled := slices.ContainsFunc(list, func(k document.Line) bool { return k.Label != "" })
	for i, k := range list {
		var runs []ooxml.Run
		add := func(text string, look ooxml.CharStyle, direction ooxml.Direction) {
			runs = append(runs, ooxml.Run{Text: text, Style: look, Dir: direction})
		}
		lead := func(address string) {
			if address != "" {
				runs[len(runs)-1].URL, runs[len(runs)-1].Style = address, ooxml.Hyperlink
			}
		}
		remark := func(text, address string) {
			if text != "" {
				add(" (", ooxml.Soft, ooxml.Around)
				add(text, ooxml.Soft, ooxml.Auto)
				lead(address)
				add(")", ooxml.Soft, ooxml.Around)
			}
		}
		look := ooxml.Plain
		if k.Label != "" {
			add(k.Label, ooxml.Label, ooxml.Auto)
			lead(k.LabelURL)
			remark(k.Remark, k.RemarkURL)
			add(k.Colon, ooxml.Plain, ooxml.Around)
		} else if labelled && len(k.Values) < 4 {
			look = ooxml.Label // a few values in the place of a label look like one
		}
		for j, v := range k.Values {
			if j > 0 {
				add(k.Comma, ooxml.Plain, ooxml.Around)
			}
			add(v.Text, look, ooxml.Auto)
			lead(v.URL)
			remark(v.Remark, v.RemarkURL)
		}
		w.add(style, asPage, runs...)
		w.last().KeepNext = len(list) < 7 && i+1 < len(list)
	}
}
