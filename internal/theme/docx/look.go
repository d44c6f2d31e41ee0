package docx

// look is what distinguishes a template. Sizes of letters are in half-points,
// lengths in twentieths of a point, colours as in HTML without the hash.
type look struct {
	serif bool
	face  string // for Latin, Greek and Cyrillic; one that Word brings on every system
	head  string // the same for name and headings; "": face

	body, name, headline, section, entry, small int

	line                    int // 240: single
	top, side, bottom       int // margins of the page
	ink, soft, accent, hair string

	caps     string // w:caps, w:smallCaps or "" for section headings
	centered bool   // the head of the first page
	ruled    bool   // a rule under the head
	plain    bool   // employers and places upright
}

// lookOf is the look of a template. What nobody knows looks like classic.
func lookOf(template string) look {
	classic := look{
		serif: true, face: "Cambria",
		body: 20, name: 48, headline: 25, section: 25, entry: 21, small: 19,
		line: 259, top: 737, side: 1020, bottom: 850,
		ink: "1A1C20", soft: "505965", accent: "1D3D63", hair: "B7C0CB",
		caps: "w:smallCaps", ruled: true,
	}
	l := classic
	switch template {
	case "modern":
		l.serif, l.face = false, "Calibri"
		l.body, l.entry, l.section = 21, 22, 24
		l.accent, l.hair = "0F5C6E", "C3CDD3"
		l.caps, l.ruled, l.plain = "", false, true
	case "compact":
		l.serif, l.face = false, "Calibri"
		l.body, l.name, l.headline, l.section, l.entry, l.small = 19, 36, 22, 22, 20, 18
		l.line, l.top, l.side, l.bottom = 240, 680, 850, 794
		l.accent, l.caps, l.plain = "2B2F36", "w:caps", true
	case "executive":
		l.face = "Garamond"
		l.body, l.name, l.headline, l.section, l.entry, l.small = 22, 52, 26, 24, 23, 21
		l.side, l.top, l.bottom = 1247, 1134, 1134
		l.accent, l.caps, l.centered = "3A2E28", "w:caps", true
	case "academic":
		l.face = "Times New Roman"
		l.body, l.name, l.headline, l.section, l.entry, l.small = 22, 40, 24, 24, 22, 20
		l.side, l.top, l.bottom = 1247, 1134, 1134
		l.accent, l.centered, l.ruled = "1A1C20", true, false
	}
	return l
}

// faces are the fonts for kinds of scripts. Where one is missing, word
// processors take another that has the letters.
type faces struct{ latin, head, eastAsian, complex string }

func (l look) faces(tag localTag) faces {
	f := faces{latin: l.face, head: l.head, eastAsian: "SimSun", complex: "Times New Roman"}
	if f.head == "" {
		f.head = f.latin
	}
	if !l.serif {
		f.eastAsian, f.complex = "Microsoft YaHei", "Arial"
	}
	// Han characters have national forms.
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

// bulky reports the scripts whose letters look smaller than Latin ones of their
// size.
func (t localTag) bulky() bool { return t.script == "Arab" }
