package document

import (
	"slices"
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume"
)

// experienceEntry returns the entry of a position.
func experienceEntry(e resume.Experience, l *maker) Entry {
	return Entry{
		Title: Link{Text: clean(e.JobTitle)},
		When:  l.formatDuration(e.Duration),
		Parts: []Link{
			named(e.CompanyName, e.URL()),
			{Text: place(e.City, e.Country, l)},
			{Text: l.employment(e.EmploymentType)},
		},
		Note: clean(e.Details.String("description")),
		Body: l.rich(e.Description),
	}
}

// educationEntry returns the entry of a course of study.
func educationEntry(e resume.Education, l *maker) Entry {
	it := Entry{
		Title: Link{Text: Join(l.Comma, clean(e.Degree), clean(e.FieldOfStudy))},
		When:  l.formatDuration(e.Duration),
		Parts: []Link{
			named(e.InstitutionName, e.URL()),
			{Text: l.country(e.Country)},
		},
		Body:  l.rich(e.Description),
		Lines: l.line(l.Terms["courses"], e.Courses()),
	}
	if score := clean(e.Score()); score != "" {
		label := l.Terms["grade"]
		// Some scores say what they are: "Note 1,7".
		if !strings.Contains(strings.ToLower(score), strings.ToLower(label)) {
			score = label + l.Colon + score
		}
		it.Parts = append(it.Parts, Link{Text: score})
	}
	return it
}

// projectEntry returns the entry of a project.
func projectEntry(p resume.Project, l *maker) Entry {
	it := Entry{
		Title: Link{Text: clean(p.Name)},
		When:  l.formatDuration(p.Duration),
		Parts: []Link{
			{Text: clean(p.Role)},
			{Text: clean(p.Entity())},
			{Text: clean(p.Category)},
		},
		Body:  l.rich(p.Description),
		Lines: l.line(l.Terms["tools"], p.SkillsUsed),
	}
	seen := map[Link]bool{}
	for _, part := range it.Parts {
		seen[part] = true
	}
	for _, role := range cleanAll(p.Details.Strings("roles")) {
		if k := (Link{Text: role}); !seen[k] {
			seen[k] = true
			it.Parts = append(it.Parts, k)
		}
	}
	for _, raw := range []string{p.LiveURL, p.GithubURL} {
		if k := webLink(raw); !slices.Contains(it.Parts, k) {
			it.Parts = append(it.Parts, k)
		}
	}
	return it
}

// strengthEntry returns the entry of a personal strength.
func strengthEntry(s resume.Strength, l *maker) Entry {
	return Entry{Title: Link{Text: clean(s.Name)}, Body: l.rich(s.Description)}
}

// skillLines groups skills by category, in the order the categories first
// appear; those without one come as a line without label.
func skillLines(skills []resume.Skill, l *maker) []Line {
	var lines []Line
	index := map[string]int{}
	for _, s := range skills {
		name, category := clean(s.Name), clean(s.Category)
		if name == "" {
			continue
		}
		i, ok := index[category]
		if !ok {
			i = len(lines)
			index[category] = i
			lines = append(lines, l.newLine(category))
		}
		lines[i].Values = append(lines[i].Values, Value{Text: name, Remark: l.level(s)})
	}
	for i := range lines {
		lines[i].factorRemark()
	}
	return lines
}

// factorRemark moves a remark that all values share to the label.
func (k *Line) factorRemark() {
	if k.Label == "" || len(k.Values) < 2 {
		return
	}
	for _, v := range k.Values {
		if v.Remark != k.Values[0].Remark {
			return
		}
	}
	k.Remark = k.Values[0].Remark
	for i := range k.Values {
		k.Values[i].Remark = ""
	}
}

// named returns a name as a link to an address, or the address itself if there is no
// name.
func named(name, url string) Link {
	k := webLink(url)
	if name = clean(name); name != "" {
		k.Text, k.Kind = name, ""
	}
	return k
}

// newLine returns a line without values. The label may be empty.
func (l *locale) newLine(label string) Line {
	return Line{Label: label, Colon: l.Colon, Comma: l.Comma}
}

// line returns one line of values, or none.
func (l *locale) line(label string, texts []string) []Line {
	k := l.newLine(label)
	for _, t := range cleanAll(texts) {
		k.Values = append(k.Values, Value{Text: t})
	}
	if k.Values == nil {
		return nil
	}
	return []Line{k}
}
