package builders

import (
	"bytes"
	"strings"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// Understood names the formats that are read, for messages.
const Understood = "JSON Resume (JSON or YAML), Reactive Resume, RenderCV, FRESH and LinkedIn's data export"

// DescribeFile says what a file looks like that is not text of a resume, by its first
// bytes, such as "a PDF". It returns "" if it may be one.
func DescribeFile(data []byte) string {
	for _, sign := range []struct{ prefix, is string }{
		{"%PDF-", "a PDF"},
		{"{\\rtf", "a document in Rich Text Format"},
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document of an old Microsoft Office"},
		{"\x89PNG", "a picture (PNG)"},
		{"\xff\xd8\xff", "a picture (JPEG)"},
		{"GIF8", "a picture (GIF)"},
		{"RIFF", "a picture or recording (RIFF)"},
		{"\x1f\x8b", "an archive (gzip)"},
		{"7z\xbc\xaf\x27\x1c", "an archive (7-Zip)"},
		{"Rar!", "an archive (RAR)"},
		{"\\documentclass", "a LaTeX document"},
	} {
		if bytes.HasPrefix(data, []byte(sign.prefix)) {
			return sign.is
		}
	}
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	if len(text) > 0 && text[0] == '<' {
		return describeMarkup(string(text[:min(len(text), 4096)]))
	}
	return ""
}

// IsArchive reports whether data is a ZIP archive.
func IsArchive(data []byte) bool { return bytes.HasPrefix(data, []byte("PK\x03\x04")) }

// DescribeArchive says what a ZIP archive looks like that ReadArchive does not read.
func DescribeArchive(data []byte) string {
	for _, sign := range []struct{ name, is string }{
		{"word/document.xml", "a Word document (DOCX)"},
		{"xl/workbook.xml", "a spreadsheet (XLSX)"},
		{"ppt/presentation.xml", "a presentation (PPTX)"},
		{"application/vnd.oasis.opendocument", "an OpenDocument file"},
		{"application/epub", "a book (EPUB)"},
	} {
		if bytes.Contains(data, []byte(sign.name)) {
			return sign.is
		}
	}
	return "a ZIP archive"
}

// describeMarkup says what the beginning of an XML or HTML document is.
func describeMarkup(text string) string {
	lower := strings.ToLower(text)
	for _, sign := range []struct{ word, is string }{
		{"europass", "a Europass CV (XML)"},
		{"skillspassport", "a Europass CV (XML)"},
		{"hr-xml", "a candidate in HR-XML"},
		{"<candidate", "a candidate in HR-XML"},
		{"<resume", "a resume in XML"},
		{"<!doctype html", "a web page (HTML)"},
		{"<html", "a web page (HTML)"},
		{"<svg", "a picture (SVG)"},
	} {
		if strings.Contains(lower, sign.word) {
			return sign.is
		}
	}
	if strings.HasPrefix(lower, "<?xml") {
		return "an XML document"
	}
	return "a document in XML or HTML"
}

// LooksLikeYAML reports whether the first line that is no comment is a member's name with
// a colon, so that an error in the file is one of YAML and not of plain text.
func LooksLikeYAML(data []byte) bool {
	for line := range bytes.Lines(bytes.TrimPrefix(data, []byte("\ufeff"))) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' || bytes.Equal(line, []byte("---")) || line[0] == '%' {
			continue
		}
		name, _, found := bytes.Cut(line, []byte(":"))
		return found && len(name) > 0 && !bytes.ContainsAny(name, " \t")
	}
	return false
}

// Describe says what a parsed document looks like that is not Known, such as "a list".
func Describe(root *tree.Value) string {
	switch root.Kind {
	case tree.List:
		return "a list"
	case tree.Text:
		return "plain text"
	case tree.Object:
		return describeObject(root)
	}
	return root.Kind.String()
}

func describeObject(root *tree.Value) string {
	has := func(name string) bool { return !root.Get(name).Absent() }
	switch {
	case has("SkillsPassport"), has("Profile") && has("PersonalInformation"), has("europassXML"):
		return "a Europass CV"
	case has("candidate") || has("Candidate") || has("person") && has("profiles"):
		return "a candidate in HR Open or HR-XML"
	case has("ResumeParserData"), has("Resume") && root.Get("Resume").Get("StructuredXMLResume") != nil, has("ResumeDocument"):
		return "the result of a resume parser"
	case has("resume") && has("settings"), has("workExperiences"):
		return "a file of OpenResume"
	case has("positionView") || has("positionGroupView") || has("included") && has("data"):
		return "data of LinkedIn's web pages"
	case has("$schema") && has("properties"), has("$defs"):
		return "a JSON Schema"
	case has("dependencies") || has("devDependencies") || has("scripts"):
		return "a package of a program"
	case len(root.Members) == 0:
		return "an empty object"
	}
	var names []string
	for _, m := range root.Members[:min(len(root.Members), 4)] {
		names = append(names, tree.Quoted(m.Name))
	}
	return "an object with the members " + strings.Join(names, ", ")
}
