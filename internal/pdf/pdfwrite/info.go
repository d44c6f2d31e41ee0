package pdfwrite

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"
)

// Info is a PDF's document information and attachment. Empty texts are left out.
type Info struct {
	Title    string
	Author   string
	Subject  string
	Keywords []string
	Language string      // BCP 47
	Date     time.Time   // of creation and modification; if zero, the time of printing
	Creator  string      // the program that made the document
	Producer string      // the program that made the PDF; Chrome's own name is appended
	Attached *Attachment // nil for none
}

// Attachment is a file embedded in the PDF, marked as the source of the document. Name, Type
// and Description must be printable ASCII without parentheses and backslashes.
type Attachment struct {
	Name        string
	Type        string // media type
	Description string
	Data        []byte
}

// oldInfo holds the entries of Chrome's document information that are kept.
type oldInfo struct {
	created  string // a PDF date
	producer string
}

// oldInfo reads Chrome's document information. Its fields are empty if that cannot be read.
func (f *File) oldInfo() oldInfo {
	o, err := f.object(f.info)
	if err != nil {
		return oldInfo{}
	}
	return oldInfo{created: textOf(o.body, "CreationDate"), producer: textOf(o.body, "Producer")}
}

// textOf returns the content of a dictionary's string in parentheses, or "". Escapes are
// left as they are.
func textOf(dict []byte, name string) string {
	v := entry(dict, name)
	if len(v) < 2 || v[0] != '(' {
		return ""
	}
	return string(v[1 : len(v)-1])
}

// dictionary returns the document information dictionary.
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

// pinDates overwrites the dates in Chrome's document information. In an incrementally
// updated file that is still there; no reader shows it, but the dates would make two prints
// of one document differ.
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

// dateForm is the layout in which Chrome writes dates, always in UTC (ISO 32000-1, 7.9.4).
const dateForm = "D:20060102150405+00'00'"

// dateString formats a date in the layout dateForm.
func dateString(t time.Time) string { return t.UTC().Format("D:20060102150405") + "+00'00'" }

// textString returns text as a PDF string: printable ASCII in parentheses, anything else as
// hexadecimal UTF-16BE with a byte order mark (ISO 32000-1, 7.9.2.2). No text can end the
// string early.
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

// plain reports whether s is printable ASCII that needs no escapes in a string.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '(' || c == ')' || c == '\\' {
			return false
		}
	}
	return true
}
