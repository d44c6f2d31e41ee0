package theme

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/letrazapp/letraz-export/internal/filename"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/richtext"
)

// maxKeywords bounds the keywords a PDF carries.
const maxKeywords = 60

// document is all that the skeleton shows, ready to print: text is clean, what
// is empty is absent, and nothing is left to decide.
type document struct {
	// The looks; filled in by Render.
	Standalone bool
	Template   string
	RunOn      bool // parts stand beside the title also where an item is not Brief
	Paper      string
	Sheet      template.CSS // the paper for @page
	Style      template.CSS
	Running    template.CSS // the name at the top of every page but the first

	// What the document says about itself.
	Lang     string
	Dir      string
	Title    string
	Author   string
	Subject  string
	Keywords []string

	// The head of the first page.
	Honorific string
	Heading   string // the name, or the kind of document when that is unknown
	Unkerned  bool   // the heading holds a pair that kerning would part
	Headline  string
	Image     template.URL
	Contact   []contact

	Sections []section
}

// parted reports whether the text has a pair that the Latin text face kerns apart,
// so far that extraction reads two words: "Pf luger".
func parted(text string) bool {
	for _, pair := range []string{"fb", "fh", "fk", "fl", "f'", `f"`, "f’", "f”"} {
		if strings.Contains(text, pair) {
			return true
		}
	}
	return false
}

// contact is one way to reach the person.
type contact struct {
	Label string // with its colon, or ""
	link
}

// section is one heading with what stands under it.
type section struct {
	Kind  string // for the stylesheet
	Title string
	Body  richtext.Text // free text
	Lines []line
	Items []item
}

// item is one entry of a section: a position, a degree, a project, an award.
type item struct {
	Title link
	When  []moment // one or two
	Parts []link   // employer, place, … below the title, or beside it if Brief
	Note  string   // what the employer does
	Body  richtext.Text
	Lines []line
	Brief bool // of a kind that is usually a line: an award, a certificate
	Keep  bool // short enough to stay on one page
}

// line is a list of short values with or without a label.
type line struct {
	Label  string
	Remark string // on the label, in parentheses
	Colon  string // after the label
	Comma  string // between the values
	Values []value
}

// value is one of a line, with a remark in parentheses.
type value struct {
	Text   string
	Remark string
}

// newDocument prepares a resume for the skeleton.
func newDocument(r resume.Resume, loc pageLocale) document {
	p := r.Person
	d := document{
		Lang:      loc.Lang,
		Dir:       loc.Dir,
		Honorific: clean(p.Title),
		Author:    join(" ", clean(p.FirstName), clean(p.LastName)),
		Headline:  clean(p.Headline),
		Image:     imageURI(p.Image),
		Contact:   contacts(p, loc.locale),
		Keywords:  keywords(r),
	}
	d.Heading, d.Title, d.Subject = d.Author, loc.Resume, d.Headline
	if d.Author == "" {
		d.Heading, d.Honorific = loc.Resume, ""
	} else {
		d.Title = d.Author + " – " + loc.Resume
	}
	d.Unkerned = parted(d.Heading)
	d.Running = cssString(d.Heading)
	if body := richtext.Parse(string(p.ProfileText)); len(body) > 0 {
		d.Sections = append(d.Sections, section{Kind: "profile", Title: loc.Headings["profile"], Body: body})
	}
	d.Sections = append(d.Sections, sections(r.Sections, loc.locale)...)
	return d
}

// maxRunning bounds the running name in bytes; it has one line.
const maxRunning = 150

// cssString is a text as a CSS string in its quotes. html/template would take a
// string in a stylesheet for an address, and drop a name with a colon in it.
func cssString(s string) template.CSS {
	if short := filename.Cut(s, maxRunning); short != s {
		s = short + "…"
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		if r >= 0x80 || r == ' ' || r == '-' || r == '.' || r == ',' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\%x `, r)
		}
	}
	b.WriteByte('"')
	return template.CSS(b.String())
}

// KeywordList is the keywords as one text.
func (d document) KeywordList() string { return strings.Join(d.Keywords, ", ") }

// keywords are the names of a resume's skills, each once, in order.
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
