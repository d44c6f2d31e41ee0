package document

import (
	"github.com/letrazapp/letraz-export/internal/resume"
)

// otherContent returns the content of a section without a table of its own:
// languages and interests that are only names as lines, all others as entries.
func otherContent(o resume.Other, l *maker) ([]Line, []Entry) {
	var lines []Line
	var full []resume.Item
	plain := -1 // the line that collects names without keywords
	for _, it := range o.Items {
		name := clean(it.Name)
		if !nameOnly(it) || o.Kind != "languages" && o.Kind != "interests" || name == "" {
			full = append(full, it)
			continue
		}
		if words := cleanAll(it.Keywords); len(words) > 0 {
			lines = append(lines, l.line(name, words)...)
			continue
		}
		if plain < 0 {
			plain = len(lines)
			lines = append(lines, l.newLine(""))
		}
		lines[plain].Values = append(lines[plain].Values, Value{Text: name, Remark: clean(it.Level)})
	}
	return lines, each(full, l, func(it resume.Item, l *maker) Entry { return otherEntry(o.Kind, it, l) })
}

// nameOnly reports whether only name, level or keywords of an entry are known. Level
// and keywords together would need two lines.
func nameOnly(it resume.Item) bool {
	return it.Subtitle == "" && it.URL == "" && it.Date.IsZero() && it.Duration.IsZero() &&
		it.Summary.Empty() && (it.Level == "" || len(it.Keywords) == 0)
}

// otherEntry returns one item in full.
func otherEntry(kind string, it resume.Item, l *maker) Entry {
	name := named(it.Name, it.URL)
	under := Link{Text: clean(it.Subtitle)}
	if kind == "volunteer" && under.Text != "" {
		// As for a paid position: what one did, then for whom.
		name, under = under, name
	}
	parts := []Link{under, {Text: clean(it.Level)}}
	date := l.formatDate(it.Date, true)
	when := l.formatDuration(it.Duration)
	switch {
	case date.Text == "":
	case when == nil:
		when = []Moment{date}
	default:
		parts = append(parts, Link{Text: date.Text})
	}
	return Entry{
		Title: name,
		When:  when,
		Parts: parts,
		Body:  l.rich(it.Summary),
		Lines: l.line(l.Terms["keywords"], it.Keywords),
		Brief: kind != "volunteer" && kind != "custom",
	}
}
