package pdfwrite

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"
)

// Info is what a PDF says about itself, and what it carries. Empty texts are left out.
type Info struct {
	Title    string
	Author   string
	Subject  string
	Keywords []string
	Language string    // BCP 47
	Date     time.Time // of creation and change; zero leaves the time of printing
	Creator  string    // the program that made the document
	Producer string    // the program that made the PDF, before what Chrome says
	Attached *Attachment
}

// Attachment is a file that the PDF carries as the source of the document.
type Attachment struct {
	Name        string // plain ASCII, without parentheses and backslashes, as the next two
	Type        string // media type
	Description string
	Data        []byte
}

// oldInfo is what is kept of the information that Chrome writes: the time, and itself.
type oldInfo struct {
	created  string // in the form of PDF dates
	producer string
}

// oldInfo reads the information. A file with one of another form has none.
func (f *File) oldInfo() oldInfo {
	o, err := f.object(f.info)
	if err != nil {
		return oldInfo{}
	}
	return oldInfo{created: textOf(o.body, "CreationDate"), producer: textOf(o.body, "Producer")}
}

// textOf is a dictionary's string in parentheses without what is in them escaped.
func textOf(dict []byte, name string) string {
	v := entry(dict, name)
	if len(v) < 2 || v[0] != '(' {
		return ""
	}
	return string(v[1 : len(v)-1])
}

// dictionary is the document information dictionary.
func (i Info) dictionary(created string) []byte {
	var obj bytes.Buffer
	obj.WriteString("<<")
	for _, entry := range []struct{ key, text string }{
		{"Title", i.Title}, {"Author", i.Author}, {"Subject", i.Subject}, {"Keywords", strings.Join(i.Keywords, ", ")},
		{"Creator", i.Creator}, {"Producer", i.Producer},
	} {
		if entry.text != "" {
			fmt.Fprintf(&obj, "/%s %s\n", entry.key, textString(entry.text))
		}
	}
	fmt.Fprintf(&obj, "/CreationDate (%s)\n/ModDate (%s)>>", created, created)
	return obj.Bytes()
}

// pinDates overwrites the dates of the old information, which no reader shows but
// which would make two prints of one document differ. It concerns updated files only.
func (f *File) pinDates(i Info) {
	old, err := f.object(f.info)
	if err != nil || i.Date.IsZero() {
		return
	}
	for _, name := range []string{"CreationDate", "ModDate"} {
		if v := entry(old.body, name); len(v) == len(dateForm)+2 && v[0] == '(' {
			copy(v[1:], dateString(i.Date))
		}
	}
}

// dateForm is how Chrome writes dates, always in UTC (ISO 32000-1, 7.9.4).
const dateForm = "D:20060102150405+00'00'"

// dateString writes a date in that form and length.
func dateString(t time.Time) string { return t.UTC().Format("D:20060102150405") + "+00'00'" }

// textString writes text as a string: plain ASCII in parentheses, all else in
// UTF-16BE with a byte order mark, in hexadecimal (ISO 32000-1, 7.9.2.2). No
// character of it can end the string.
func textString(s string) string {
	if plain(s) {
		return "(" + s + ")"
	}
	units := utf16.Encode([]rune(s))
	b := make([]byte, 2, 2+2*len(units))
	b[0], b[1] = 0xFE, 0xFF
	for _, u := range units {
		b = append(b, byte(u>>8), byte(u))
	}
	return "<" + strings.ToUpper(hex.EncodeToString(b)) + ">"
}

// plain reports text that needs no escapes in a string.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '(' || c == ')' || c == '\\' {
			return false
		}
	}
	return true
}
