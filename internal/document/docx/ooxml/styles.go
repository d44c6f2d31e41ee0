package ooxml

// style is a style of paragraphs.
type style struct {
	name     string // Word's own, which it translates, or ours
	own      bool
	next     Style
	keepNext bool
}

// styleOf are the styles but for their looks.
var styleOf = map[Style]style{
	Title:      {name: "Title", next: Subtitle, keepNext: true},
	Subtitle:   {name: "Subtitle", next: Contact, keepNext: true},
	Contact:    {name: "Contact", own: true, next: Section},
	Section:    {name: "heading 1", next: Entry, keepNext: true},
	Entry:      {name: "heading 2", next: EntryMeta, keepNext: true},
	EntryMeta:  {name: "Entry Meta", own: true, next: Text, keepNext: true},
	EntryNote:  {name: "Entry Note", own: true, next: Text, keepNext: true},
	EntryBrief: {name: "Entry Brief", own: true, next: EntryBrief},
	Values:     {name: "Values", own: true, next: Values},
	Details:    {name: "Entry Details", own: true, next: Entry},
	Text:       {name: "Body Text", next: Text},
	Bullet:     {name: "List Bullet", next: Bullet},
	Number:     {name: "List Number", next: Number},
	Continue:   {name: "List Continue", next: Continue},
	Rule:       {name: "Rule", own: true, next: Text},
}

// order is that of the file.
var order = []Style{Title, Subtitle, Contact, Section, Entry, EntryMeta, EntryNote, EntryBrief, Values, Details, Text, Bullet, Number, Continue, Rule}

// styles writes the part that says how everything looks; the body holds almost no
// formatting of its own.
func (s *sheet) styles() []byte {
	w := newPart()
	w.start("w:styles", "xmlns:w", nsMain)
	s.defaults(w)
	w.start("w:style", "w:type", "paragraph", "w:default", "1", "w:styleId", "Normal")
	w.value("w:name", "Normal")
	w.empty("w:qFormat")
	w.paragraph(paraProps{widows: on, autoSpace: off, bidi: onIf(s.rtl)})
	w.end("w:style")
	w.start("w:style", "w:type", "character", "w:default", "1", "w:styleId", "DefaultParagraphFont")
	w.value("w:name", "Default Paragraph Font")
	w.value("w:uiPriority", "1")
	w.empty("w:semiHidden")
	w.end("w:style")
	w.start("w:style", "w:type", "numbering", "w:default", "1", "w:styleId", "NoList")
	w.value("w:name", "No List")
	w.value("w:uiPriority", "99")
	w.empty("w:semiHidden")
	w.end("w:style")
	for _, id := range order {
		st := styleOf[id]
		p, r := s.looks(id)
		p.keepNext = onIf(st.keepNext)
		s.style(w, "paragraph", string(id), st.name, st.own, string(st.next), p, r)
	}
	s.style(w, "paragraph", "Footer", "footer", false, "", paraProps{tab: s.measure(), space: &space{}}, runProps{colour: s.soft, size: 17})
	s.style(w, "character", string(Strong), "Strong", false, "", paraProps{}, runProps{bold: on})
	s.style(w, "character", string(Emphasis), "Emphasis", false, "", paraProps{}, runProps{italic: on})
	s.style(w, "character", string(Hyperlink), "Hyperlink", false, "", paraProps{}, runProps{colour: s.accent, underline: s.hair})
	s.style(w, "character", string(Date), "Entry Date", true, "", paraProps{}, runProps{colour: s.soft, size: s.body, complex: s.bigger(s.body)})
	s.style(w, "character", string(Label), "Label", true, "", paraProps{}, runProps{bold: on})
	s.style(w, "character", string(Employer), "Entry Employer", true, "", paraProps{}, s.employer())
	s.style(w, "character", string(code), "HTML Code", false, "", paraProps{}, runProps{fonts: codeFaces()})
	s.style(w, "character", string(plainLink), "Plain Link", true, "", paraProps{}, runProps{})
	s.style(w, "character", string(Soft), "Soft", true, "", paraProps{}, runProps{colour: s.soft})
	w.end("w:styles")
	return w.bytes()
}

// defaults writes the defaults of the whole document.
func (s *sheet) defaults(w *xmlWriter) {
	w.start("w:docDefaults")
	w.start("w:rPrDefault")
	w.start("w:rPr")
	w.fonts(faces{latin: s.fonts.latin, eastAsian: s.fonts.eastAsian, complex: s.fonts.complex}, false)
	w.value("w:color", s.ink)
	w.value("w:sz", itoa(s.body))
	w.value("w:szCs", itoa(s.bigger(s.body)))
	w.empty("w:lang", s.languages()...)
	w.end("w:rPr")
	w.end("w:rPrDefault")
	w.start("w:pPrDefault")
	w.paragraph(paraProps{space: &space{line: s.leading()}})
	w.end("w:pPrDefault")
	w.end("w:docDefaults")
}

