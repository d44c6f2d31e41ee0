package ooxml

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"testing"
)

// sequences are the children that the schema (ISO/IEC 29500-1, annex A) gives the
// elements in use, in its order. Word refuses a file that has them otherwise.
var sequences = map[string]string{
	"document": "background body",
	"body":     "p sectPr",
	"p":        "pPr *",
	"r":        "rPr *",
	"pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs suppressAutoHyphens " +
		"kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing " +
		"mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
	"rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish webHidden color " +
		"spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath",
	"numPr": "ilvl numId",
	"pBdr":  "top left bottom right between bar",
	"tabs":  "tab",
	"sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType cols formProt " +
		"vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings",
	"styles":      "docDefaults latentStyles style",
	"docDefaults": "rPrDefault pPrDefault",
	"rPrDefault":  "rPr",
	"pPrDefault":  "pPr",
	"style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked personal personalCompose " +
		"personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
	"numbering":   "numPicBullet abstractNum num numIdMacAtCleanup",
	"abstractNum": "nsid multiLevelType tmpl name styleLink numStyleLink lvl",
	"lvl":         "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr",
	"num":         "abstractNumId lvlOverride",
	"lvlOverride": "startOverride lvl",
	"settings": "writeProtection view zoom mirrorMargins embedTrueTypeFonts defaultTabStop autoHyphenation evenAndOddHeaders " +
		"characterSpacingControl footnotePr endnotePr compat docVars rsids mathPr themeFontLang clrSchemeMapping decimalSymbol listSeparator",
	"compat":     "compatSetting",
	"fonts":      "font",
	"font":       "altName panose1 charset family notTrueType pitch sig embedRegular",
	"ftr":        "p",
	"hyperlink":  "r",
	"fldSimple":  "r",
	"drawing":    "inline anchor",
	"anchor":     "simplePos positionH positionV extent effectExtent wrapSquare docPr cNvGraphicFramePr graphic",
	"pic":        "nvPicPr blipFill spPr",
	"nvPicPr":    "cNvPr cNvPicPr",
	"blipFill":   "blip srcRect stretch",
	"spPr":       "xfrm prstGeom",
	"xfrm":       "off ext",
	"Types":      "Default Override",
	"Properties": "Application",
}

// file is a document as a reader finds it.
type file struct {
	parts map[string][]byte
	names []string
	text  string              // of the body: a line for each paragraph
	uses  map[string][]string // what is referred to, by kind
}

// open reads a document and fails on whatever would make a program refuse it.
func open(t testing.TB, data []byte) *file {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f := &file{parts: map[string][]byte{}, uses: map[string][]string{}}
	for _, entry := range z.File {
		r, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("%s: %v", entry.Name, err)
		}
		if f.parts[entry.Name] != nil {
			t.Errorf("%s is there twice", entry.Name)
		}
		f.parts[entry.Name], f.names = content, append(f.names, entry.Name)
	}
	if f.names[0] != "[Content_Types].xml" {
		t.Errorf("the first part is %s", f.names[0])
	}
	var types []string
	for _, name := range f.names {
		if path.Ext(name) == ".xml" || path.Ext(name) == ".rels" {
			f.walk(t, name)
		}
	}
	types = append(types, f.uses["type"]...)
	for _, name := range f.names[1:] {
		// Of XML every part has its own kind.
		if known := slices.Contains(types, strings.TrimPrefix(path.Ext(name), ".")); !slices.Contains(types, "/"+name) && (!known || path.Ext(name) == ".xml") {
			t.Errorf("%s has no content type", name)
		}
	}
	f.resolve(t)
	return f
}

