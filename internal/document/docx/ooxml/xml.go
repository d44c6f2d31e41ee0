package ooxml

import (
	"strconv"
	"strings"
)

// Namespaces and types of relationships (ISO/IEC 29500-1, annex A; 29500-2).
const (
	nsMain     = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	nsRels     = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	nsDrawing  = "http://schemas.openxmlformats.org/drawingml/2006/main"
	nsAnchor   = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
	nsPicture  = "http://schemas.openxmlformats.org/drawingml/2006/picture"
	nsTypes    = "http://schemas.openxmlformats.org/package/2006/content-types"
	nsPackage  = "http://schemas.openxmlformats.org/package/2006/relationships"
	nsCore     = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
	nsApp      = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
	nsDC       = "http://purl.org/dc/elements/1.1/"
	nsDCTerms  = "http://purl.org/dc/terms/"
	nsInstance = "http://www.w3.org/2001/XMLSchema-instance"
	relPackage = nsPackage + "/metadata/core-properties"
)

// xmlWriter writes one part. Attributes are given as names and values in turn.
type xmlWriter struct{ b strings.Builder }

func newPart() *xmlWriter {
	w := &xmlWriter{}
	w.b.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n")
	return w
}

func (w *xmlWriter) bytes() []byte { return []byte(w.b.String()) }

func (w *xmlWriter) start(name string, attributes ...string) {
	w.tag(name, attributes)
	w.b.WriteByte('>')
}

func (w *xmlWriter) end(name string) { w.b.WriteString("</" + name + ">") }

// empty writes an element without content.
func (w *xmlWriter) empty(name string, attributes ...string) {
	w.tag(name, attributes)
	w.b.WriteString("/>")
}

// element writes an element that holds text.
func (w *xmlWriter) element(name, text string, attributes ...string) {
	w.start(name, attributes...)
	w.text(text)
	w.end(name)
}

// value writes an element with nothing but its value.
func (w *xmlWriter) value(name, value string) { w.empty(name, "w:val", value) }

func (w *xmlWriter) tag(name string, attributes []string) {
	w.b.WriteString("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		w.b.WriteString(" " + attributes[i] + `="`)
		w.text(attributes[i+1])
		w.b.WriteByte('"')
	}
}

// text writes text for content and attributes alike.
func (w *xmlWriter) text(s string) {
	for _, r := range strings.ToValidUTF8(s, "") {
		switch {
		case r == '&':
			w.b.WriteString("&amp;")
		case r == '<':
			w.b.WriteString("&lt;")
		case r == '>': // "]]>" is not allowed in content
			w.b.WriteString("&gt;")
		case r == '"':
			w.b.WriteString("&quot;")
		case r == '\t' || r == '\n' || r == '\r':
			w.b.WriteByte(' ') // a break or a tab is an element of its own
		case inXML(r):
			w.b.WriteRune(r)
		}
	}
}

// inXML reports the characters that XML 1.0 can hold. Word opens no file with
// others.
func inXML(r rune) bool {
	return r >= ' ' && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000 && r <= 0x10ffff
}

func itoa(n int) string { return strconv.Itoa(n) }
