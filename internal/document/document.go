// Package document turns a resume into the document that is shown: sections,
// entries, words, dates and file name, in the resume's language. An export builds
// it once. All formats are written from it, by the packages below this one, and the
// finished file is checked against it.
//
// Resume text is hostile. In a document, text is a single clean line, rich text is
// parsed, and links lead to a few schemes only. Every resume gives a document.
package document

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/portrait"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/richtext"
)

// maxKeywords bounds the keywords of a document.
const maxKeywords = 60

// MaxRunning is the maximum length of the name in the head of a page, in bytes. The
// head has one line.
const MaxRunning = 150

// Document is the content of a resume as it is shown, without its looks. Texts are clean, and
// empty parts are left out. A document is not changed after New has returned it, so several
// writers can use it concurrently.
type Document struct {
	// Metadata.
	Lang     string   // BCP 47
	Dir      string   // "ltr" or "rtl"
	Title    string   // "Jane Doe – Resume"
	Author   string   // the person's name; empty when unknown
	Subject  string   // the person's headline; empty when unknown
	Keywords []string // the resume's skills, without repetition
	Updated  time.Time
	FileName string // for people, without ending, safe on every system

	// The head of the first page.
	Honorific string
	Heading   string // the name, or the kind of document when that is unknown
	Headline  string
	// HeadlineURL is where the headline leads, or "".
	HeadlineURL string
	Contact     []Contact

	Sections []Section

	// Dates are the dates that are part of a text, such as a date of birth, in the form
	// of Moment.Machine. Those of entries are in Entry.When.
	Dates []string

	// Notes are the remarks on making the document, such as a language that was guessed. Those
	// on reading the resume are in resume.Resume.Notes.
	Notes []note.Note

	portrait func() (portrait.Picture, error)
}

// Contact is a way to reach the person.
type Contact struct {
	Label string // with its colon, or ""
	Link
}

// Section is a heading and its content.
type Section struct {
	Kind    string // the section type, or the kind of an other section, such as "awards"
	Title   string
	Body    richtext.Text
	Lines   []Line
	Entries []Entry
}

// Entry is one entry of a section: a position, a degree, a project, an award.
type Entry struct {
	Title Link
	When  []Moment // one or two
	Parts []Link   // employer, place, …
	Note  string   // what the employer does
	Body  richtext.Text
	Lines []Line
	Brief bool // of a kind that usually takes one line: an award, a certificate
	Keep  bool // short enough to stay on one page
}

// Line is a list of short values with or without a label.
type Line struct {
	Label  string
	Remark string // on the label, in parentheses
	// LabelURL and RemarkURL are where these lead, or "".
	LabelURL, RemarkURL string
	Colon               string // after the label
	Comma               string // between the values
	Values              []Value
}

// Value is a value of a Line, with a remark in parentheses.
type Value struct {
	Text   string
	Remark string
	URL    string // where Text leads, or ""
	// RemarkURL is where the remark leads, or "".
	RemarkURL string
}

// maker holds what the parts of a document need while New makes it: the words of its language
// and the parsed rich texts.
type maker struct {
	pageLocale
	notes []note.Note
	dates []string
	texts map[resume.RichText]richtext.Text // by the text; also used to detect the language
}

func newMaker(r resume.Resume) (*maker, error) {
	m := &maker{texts: map[resume.RichText]richtext.Text{}}
	loc, err := localeOf(r, m)
	if err != nil {
		return nil, err
	}
	m.pageLocale = loc
	return m, nil
}

// rich returns rich text parsed. It parses each text once.
func (m *maker) rich(t resume.RichText) richtext.Text {
	if t == "" {
		return nil
	}
	parsed, ok := m.texts[t]
	if !ok {
		parsed = richtext.Parse(string(t))
		m.texts[t] = parsed
	}
	return parsed
}

