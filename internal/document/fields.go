package document

import (
	"fmt"
	"strings"

	"github.com/letrazapp/letraz-export/internal/richtext"
)

// Field is a piece of a document, which a reader of the finished file has to find.
type Field struct {
	// Path is the position in the document, by section and index: "experience[2].title",
	// "contact[0]", "skill.lines[1].values[3]". It contains no text of the resume.
	Path string
	Text string // without line breaks
	URL  string // the target if the whole field is a link, or empty
}

// Fields returns the pieces of the document in the order in which a template shows
// them, and the targets of its links. With runOn, the template places the parts of
// every entry beside its title. Separators, bullets and page heads are no fields.
func (d *Document) Fields(runOn bool) (list []Field, links []string) {
	l := fieldList{runOn: runOn}
	l.document(d)
	return l.fields, l.links
}

// fieldList collects fields.
type fieldList struct {
	runOn  bool
	fields []Field
	links  []string
}

func (l *fieldList) add(path, text string) { l.link(path, Link{Text: text}) }

func (l *fieldList) link(path string, k Link) {
	if text := strings.TrimSpace(k.Text); text != "" {
		l.fields = append(l.fields, Field{Path: path, Text: text, URL: k.URL})
		l.lead(k.URL)
	}
}

// lead adds an address that the file has to link to.
func (l *fieldList) lead(url string) {
	if url != "" {
		l.links = append(l.links, url)
	}
}

func (l *fieldList) document(d *Document) {
	l.add("person.honorific", d.Honorific)
	if d.Author != "" {
		l.add("person.name", d.Heading)
	} else {
		l.add("heading", d.Heading)
	}
	l.link("person.headline", Link{Text: d.Headline, URL: d.HeadlineURL})
	for i, c := range d.Contact {
		path := fmt.Sprintf("contact[%d]", i)
		l.add(path+".label", c.Label)
		l.link(path, c.Link)
	}
	times := map[string]int{}
	for _, s := range d.Sections {
		path := s.Kind
		if times[s.Kind]++; times[s.Kind] > 1 {
			path = fmt.Sprintf("%s(%d)", s.Kind, times[s.Kind])
		}
		l.section(path, s)
	}
}

func (l *fieldList) section(path string, s Section) {
	l.add(path+".heading", s.Title)
	l.body(path+".text", s.Body)
	l.lines(path+".lines", s.Lines)
	for i, it := range s.Entries {
		l.entry(fmt.Sprintf("%s[%d]", path, i), it)
	}
}

// entry lists an entry in the order of the skeleton.
func (l *fieldList) entry(path string, it Entry) {
	l.link(path+".title", it.Title)
	parts := func() {
		for i, p := range it.Parts {
			l.link(fmt.Sprintf("%s.parts[%d]", path, i), p)
		}
	}
	if it.Brief || l.runOn {
		parts()
	}
	for i, m := range it.When {
		l.add(fmt.Sprintf("%s.when[%d]", path, i), m.Text)
	}
	if !it.Brief && !l.runOn {
		parts()
	}
	l.add(path+".note", it.Note)
	l.body(path+".text", it.Body)
	l.lines(path+".lines", it.Lines)
}

func (l *fieldList) lines(path string, lines []Line) {
	for i, k := range lines {
		at := fmt.Sprintf("%s[%d]", path, i)
		l.link(at+".label", Link{Text: k.Label, URL: k.LabelURL})
		if k.Label != "" { // a remark without a label is not shown, see Caption
			l.link(at+".remark", Link{Text: k.Remark, URL: k.RemarkURL})
		}
		for j, v := range k.Values {
			l.link(fmt.Sprintf("%s.values[%d]", at, j), Link{Text: v.Text, URL: v.URL})
			l.link(fmt.Sprintf("%s.values[%d].remark", at, j), Link{Text: v.Remark, URL: v.RemarkURL})
		}
	}
}

// body lists the paragraphs and list items of rich text.
func (l *fieldList) body(path string, body richtext.Text) {
	for i, b := range body {
		var text strings.Builder
		lead := ""
		for _, p := range b.Spans {
			if p.Break {
				text.WriteByte(' ')
			}
			text.WriteString(p.Text)
			if p.URL != lead {
				l.lead(p.URL)
			}
			lead = p.URL
		}
		l.add(fmt.Sprintf("%s[%d]", path, i), text.String())
	}
}
