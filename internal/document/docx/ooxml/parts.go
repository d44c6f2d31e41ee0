package ooxml

import (
	"strings"
	"time"
)

const typePrefix = "application/vnd.openxmlformats-officedocument."

// contentTypes writes the content type of every part.
func (s *sheet) contentTypes(d Document) []byte {
	w := newPart()
	w.start("Types", "xmlns", nsTypes)
	w.empty("Default", "Extension", "rels", "ContentType", "application/vnd.openxmlformats-package.relationships+xml")
	w.empty("Default", "Extension", "xml", "ContentType", "application/xml")
	if d.Portrait != nil {
		w.empty("Default", "Extension", d.Portrait.extension(), "ContentType", "image/"+d.Portrait.Kind)
	}
	for _, t := range [...][2]string{
		{"/docProps/app.xml", typePrefix + "extended-properties+xml"},
		{"/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"},
		{"/word/document.xml", typePrefix + "wordprocessingml.document.main+xml"},
		{"/word/styles.xml", typePrefix + "wordprocessingml.styles+xml"},
		{"/word/numbering.xml", typePrefix + "wordprocessingml.numbering+xml"},
		{"/word/settings.xml", typePrefix + "wordprocessingml.settings+xml"},
		{"/word/fontTable.xml", typePrefix + "wordprocessingml.fontTable+xml"},
		{"/word/footer1.xml", typePrefix + "wordprocessingml.footer+xml"},
	} {
		w.empty("Override", "PartName", t[0], "ContentType", t[1])
	}
	w.end("Types")
	return w.bytes()
}

// packageRels writes the relationships to the document and its properties.
func packageRels() []byte {
	w := newPart()
	w.start("Relationships", "xmlns", nsPackage)
	w.empty("Relationship", "Id", "rId1", "Type", nsRels+"/officeDocument", "Target", "word/document.xml")
	w.empty("Relationship", "Id", "rId2", "Type", relPackage, "Target", "docProps/core.xml")
	w.empty("Relationship", "Id", "rId3", "Type", nsRels+"/extended-properties", "Target", "docProps/app.xml")
	w.end("Relationships")
	return w.bytes()
}

// documentRels writes the relationships of the document.
func (s *sheet) documentRels() []byte {
	w := newPart()
	w.start("Relationships", "xmlns", nsPackage)
	for _, r := range [...][3]string{
		{relStyles, "styles", "styles.xml"}, {relNumbering, "numbering", "numbering.xml"}, {relSettings, "settings", "settings.xml"},
		{relFonts, "fontTable", "fontTable.xml"}, {relFooter, "footer", "footer1.xml"},
	} {
		w.empty("Relationship", "Id", r[0], "Type", nsRels+"/"+r[1], "Target", r[2])
	}
	if s.portrait != nil {
		w.empty("Relationship", "Id", relPicture, "Type", nsRels+"/image", "Target", s.portrait.file())
	}
	for i, address := range s.links {
		w.empty("Relationship", "Id", "rId"+itoa(firstLink+i), "Type", nsRels+"/hyperlink", "Target", address, "TargetMode", "External")
	}
	w.end("Relationships")
	return w.bytes()
}

// coreProperties writes the document's metadata.
func coreProperties(d Document) []byte {
	w := newPart()
	w.start("cp:coreProperties", "xmlns:cp", nsCore, "xmlns:dc", nsDC, "xmlns:dcterms", nsDCTerms, "xmlns:xsi", nsInstance)
	optional := func(name, text string) {
		if text != "" {
			w.element(name, text)
		}
	}
	optional("dc:title", d.Title)
	optional("dc:subject", d.Subject)
	optional("dc:creator", d.Author)
	optional("cp:keywords", strings.Join(d.Keywords, ", "))
	optional("cp:lastModifiedBy", d.Author)
	// Word does not accept a year of five digits.
	if at := d.Date.UTC(); !d.Date.IsZero() && at.Year() > 0 && at.Year() <= 9999 {
		for _, name := range [...]string{"dcterms:created", "dcterms:modified"} {
			w.element(name, at.Format(time.RFC3339), "xsi:type", "dcterms:W3CDTF")
		}
	}
	optional("dc:language", d.Lang)
	w.end("cp:coreProperties")
	return w.bytes()
}

// appProperties writes the name of the program.
func appProperties() []byte {
	w := newPart()
	w.start("Properties", "xmlns", nsApp)
	w.element("Application", "letraz-export")
	w.end("Properties")
	return w.bytes()
}

// settings writes the settings of the document. Without the compatibility mode, that of
// Word 2013 and later, Word opens the file as one of an older version.
func (s *sheet) settings() []byte {
	w := newPart()
	w.start("w:settings", "xmlns:w", nsMain)
	w.empty("w:zoom", "w:percent", "100")
	w.value("w:defaultTabStop", "720")
	w.value("w:characterSpacingControl", "doNotCompress")
	w.start("w:compat")
	for _, setting := range [...][2]string{
		{"compatibilityMode", "15"}, {"overrideTableStyleFontSizeAndJustification", "1"},
		{"enableOpenTypeFeatures", "1"}, {"doNotFlipMirrorIndents", "1"},
	} {
		w.empty("w:compatSetting", "w:name", setting[0], "w:uri", "http://schemas.microsoft.com/office/word", "w:val", setting[1])
	}
	w.end("w:compat")
	w.empty("w:themeFontLang", s.languages()...)
	w.value("w:decimalSymbol", ".")
	w.value("w:listSeparator", ",")
	w.end("w:settings")
	return w.bytes()
}

// fontTable writes the substitute for each font that may be missing.
func (s *sheet) fontTable() []byte {
	w := newPart()
	w.start("w:fonts", "xmlns:w", nsMain)
	seen := map[string]bool{}
	for _, name := range []string{s.fonts.latin, s.fonts.complex, s.fonts.eastAsian} {
		if seen[name] {
			continue
		}
		seen[name] = true
		w.start("w:font", "w:name", name)
		if other, ok := map[string]string{
			"Cambria": "Caladea", "Calibri": "Carlito", "Georgia": "Gelasio", "Times New Roman": "Liberation Serif", "Arial": "Liberation Sans",
		}[name]; ok {
			w.value("w:altName", other)
		}
		family := "swiss"
		if s.serif {
			family = "roman"
		}
		w.value("w:family", family)
		w.value("w:pitch", "variable")
		w.end("w:font")
	}
	w.end("w:fonts")
	return w.bytes()
}

// footer writes the footer of a page: name and page number.
func (s *sheet) footer(d Document) []byte {
	w := newPart()
	w.start("w:ftr", "xmlns:w", nsMain, "xmlns:r", nsRels)
	w.start("w:p")
	w.paragraph(paraProps{style: "Footer"})
	p := Paragraph{RTL: s.rtl}
	s.run(w, p, Run{Text: d.Running, Dir: Auto})
	s.run(w, p, Run{Tab: true})
	w.field("PAGE")
	s.run(w, p, Run{Text: " / ", Dir: LTR})
	w.field("NUMPAGES")
	w.end("w:p")
	w.end("w:ftr")
	return w.bytes()
}

// field writes a number that Word calculates.
func (w *xmlWriter) field(name string) {
	w.start("w:fldSimple", "w:instr", " "+name+" ")
	w.start("w:r")
	w.element("w:t", "1")
	w.end("w:r")
	w.end("w:fldSimple")
}
