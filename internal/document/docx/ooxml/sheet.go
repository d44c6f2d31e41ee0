package ooxml

import (
	"net/url"
	"strings"

	"github.com/letrazapp/letraz-export/internal/export"
)

// sheet is the state that the parts of a document share while they are written: its look on
// its paper, and what the body refers to.
type sheet struct {
	look
	fonts         faces
	lang          localTag
	rtl           bool
	width, height int // of the paper
	links         []string
	linkIDs       map[string]string
	numbered      []numbering // every numbered list
	current       [maxLevel]int
	portrait      *Picture
}

// numbering is the level of a numbered list, from 0, and the number it starts with.
type numbering struct{ level, start int }

// maxLevel is the maximum nesting depth of lists.
const maxLevel = 5

func newSheet(d Document) *sheet {
	paper := d.Paper
	if !paper.Valid() {
		paper = export.A4
	}
	width, height := paper.Size()
	s := &sheet{look: lookOf(d.Template), lang: tagOf(d.Lang), rtl: d.RTL, linkIDs: map[string]string{}, portrait: d.Portrait}
	s.fonts = s.faces(s.lang)
	s.width, s.height = int(width*1440+.5), int(height*1440+.5)
	return s
}

// measure returns the width of the text.
func (s *sheet) measure() int { return s.width - 2*s.side }

// Ids of relationships of the main part.
const (
	relStyles    = "rId1"
	relNumbering = "rId2"
	relSettings  = "rId3"
	relFonts     = "rId4"
	relFooter    = "rId5"
	relPicture   = "rId6"
	firstLink    = 7
)

// maxURL is the longest address that Word follows, in bytes.
const maxURL = 2048

// link returns the id of the relationship to an address, the same for all links to it, or ""
// for an invalid address: Word refuses the whole file if a target is not a URI.
func (s *sheet) link(address string) string {
	if address == "" || len(address) > maxURL {
		return ""
	}
	if id, ok := s.linkIDs[address]; ok {
		return id
	}
	u, err := url.Parse(address)
	id := ""
	if err == nil && good(u) && !strings.ContainsFunc(address, func(r rune) bool { return !inXML(r) || r <= ' ' || strings.ContainsRune("<>\"{}|\\^`", r) }) {
		id = "rId" + itoa(firstLink+len(s.links))
		s.links = append(s.links, address)
	}
	s.linkIDs[address] = id
	return id
}

// good reports addresses that lead somewhere.
func good(u *url.URL) bool {
	switch u.Scheme {
	case "http", "https":
		return u.Hostname() != ""
	case "mailto", "tel":
		return u.Opaque != ""
	}
	return false
}

// list returns the id of the numbering and the level of a paragraph. A list whose numbers
// begin again has its own numbering.
func (s *sheet) list(p Paragraph) (id, level int) {
	level = min(max(p.Level, 1), maxLevel) - 1
	if p.Style != Number {
		return bulletNum, level
	}
	if p.First || s.current[level] == 0 {
		s.numbered = append(s.numbered, numbering{level, max(p.Number, 0)})
		s.current[level] = numberNum + len(s.numbered)
	}
	return s.current[level], level
}