// walk reads a part strictly and checks the order of its elements.
func (f *file) walk(t testing.TB, name string) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(f.parts[name]))
	type open struct {
		name string
		at   int // the place in the sequence
	}
	var stack []open
	var text strings.Builder
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s is not well-formed: %v", name, err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if n := len(stack); n > 0 {
				parent := &stack[n-1]
				if allowed, ok := sequences[parent.name]; ok {
					list := strings.Fields(allowed)
					at := slices.Index(list, e.Name.Local)
					if at < 0 && list[len(list)-1] == "*" {
						at = len(list) - 1
					}
					if at < parent.at {
						t.Errorf("%s: <%s> stands where <%s> does not allow it", name, e.Name.Local, parent.name)
					}
					parent.at = at
				}
			}
			stack = append(stack, open{name: e.Name.Local})
			f.note(name, e)
			switch {
			case name != "word/document.xml":
			case e.Name.Local == "tab" && stack[len(stack)-2].name == "r", e.Name.Local == "br":
				text.WriteByte(' ')
			case e.Name.Local == "tbl" || e.Name.Local == "txbxContent":
				t.Errorf("the document has <%s>", e.Name.Local)
			}
		case xml.EndElement:
			stack = stack[:len(stack)-1]
			if e.Name.Local == "p" {
				text.WriteByte('\n')
			}
		case xml.CharData:
			if name == "word/document.xml" && stack != nil {
				text.Write(e)
			}
		}
	}
	if name == "word/document.xml" {
		f.text = text.String()
	}
}

// note keeps what an element defines and refers to.
func (f *file) note(part string, e xml.StartElement) {
	attribute := func(name string) string {
		for _, a := range e.Attr {
			if a.Name.Local == name {
				return a.Value
			}
		}
		return ""
	}
	add := func(kind, id string) { f.uses[kind] = append(f.uses[kind], id) }
	local := e.Name.Local
	switch local {
	case "Default":
		add("type", attribute("Extension"))
	case "Override":
		add("type", attribute("PartName"))
	case "Relationship":
		add("defined rel "+part, attribute("Id"))
		if attribute("TargetMode") != "External" {
			base := path.Dir(path.Dir(part))
			add("target", path.Join(base, attribute("Target")))
		} else {
			add("link", attribute("Target"))
		}
	case "pStyle", "rStyle", "basedOn", "next":
		add("style", attribute("val"))
	case "style":
		add("defined style", attribute("styleId"))
	case "num":
		add("defined num", attribute("numId"))
	case "numId":
		add("num", attribute("val"))
	case "abstractNum":
		add("defined form", attribute("abstractNumId"))
	case "abstractNumId":
		add("form", attribute("val"))
	case "hyperlink", "footerReference":
		add("rel", attribute("id"))
	case "blip":
		add("rel", attribute("embed"))
	case "docPr":
		add("defined drawing", attribute("id"))
	}
}

// resolve checks that what is referred to is there, and once.
func (f *file) resolve(t testing.TB) {
	t.Helper()
	for _, target := range f.uses["target"] {
		if f.parts[target] == nil {
			t.Errorf("a relationship leads to %s, which is missing", target)
		}
	}
	f.uses["defined rel"] = f.uses["defined rel word/_rels/document.xml.rels"]
	for _, kind := range []string{"style", "num", "form", "rel", "drawing"} {
		defined := f.uses["defined "+kind]
		for _, id := range f.uses[kind] {
			if !slices.Contains(defined, id) {
				t.Errorf("there is no %s %q", kind, id)
			}
		}
		sorted := slices.Sorted(slices.Values(defined))
		if n := len(slices.Compact(sorted)); n != len(defined) {
			t.Errorf("ids of %s are there more than once: %v", kind, defined)
		}
	}
}

// encoded is a document's bytes, and its file.
func encoded(t testing.TB, d Document) *file {
	t.Helper()
	data, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := d.Encode(); !bytes.Equal(data, again) {
		t.Error("two files of the same document differ")
	}
	return open(t, data)
}

// has fails unless the part holds the text.
func (f *file) has(t testing.TB, part string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !bytes.Contains(f.parts[part], []byte(text)) {
			t.Errorf("%s lacks %s:\n%s", part, text, excerpt(f.parts[part]))
		}
	}
}

func excerpt(data []byte) string { return fmt.Sprintf("%.3000s", data) }
