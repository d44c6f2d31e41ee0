package document

import (
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/richtext"
)

// otherContent returns the content of a section without a table of its own:
// languages and interests that are only names, or names with a few words on them, as
// lines, all others as entries.
func otherContent(o resume.Other, l *maker) ([]Line, []Entry) {
	var lines []Line
	var full []resume.Item
	plain := -1 // the line that collects names without keywords
	for _, it := range o.Items {
		name := clean(it.Name)
		short := o.Kind == "languages" || o.Kind == "interests"
		words := it.Keywords
		if !short || !l.nameOnly(it) || name == "" && len(cleanAll(words)) == 0 {
			full = append(full, it)
			continue
		}
		line := l.line(name, words)
		if text := l.rich(it.Summary); len(text) > 0 {
			line = concat(line, l.lineOf(name, []Link{{Text: text[0].Spans[0].Text}}))
		}
		if len(line) > 0 {
			line[0].LabelURL = textLink(it.Name).URL
			lines = append(lines, line...)
			continue
		}
		if plain < 0 {
			plain = len(lines)
			lines = append(lines, l.newLine(""))
		}
		lines[plain].Values = append(lines[plain].Values, Value{Text: name, Remark: l.fluency(it), URL: textLink(it.Name).URL, RemarkURL: textLink(it.Level).URL})
	}
	return lines, each(full, l, func(it resume.Item, l *maker) Entry { return otherEntry(o.Kind, it, l) })
}

// nameOnly reports whether only name, level, keywords or a few words of summary of an
// entry are known, and not two of the latter, which would need two lines.
func (l *maker) nameOnly(it resume.Item) bool {
	more := 0
	for _, known := range []bool{l.fluency(it) != "", len(it.Keywords) > 0, !it.Summary.Empty()} {
		if known {
			more++
		}
	}
	parts, lines := l.extras(it)
	return more <= 1 && it.Subtitle == "" && it.URL == "" && it.Duration.IsZero() && it.Date.IsZero() &&
		l.itemDate(it).Text == "" && l.period(it.Duration, it.Raw) == nil &&
		fewWords(l.rich(it.Summary)) && !anyText(parts) && lines == nil
}

// anyText reports whether one of the parts is not empty.
func anyText(parts []Link) bool {
	for _, p := range parts {
		if p.Text != "" {
			return true
		}
	}
	return false
}

// fewWords reports whether a text is empty, or a short one without formatting.
func fewWords(t richtext.Text) bool {
	switch {
	case len(t) == 0:
		return true
	case len(t) > 1 || t[0].Kind != richtext.Paragraph || len(t[0].Spans) != 1:
		return false
	}
	s := t[0].Spans[0]
	return len(s.Text) <= lineLength && len(s.Marks) == 0
}

// fluency returns the level of an entry, such as how well a language is known. Some
// sources state it twice, in words and by a scale.
func (l *maker) fluency(it resume.Item) string {
	native := ""
	if string(it.Raw["native"]) == "true" {
		native = l.Terms["native"]
	}
	level := l.distinct(l.level(it.Level), l.level(l.value(it.Raw, "level")), native, l.value(it.Raw, "cefr"), l.value(it.Raw, "certificate"), l.value(it.Raw, "native"))
	return Join(l.Comma, level, l.languageSkills(it.Raw), l.years(l.value(it.Raw, "years")))
}

// itemDate returns the one date of an entry, as written if it was not understood.
func (l *maker) itemDate(it resume.Item) Moment {
	for _, name := range []string{"date", "releaseDate"} {
		if text := dateText(it.Raw, name, it.Date); text != "" {
			return Moment{Text: text}
		}
	}
	return l.formatDate(it.Date, true)
}

// otherEntry returns one item in full.
func otherEntry(kind string, it resume.Item, l *maker) Entry {
	name := named(it.Name, it.URL)
	under := textLink(it.Subtitle)
	if kind == "volunteer" && under.Text != "" {
		// As for a paid position: what one did, then for whom.
		name, under = under, name
	}
	parts := []Link{under, {Text: l.fluency(it), URL: textLink(it.Level).URL}}
	date := l.itemDate(it)
	when := l.period(it.Duration, it.Raw)
	switch {
	case date.Text == "":
	case when == nil:
		when = []Moment{date}
	default:
		parts = append(parts, Link{Text: l.inText(date)})
	}
	more, lines := l.extras(it)
	extra, body := l.linesOf(it.Raw)
	return Entry{
		Title: name,
		When:  when,
		Parts: append(parts, more...),
		Body:  concat(l.rich(it.Summary), body),
		Lines: append(append(lines, extra...), l.line(l.Terms["keywords"], it.Keywords)...),
		Brief: kind != "volunteer" && kind != "custom",
	}
}

// extras returns what an entry may have besides the members of its kind.
func (l *maker) extras(it resume.Item) ([]Link, []Line) {
	d := it.Raw
	if len(d) == 0 {
		return nil, nil
	}
	parts := []Link{
		l.part(d, "position"), // of a reference; for other kinds it is the subtitle
		l.part(d, "company"),
		emailLink(d.String("email")),
		phoneLink(l.value(d, "phone")),
		l.labeled("identifier", d, "identifier"),
	}
	if expires := l.dateIn(d, "expires"); expires != "" {
		parts = append(parts, Link{Text: l.Terms["expires"] + l.Colon + expires})
	}
	parts = append(parts, l.score(d))
	parts = append(parts, l.partsOf(d, "level")...)
	parts = append(parts, doiLink(d.String("doi")))
	return parts, append(l.termLine("authors", d, "authors"), l.lineOf("Ed.", linksIn(d, "editors"))...)
}
