package document

import (
	"cmp"
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume"
)

// experienceEntry returns the entry of a position.
func experienceEntry(e resume.Experience, l *maker) Entry {
	kind := l.employment(e.EmploymentType)
	if kind == "" {
		kind = clean(e.Details.String("employmentType")) // another one than the usual
	}
	it := Entry{
		Title: textLink(e.JobTitle),
		When:  l.period(e.Duration, e.Details),
		Parts: []Link{
			named(e.CompanyName, e.URL()),
			l.labeled("department", e.Details, "department"),
			l.at(e.City, e.Country),
			{Text: kind},
			l.labeled("industry", e.Details, "industry"),
		},
		Note: l.value(e.Details, "description"),
		Body: l.rich(e.Description),
	}
	it.add(l, e.Details, "department", "location")
	it.Lines = append(it.Lines, l.termLine("tools", e.Details, "keywords")...)
	// A description of several lines is more than a note on the employer.
	if raw := e.Details.String("description"); strings.ContainsAny(raw, "\n<") {
		text, _ := resume.RichTextFromSource(raw, nil)
		if body := l.rich(text); len(body) > 1 || len(body) == 1 && len(body[0].Lines()) > 1 {
			it.Note, it.Body = "", concat(body, it.Body)
		}
	}
	return it
}

// educationEntry returns the entry of a course of study.
func educationEntry(e resume.Education, l *maker) Entry {
	it := Entry{
		Title: Link{Text: l.distinct(e.Degree, e.FieldOfStudy)},
		When:  l.period(e.Duration, e.Details),
		Parts: []Link{
			named(e.InstitutionName, e.URL()),
			l.at(e.Details.String("location"), e.Country),
			l.score(e.Details),
			l.labeled("specialization", e.Details, "specialization"),
		},
		Body:  l.rich(e.Description),
		Lines: l.termLine("honors", e.Details, "honors"),
	}
	it.add(l, e.Details, "location")
	if courses := linksIn(e.Details, "courses"); sentences(courses) {
		// The parsed text may be shared with another entry.
		it.Body = concat(it.Body, listed(l.Terms["courses"], courses))
	} else {
		it.Lines = append(it.Lines, l.lineOf(l.Terms["courses"], courses)...)
	}
	it.Lines = append(it.Lines, l.termLine("keywords", e.Details, "keywords")...)
	return it
}

// score returns the grade of a course of study with its label.
func (l *maker) score(d resume.Details) Link {
	score := l.value(d, "score")
	for _, name := range []string{"maxScore", "max_score", "maxGpa", "max_gpa", "gpaMax", "gpaScale", "gpa_scale", "scoreScale", "outOf", "scale"} {
		if most := l.value(d, name); score != "" && most != "" && !strings.Contains(score, "/") {
			score += "/" + most
		}
	}
	// Some scores say what they are: "Note 1,7".
	if score == "" || strings.Contains(strings.ToLower(score), strings.ToLower(l.Terms["grade"])) {
		return Link{Text: score}
	}
	return Link{Text: l.Terms["grade"] + l.Colon + score}
}

// projectEntry returns the entry of a project.
func projectEntry(p resume.Project, l *maker) Entry {
	it := Entry{
		Title: textLink(p.Name),
		When:  l.period(p.Duration, p.Details),
		Parts: []Link{
			textLink(p.Role),
			l.part(p.Details, "entity"),
			textLink(p.Category),
			l.part(p.Details, "location"),
		},
		Body:  l.rich(p.Description),
		Lines: l.line(l.Terms["tools"], p.SkillsUsed),
	}
	if clean(p.Role) == "" || strings.Join(p.Details.Strings("roles"), ", ") != p.Role {
		for _, role := range values(p.Details, "roles") {
			it.Parts = append(it.Parts, Link{Text: role})
		}
	}
	it = it.withPages(p.LiveURL, p.GithubURL)
	it.add(l, p.Details, "location")
	return it
}

// add adds the members of an entry that are not in the JSON Resume schema, except those that
// the entry has already.
func (it *Entry) add(l *maker, d resume.Details, without ...string) {
	it.Parts = append(it.Parts, l.partsOf(d, without...)...)
	lines, body := l.linesOf(d)
	it.Lines = append(it.Lines, lines...)
	it.Body = concat(it.Body, body)
}

// withPages returns the entry with web pages as parts. One whose address is the title
// is where the title leads.
func (it Entry) withPages(pages ...string) Entry {
	for _, raw := range pages {
		k := webLink(raw)
		if k.Text == "" {
			continue
		}
		if title := webLink(it.Title.Text); k.URL != "" && title.URL != "" && sameAddress(title.URL, k.URL) {
			it.Title.URL, it.Title.Kind = k.URL, k.Kind
			continue
		}
		it.Parts = append(it.Parts, k)
	}
	return it
}

// strengthEntry returns the entry of a personal strength.
func strengthEntry(s resume.Strength, l *maker) Entry {
	return Entry{Title: textLink(s.Name), Body: l.rich(s.Description)}
}

// named returns a name as a link to an address, or the address itself if there is no
// name.
func named(name, url string) Link {
	k := webLink(url)
	if text := textLink(name); text.Text != "" {
		k.Text, k.Kind = text.Text, ""
		k.URL = cmp.Or(k.URL, text.URL)
	}
	return k
}

// newLine returns a line without values. The label may be empty.
func (l *locale) newLine(label string) Line {
	return Line{Label: label, Colon: l.Colon, Comma: l.Comma}
}

// line returns one line of values, or none. Those with a link in them lead where it does.
func (l *locale) line(label string, texts []string) []Line {
	list := make([]Link, len(texts))
	for i, text := range texts {
		list[i] = textLink(text)
	}
	return l.lineOf(label, list)
}

// lineOf returns one line of the values that are not empty, or none.
func (l *locale) lineOf(label string, list []Link) []Line {
	line := l.newLine(label)
	for _, k := range list {
		if k.Text != "" {
			line.Values = append(line.Values, Value{Text: k.Text, URL: k.URL})
		}
	}
	if line.Values == nil {
		return nil
	}
	return []Line{line}
}
