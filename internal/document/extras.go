package document

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/richtext"
)

// Entries may have members that are not in the JSON Resume schema, under the names that
// package repair gives them. Those below are shown. Others may not be meant for readers, such
// as a salary, and have a note.

// plainParts are members that say by themselves what they are, such as "Remote".
var plainParts = []string{
	"workMode", "level", "status", "mode", "relationship", "cause", "category", "place", "amount", "edition", "series", "platform", "license", "location",
}

// labelledParts are members that need a label, and the terms for it.
var labelledParts = []struct{ member, term string }{
	{"department", "department"}, {"rank", "rank"}, {"hours", "hours"}, {"citations", "citations"},
}

// namedParts are members whose label is the same in all languages.
var namedParts = []struct{ member, label string }{
	{"isbn", "ISBN"}, {"issn", "ISSN"}, {"arxiv", "arXiv"}, {"pmid", "PMID"}, {"ects", "ECTS"},
}

// labelledLines are members that take a line of their own, and the terms for their label.
var labelledLines = []struct{ member, term string }{
	{"minor", "minor"}, {"thesis", "thesis"}, {"advisor", "advisor"}, {"exchange", "exchange"}, {"supervisor", "supervisor"}, {"team", "team"}, {"clients", "clients"},
}

// linkMembers are members that lead elsewhere.
var linkMembers = []string{
	"links", "urls", "weblinks", "websites", "attachments", "resources", "pdf", "pdfUrl", "slides", "video", "videoUrl", "docs", "documentation", "preprint", "poster",
	"demo", "code", "github", "appStore", "playStore", "press", "linkedin",
}

// partsOf returns the members of an entry that are shown as parts of it, except those in
// without, which the entry shows itself.
func (l *maker) partsOf(d resume.Details, without ...string) []Link {
	if len(d) == 0 {
		return nil
	}
	var parts []Link
	for _, name := range plainParts {
		if _, ok := d[name]; ok && !slices.Contains(without, name) {
			parts = append(parts, linksIn(d, name)...)
		}
	}
	for _, p := range labelledParts {
		if _, ok := d[p.member]; ok && !slices.Contains(without, p.member) {
			parts = append(parts, l.labeled(p.term, d, p.member))
		}
	}
	parts = append(parts, Link{Text: citation(l.value(d, "volume"), l.value(d, "issue"), l.value(d, "pages"))})
	for _, p := range namedParts {
		if text := l.value(d, p.member); text != "" {
			parts = append(parts, Link{Text: p.label + " " + strings.TrimPrefix(text, p.label+" ")})
		}
	}
	return append(parts, linkParts(d)...)
}

// linkParts returns the members of an entry that lead elsewhere.
func linkParts(d resume.Details) []Link {
	var parts []Link
	for _, name := range linkMembers {
		if _, ok := d[name]; !ok {
			continue
		}
		for _, raw := range d.Addresses(name) {
			if k := webLink(raw); k.URL != "" || name == "links" || name == "urls" {
				parts = append(parts, k)
			}
		}
	}
	return parts
}

// citation returns where in a journal something stands, as most styles write it: 12(3),
// 45–67.
func citation(volume, issue, pages string) string {
	switch {
	case issue == "":
	case volume == "":
		volume = "no. " + issue
	default:
		volume += "(" + issue + ")"
	}
	return Join(", ", volume, pages)
}

// linesOf returns the members of an entry that take lines of their own, and those that are
// sentences as a text.
func (l *maker) linesOf(d resume.Details) (lines []Line, body richtext.Text) {
	if len(d) == 0 {
		return nil, nil
	}
	add := func(label, member string) {
		list := linksIn(d, member)
		if member == "projects" || sentences(list) && len(list) > 1 {
			body = concat(body, l.listedTexts(label, d.Texts(member)))
			return
		}
		lines = append(lines, l.lineOf(label, list)...)
	}
	for _, p := range labelledLines {
		if _, ok := d[p.member]; ok {
			add(l.Terms[p.term], p.member)
		}
	}
	for _, p := range []struct{ member, heading string }{{"projects", "project"}, {"awards", "awards"}} {
		if _, ok := d[p.member]; ok {
			add(l.Headings[p.heading], p.member)
		}
	}
	return lines, body
}

// listedTexts returns texts with markup as a list under a label.
func (l *maker) listedTexts(label string, texts []string) richtext.Text {
	source, _ := resume.RichTextFromSource("", texts)
	body := l.rich(source)
	if len(body) == 0 {
		return nil
	}
	return concat(listed(label, nil), body)
}

// languageSkills returns how well a language is read, written, spoken and understood.
func (l *maker) languageSkills(d resume.Details) string {
	var texts []string
	for _, skill := range []string{"reading", "writing", "speaking", "listening"} {
		text := l.value(d, skill)
		for _, group := range []string{"levels", "skills", "proficiencies"} {
			if raw, ok := d[group]; ok && text == "" {
				var inner resume.Details
				if json.Unmarshal(raw, &inner) == nil {
					text = l.value(inner, skill)
				}
			}
		}
		if text != "" {
			texts = append(texts, l.Terms[skill]+l.Colon+text)
		}
	}
	return strings.Join(texts, l.Comma)
}
