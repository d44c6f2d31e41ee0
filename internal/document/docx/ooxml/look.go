package ooxml

// look is a template's stylesheet in the terms of a word
// processor. Font sizes are in half-points, lengths in twentieths of a
// point, and colours as in HTML without the hash.
type look struct {
	serif bool
	face  string // for Latin, Greek and Cyrillic; a font that Word has on every system

	letters int // on the line of an entry's title, approximately, with a margin

	body, name, headline, section, entry, small int

	gap, between            int // before a section and an entry
	line                    int // 240: single
	top, side, bottom       int // margins of the page
	ink, soft, accent, hair string
	employer                string // the colour of an entry's employer

	caps     string // w:caps, w:smallCaps or "" for section headings
	rule     rule   // at section headings
	ruled    bool   // there is a rule under the head
	centered bool   // the head of the first page, and section headings
	heavy    bool   // the name is bold
	slanted  bool   // the headline
	upright  bool   // employers and places
}

// rule is the position of a rule.
type rule int8

const (
	below rule = iota
	above
	nowhere
)

// LineLetters returns approximately how many letters fit on a line of an entry. The fonts
// of the reader's system are unknown, so it leaves a margin.
func LineLetters(template string) int { return lookOf(template).letters }

// lookOf returns the look of a template; that of classic for an unknown one.
func lookOf(template string) look {
	switch template {
	case "modern":
		return look{
			face: "Calibri", letters: 90, body: 20, name: 50, headline: 25, section: 24, entry: 21, small: 19,
			gap: 160, between: 110, line: 264, top: 737, side: 1020, bottom: 850,
			ink: "1D2327", soft: "566167", accent: "0B6E63", hair: "C3CECA", employer: "0B6E63",
			rule: above, heavy: true, upright: true,
		}
	case "compact":
		return look{
			face: "Calibri", letters: 102, body: 18, name: 34, headline: 21, section: 20, entry: 19, small: 18,
			gap: 100, between: 60, line: 245, top: 624, side: 850, bottom: 737,
			ink: "17191C", soft: "555B63", accent: "93341F", hair: "BFC3C8", employer: "17191C",
			heavy: true, upright: true,
		}
	case "executive":
		return look{
			serif: true, face: "Georgia", letters: 80, body: 19, name: 56, headline: 25, section: 27, entry: 20, small: 18,
			gap: 200, between: 130, line: 276, top: 850, side: 1247, bottom: 907,
			ink: "26282C", soft: "5C6067", accent: "6B1F30", hair: "C3B3B1", employer: "6B1F30",
			centered: true, slanted: true,
		}
	case "academic":
		return look{
			serif: true, face: "Times New Roman", letters: 82, body: 22, name: 44, headline: 25, section: 25, entry: 22, small: 21,
			gap: 170, between: 100, line: 254, top: 907, side: 1191, bottom: 907,
			ink: "000000", soft: "3D3D3D", accent: "000000", hair: "8A8A8A", employer: "000000",
			caps: "w:smallCaps", rule: nowhere, slanted: true,
		}
	}
	return look{
		serif: true, face: "Cambria", letters: 87, body: 20, name: 48, headline: 25, section: 25, entry: 21, small: 19,
		gap: 140, between: 80, line: 259, top: 737, side: 1020, bottom: 850,
		ink: "1A1C20", soft: "505965", accent: "1D3D63", hair: "B7C0CB", employer: "1A1C20",
		caps: "w:smallCaps", ruled: true,
	}
}

// faces are the fonts for the classes of scripts. If one is missing, word
// processors use another that has the letters.
type faces struct{ latin, eastAsian, complex string }

func (l look) faces(tag localTag) faces {
	f := faces{latin: l.face, eastAsian: "SimSun", complex: "Times New Roman"}
	if !l.serif {
		f.eastAsian, f.complex = "Microsoft YaHei", "Arial"
	}
	// Han characters have regional forms.
	if pair, ok := map[string][2]string{
		"ja":      {"Yu Mincho", "Yu Gothic"},
		"ko":      {"Batang", "Malgun Gothic"},
		"zh-Hant": {"PMingLiU", "Microsoft JhengHei"},
	}[tag.han]; ok {
		f.eastAsian = pair[0]
		if !l.serif {
			f.eastAsian = pair[1]
		}
	}
	switch tag.script {
	case "Deva", "Beng", "Guru", "Gujr", "Taml", "Telu", "Knda", "Mlym", "Orya", "Sinh":
		f.complex = "Nirmala UI"
	case "Thai", "Laoo", "Khmr":
		f.complex = "Leelawadee UI"
	}
	return f
}

// bulky reports whether the letters of a script look smaller than Latin letters of the same
// size.
func (t localTag) bulky() bool { return t.script == "Arab" }
