package ooxml

// Ids of the lists that styles refer to; those of single lists follow.
const (
	bulletNum = 1
	numberNum = 2
)

// listIndent is where the text of a list's level begins.
func listIndent(level int) int { return 284 * (level + 1) }

// numbering writes the part with the lists: one form with bullets and one with
// numbers, and for every numbered list of the document one that begins at its number.
func (s *sheet) numbering() []byte {
	w := newPart()
	w.start("w:numbering", "xmlns:w", nsMain)
	s.form(w, 0, Bullet)
	s.form(w, 1, Number)
	for i, form := range []int{0, 1} {
		w.start("w:num", "w:numId", itoa(i+bulletNum))
		w.value("w:abstractNumId", itoa(form))
		w.end("w:num")
	}
	for i, list := range s.numbered {
		w.start("w:num", "w:numId", itoa(numberNum+1+i))
		w.value("w:abstractNumId", "1")
		w.start("w:lvlOverride", "w:ilvl", itoa(list.level))
		w.value("w:startOverride", itoa(list.start))
		w.end("w:lvlOverride")
		w.end("w:num")
	}
	w.end("w:numbering")
	return w.bytes()
}

// form writes a form of lists. Word wants all nine levels.
func (s *sheet) form(w *xmlWriter, id int, style Style) {
	w.start("w:abstractNum", "w:abstractNumId", itoa(id))
	w.value("w:nsid", "1E7A2A0"+itoa(id))
	w.value("w:multiLevelType", "hybridMultilevel")
	w.value("w:tmpl", "1E7A2B0"+itoa(id))
	for level := range 9 {
		w.start("w:lvl", "w:ilvl", itoa(level))
		w.value("w:start", "1")
		format, text := "bullet", "•"
		if style == Number {
			format, text = "decimal", "%"+itoa(level+1)+"."
		}
		w.value("w:numFmt", format)
		if level == 0 {
			w.value("w:pStyle", string(style))
		}
		w.value("w:lvlText", text)
		w.value("w:lvlJc", "left")
		w.paragraph(paraProps{indent: &indent{listIndent(level), 284}})
		r := runProps{colour: s.accent}
		if style == Bullet {
			r.fonts = faces{latin: "Arial", eastAsian: "Arial", complex: "Arial"} // the dots of serif faces are small
		}
		w.run(r)
		w.end("w:lvl")
	}
	w.end("w:abstractNum")
}