// New builds the document of a resume. An error means that the embedded tables are
// broken.
func New(r resume.Resume) (*Document, error) {
	m, err := newMaker(r)
	if err != nil {
		return nil, fmt.Errorf("making a document: %w", err)
	}
	p := r.Person
	headline := textLink(p.Headline)
	d := &Document{
		Lang:      m.Lang,
		Dir:       m.Dir,
		Notes:     m.notes,
		Updated:   r.UpdatedAt,
		Honorific: clean(p.Title),
		Author:    Join(" ", clean(p.FirstName), clean(p.LastName)),
		Headline:  headline.Text,

		HeadlineURL: headline.URL,
		Contact:     contacts(p, m),
		Keywords:    keywords(r),
		FileName:    fileName(r, m.Resume),
		portrait:    sync.OnceValues(func() (portrait.Picture, error) { return portrait.Read(p.Image) }),
	}
	d.Heading, d.Title, d.Subject = d.Author, m.Resume, d.Headline
	if d.Author == "" {
		d.Heading, d.Honorific = m.Resume, ""
	} else {
		d.Title = d.Author + " – " + m.Resume
	}
	if sameWords(d.Headline, d.Author) {
		d.Headline, d.HeadlineURL, d.Subject = "", "", "" // some sources repeat the name there
	}
	if d.Honorific != "" && strings.HasPrefix(d.Author+" ", d.Honorific+" ") {
		d.Honorific = ""
	}
	if body := m.rich(p.ProfileText); len(body) > 0 {
		d.Sections = append(d.Sections, Section{Kind: "profile", Title: m.Headings["profile"], Body: body})
	}
	d.Sections = append(d.Sections, sections(r.Sections, m)...)
	d.Dates = m.dates
	return d, nil
}

// Portrait returns the picture of the person; the zero Picture if there is none that
// can be shown. The first call decodes it.
func (d *Document) Portrait() portrait.Picture {
	p, err := d.portrait()
	if err != nil {
		return portrait.Picture{} // PortraitNote says why
	}
	return p
}

// PortraitNote returns the remark on a picture that cannot be shown; ok is false if
// there is none. The first call of it or of Portrait decodes the picture.
func (d *Document) PortraitNote() (n note.Note, ok bool) {
	_, err := d.portrait()
	if err == nil {
		return note.Note{}, false
	}
	n = note.Note{Path: "basics.image", Code: note.PictureNotUsed, Message: err.Error()}
	if why, is := errors.AsType[*portrait.Unusable](err); is {
		n.Hint = why.Hint
	}
	return n, true
}

// Name returns the heading of the document with the person's honorific.
func (d *Document) Name() string { return Join(" ", d.Honorific, d.Heading) }

// KeywordList returns the keywords as one text.
func (d *Document) KeywordList() string { return strings.Join(d.Keywords, ", ") }

// Dates returns the moments of an entry as one text.
func (e Entry) Dates() string {
	texts := make([]string, len(e.When))
	for i, m := range e.When {
		texts[i] = m.Text
	}
	return strings.Join(texts, " – ")
}

// Caption returns a line's label with its remark, or "".
func (l Line) Caption() string {
	if l.Label == "" || l.Remark == "" {
		return l.Label
	}
	return l.Label + " (" + l.Remark + ")"
}

// List returns a line's values as one text.
func (l Line) List() string { return l.Join(func(v Value) string { return v.Text }) }

// Join returns a line's values as one text. write writes the text of a value, without its
// remark.
func (l Line) Join(write func(Value) string) string {
	texts := make([]string, len(l.Values))
	for i, v := range l.Values {
		texts[i] = write(v)
		if v.Remark != "" {
			texts[i] += " (" + v.Remark + ")"
		}
	}
	return strings.Join(texts, l.Comma)
}

// keywords returns the names of a resume's skills, each once, in their order.
func keywords(r resume.Resume) []string {
	var words []string
	seen := map[string]bool{}
	add := func(s string) {
		s = clean(s)
		if key := strings.ToLower(s); s != "" && !seen[key] && len(words) < maxKeywords {
			seen[key] = true
			words = append(words, s)
		}
	}
	for _, s := range r.Sections {
		for _, k := range s.Skills {
			add(k.Name)
		}
	}
	for _, s := range r.Sections {
		for _, p := range s.Projects {
			for _, k := range p.SkillsUsed {
				add(k)
			}
		}
	}
	return words
}
