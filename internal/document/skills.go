package document

import (
	"cmp"

	"github.com/letrazapp/letraz-export/internal/resume"
)

// skillLines groups skills by category, in the order the categories first appear; those
// without one come as a line without label. A skill with a text of its own, and a
// category with one, are followed by it.
func skillLines(skills []resume.Skill, l *maker) []Line {
	var lines []Line
	index := map[string]int{}   // of the line of each category
	texts := map[int][]Value{}  // below the line of that index
	remarks := map[int]string{} // of a category
	for n, s := range skills {
		link, group := textLink(s.Name), textLink(s.Category)
		category := group.Text
		if page := webLink(s.Details.String("url")).URL; s.Categorised {
			group.URL = cmp.Or(group.URL, page)
		} else {
			link.URL = cmp.Or(link.URL, page)
		}
		name, below := link.Text, Value{}
		summary, years := l.part(s.Details, "summary"), l.years(l.value(s.Details, "years"))
		below.Text, below.URL = summary.Text, summary.URL
		if name == "" && below.Text == "" {
			continue
		}
		level, levelURL := l.level(s.Level()), textLink(s.Level()).URL
		if level == "" {
			level = l.level(l.value(s.Details, "level"))
		}
		if !s.Categorised && below.Text != "" {
			// It is more than a name: a line of its own.
			k := l.newLine(name)
			k.LabelURL, k.RemarkURL = link.URL, levelURL
			k.Remark = Join(l.Comma, level, years)
			k.Values = []Value{below}
			lines = append(lines, k)
			continue
		}
		i, ok := index[category]
		if !ok {
			i = len(lines)
			index[category] = i
			lines = append(lines, l.newLine(category))
			lines[i].LabelURL = group.URL
		}
		v := Value{Text: name, Remark: level, URL: link.URL, RemarkURL: levelURL}
		if s.Categorised && category != "" && !isAlone(skills, n) {
			remarks[i] = Join(l.Comma, remarks[i], years)
		} else {
			v.Remark = Join(l.Comma, level, years)
		}
		if name != "" {
			lines[i].Values = append(lines[i].Values, v)
		}
		if below.Text != "" {
			texts[i] = append(texts[i], below)
		}
	}
	var out []Line
	for i, k := range lines {
		k.factorRemark()
		k.Remark = Join(l.Comma, k.Remark, remarks[i])
		out = append(out, k)
		for _, v := range texts[i] {
			more := l.newLine(k.Label)
			more.Values = []Value{v}
			out = append(out, more)
		}
	}
	return out
}

// isAlone reports whether skill n is the only one of its entry in the source, so that what
// the entry says is said of it.
func isAlone(skills []resume.Skill, n int) bool {
	entry := skills[n].Entry()
	return entry != "" && (n+1 == len(skills) || skills[n+1].Entry() != entry)
}

// factorRemark moves a remark that all values share to the label.
func (k *Line) factorRemark() {
	if k.Label == "" || len(k.Values) < 2 {
		return
	}
	for _, v := range k.Values {
		if v.Remark != k.Values[0].Remark || v.RemarkURL != k.Values[0].RemarkURL {
			return
		}
	}
	k.Remark, k.RemarkURL = k.Values[0].Remark, k.Values[0].RemarkURL
	for i := range k.Values {
		k.Values[i].Remark, k.Values[i].RemarkURL = "", ""
	}
}