// languages returns the language for checking the spelling of each kind of scripts.
func (s *sheet) languages() []string {
	western, eastern, other := "en-US", "zh-CN", "ar-SA"
	switch s.lang.class {
	case latin:
		western = s.lang.tag
	case eastAsian:
		eastern = s.lang.tag
	default:
		other = s.lang.tag
	}
	return []string{"w:val", western, "w:eastAsia", eastern, "w:bidi", other}
}

// leading returns the distance of lines. East Asian fonts add some of their own.
func (s *sheet) leading() int {
	if s.lang.class == eastAsian {
		return 240
	}
	return s.line
}

// bigger returns the size for complex scripts.
func (s *sheet) bigger(size int) int {
	if s.lang.bulky() {
		return size + size/10
	}
	return size
}

// style writes one.
func (s *sheet) style(w *xmlWriter, kind, id, name string, own bool, next string, p paraProps, r runProps) {
	attributes := []string{"w:type", kind, "w:styleId", id}
	based := "Normal"
	if kind == "character" {
		based = "DefaultParagraphFont"
	}
	if own {
		attributes = append(attributes, "w:customStyle", "1")
	}
	w.start("w:style", attributes...)
	w.value("w:name", name)
	w.value("w:basedOn", based)
	if next != "" && next != id {
		w.value("w:next", next)
	}
	w.empty("w:qFormat")
	w.paragraph(p)
	w.run(r)
	w.end("w:style")
}

// looks returns the properties of a paragraph style.
func (s *sheet) looks(id Style) (p paraProps, r runProps) {
	sized := func(size int) runProps { return runProps{size: size, complex: s.bigger(size)} }
	heading := func(size int, colour string) runProps {
		r := sized(size)
		r.colour = colour
		return r
	}
	switch id {
	case Title:
		p.space, p.centered, r = &space{line: 240}, s.centered, heading(s.name, s.ink)
		r.bold = onIf(s.heavy)
	case Subtitle:
		p.space, p.centered, r = &space{after: 20, line: 240}, s.centered, heading(s.headline, s.accent)
		r.italic = onIf(s.slanted && s.lang.class == latin)
	case Contact:
		p.space, p.centered, r = &space{before: 60, after: 60}, s.centered, sized(s.small)
		if s.ruled {
			p.ruleBelow = s.accent
		}
	case Section:
		p.keepLines, p.outline, p.centered = on, 1, s.centered
		switch s.rule {
		case below:
			p.ruleBelow = s.hair
		case above:
			p.ruleAbove = s.accent
		}
		p.space, r = &space{before: s.gap, after: 60, line: 240}, heading(s.section, s.accent)
		r.bold, r.caps = on, s.caps
	case Entry:
		p.keepLines, p.outline, p.tab = on, 2, s.measure()
		p.space, r = &space{before: s.between}, sized(s.entry)
		r.bold = on
	case EntryMeta:
		p.keepLines, p.space, r = on, &space{}, runProps{colour: s.soft}
	case EntryNote:
		p.space, r = &space{}, sized(s.small)
		r.colour = s.soft
	case EntryBrief:
		p.keepLines, p.tab, p.space = on, s.measure(), &space{before: 60}
	case Values:
		p.space, p.indent = &space{after: 20}, &indent{240, 240}
	case Details:
		p.space, p.indent, r = &space{before: 30}, &indent{240, 240}, sized(s.small)
		r.colour = s.soft
	case Text:
		p.space = &space{before: 30, after: 30}
	case Bullet:
		p.num, p.space = bulletNum, &space{before: 20, after: 20}
	case Number:
		p.num, p.space = numberNum, &space{before: 20, after: 20}
	case Continue:
		p.space, p.indent = &space{before: 20, after: 20}, &indent{begin: listIndent(0)}
	case Rule:
		p.space, p.ruleBelow, r = &space{after: 80, line: 120}, s.hair, runProps{size: 12}
	}
	return p, r
}

// codeFaces returns the fonts of code. Wide scripts and scripts with joined letters keep their
// fonts.
func codeFaces() faces { return faces{latin: "Courier New"} }

// employer returns the look of the employer or institution of an entry. Scripts without
// italics have it upright.
func (s *sheet) employer() runProps {
	r := runProps{colour: s.look.employer}
	if !s.upright && s.lang.class == latin {
		r.italic = on
	}
	return r
}
