package document

import (
	"cmp"
	"slices"
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume"
)

// shortEntry is the number of lines up to which the texts of an entry are kept on one
// page. Keeping longer entries together would waste space at the ends of pages.
const shortEntry = 6

// longBlock is the number of lines from which on a paragraph or an item of a list may
// be divided between two pages.
const longBlock = 7

// sections returns the sections of a document. Neighbors of the same type with the
// same heading become one, since some sources have a section for each row.
func sections(list []resume.Section, l *maker) []Section {
	var out []Section
	var last resume.Section
	for _, s := range merged(list, l) {
		last = s
		view := Section{Kind: kind(last), Title: heading(last, l)}
		switch s.Type {
		case resume.SectionExperience:
			view.Entries = each(s.Experience, l, experienceEntry)
		case resume.SectionEducation:
			view.Entries = each(s.Education, l, educationEntry)
		case resume.SectionProject:
			view.Entries = each(s.Projects, l, projectEntry)
		case resume.SectionSkill:
			view.Lines = skillLines(s.Skills, l)
		case resume.SectionStrength:
			view.Entries = each(s.Strengths, l, strengthEntry)
		case resume.SectionOther:
			view.Lines, view.Entries = otherContent(s.Other, l)
		}
		if len(view.Entries)+len(view.Lines) > 0 {
			out = append(out, view)
		}
	}
	return out
}

// merged joins neighboring sections of the same type with the same heading.
func merged(list []resume.Section, l *maker) []resume.Section {
	var out []resume.Section
	for _, s := range list {
		if s.Empty() {
			continue
		}
		if n := len(out); n > 0 && kind(out[n-1]) == kind(s) &&
			strings.EqualFold(heading(out[n-1], l), heading(s, l)) {
			out[n-1] = joined(out[n-1], s)
			continue
		}
		out = append(out, s)
	}
	return out
}

// joined returns a with the rows of b after its own. It shares no memory with a.
func joined(a, b resume.Section) resume.Section {
	a.Experience = concat(a.Experience, b.Experience)
	a.Education = concat(a.Education, b.Education)
	a.Projects = concat(a.Projects, b.Projects)
	a.Skills = concat(a.Skills, b.Skills)
	a.Strengths = concat(a.Strengths, b.Strengths)
	a.Other.Items = concat(a.Other.Items, b.Other.Items)
	return a
}

// concat returns a new list of both.
func concat[T any](a, b []T) []T {
	return append(append(make([]T, 0, len(a)+len(b)), a...), b...)
}

// kind returns the type of a section, or the kind of an other section.
func kind(s resume.Section) string {
	if s.Type != resume.SectionOther {
		return string(s.Type)
	}
	switch s.Other.Kind {
	case "volunteer", "awards", "certificates", "publications", "languages", "interests", "references":
		return s.Other.Kind
	}
	return "custom"
}

// heading returns the section's own title, or the usual one in the locale.
func heading(s resume.Section, l *maker) string {
	return cmp.Or(clean(s.Title), l.Headings[kind(s)])
}

// each returns the entries of rows, without those that have nothing to show.
func each[T any](rows []T, l *maker, prepare func(T, *maker) Entry) []Entry {
	var out []Entry
	for _, row := range rows {
		it := prepare(row, l)
		if it.promote(); it.Title.Text == "" && it.empty() {
			continue
		}
		it.Keep = textLines(it.Body)+lineCount(it.Note) <= shortEntry
		out = append(out, it)
	}
	return out
}

// promote makes the first part the title of an entry that has none, and drops the parts
// that are empty or that say what the title or another part says.
func (it *Entry) promote() {
	var parts []Link
	for _, p := range append([]Link{it.Title}, it.Parts...) {
		if p.Text == "" {
			continue
		}
		i := slices.IndexFunc(parts, func(q Link) bool { return strings.EqualFold(p.Text, q.Text) })
		if i < 0 {
			parts = append(parts, p)
		} else if parts[i].URL == "" {
			parts[i].URL = p.URL
		}
	}
	if len(parts) == 0 {
		it.Title, it.Parts = Link{}, nil
		return
	}
	it.Title, it.Parts = parts[0], parts[1:]
}

// empty reports whether nothing but a title is known.
func (it *Entry) empty() bool {
	return len(it.When)+len(it.Parts)+len(it.Lines)+len(it.Note)+len(it.Body) == 0
}
