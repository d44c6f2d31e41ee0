package html

import (
	"errors"
)

// Default is the template used when none is named.
const Default = "classic"

// ErrUnknownTemplate says that no template has the name asked for.
var ErrUnknownTemplate = errors.New("unknown template")

// Template is a look of the page.
type Template struct {
	Name        string // what an API caller writes, such as "classic"
	Title       string // for people
	Description string // one sentence, for people

	// RunOn places employer, place and the like beside an entry's title, not below it.
	RunOn bool

	// centered says that the lines of the contact data are centered. These lines end with
	// a separator; others begin with one, which is outside of the visible area.
	centered   bool
	stylesheet string // a file of the templates directory
}

// Templates lists every template, the default first.
func Templates() []Template {
	return []Template{{
		Name:        Default,
		Title:       "Classic",
		Description: "A single column in serif type with hairline rules and one deep blue accent.",
		stylesheet:  "classic.css",
	}, {
		Name:        "modern",
		Title:       "Modern",
		Description: "A single column in open lines of sans serif type; a short green bar begins each section.",
		stylesheet:  "modern.css",
	}, {
		Name:        "compact",
		Title:       "Compact",
		Description: "As much as fits on a page: small sans serif type, employer and place beside the title, brick red headings.",
		stylesheet:  "compact.css",
		RunOn:       true,
	}, {
		Name:        "executive",
		Title:       "Executive",
		Description: "A name in the middle of much white, with fine rules and one burgundy accent, for senior leaders.",
		stylesheet:  "executive.css",
		centered:    true,
	}, {
		Name:        "academic",
		Title:       "Academic",
		Description: "The typography of a book, in black, for scholars with long lists of publications.",
		stylesheet:  "academic.css",
	}}
}

// Lookup finds a template by name; the empty name is the default's.
func Lookup(name string) (Template, bool) {
	if name == "" {
		name = Default
	}
	for _, t := range Templates() {
		if t.Name == name {
			return t, true
		}
	}
	return Template{}, false
}
