package render

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"time"
	"unicode/utf16"
)

// info is what a PDF says about itself, and what it carries.
type info struct {
	Title    string
	Author   string
	Subject  string
	Keywords []string
	Language string    // BCP 47
	Date     time.Time // when the resume was last changed; zero leaves the time of printing
	Producer string    // this program, before what Chrome says
	Source   []byte    // JSON Resume to attach, or nil
}

const creator = "letraz-export"

// producer is this program with its version.
var producer = sync.OnceValue(func() string {
	if build, ok := debug.ReadBuildInfo(); ok && build.Main.Version != "" {
		return creator + " " + build.Main.Version
	}
	return creator + " (devel)"
})

// finished returns the file with the information, which Chrome fills with a title
// and the time only, the same as XMP metadata (ISO 16684-1), and the attachment. It
// takes over the memory of the data, and with room behind it copies nothing.
func (f *pdfFile) finished(i info) ([]byte, error) {
	old, err := f.object(f.info)
	if err != nil {
		old = nil // a PDF without information: there is none to keep
	}
	created := dateString(i.Date)
	if i.Date.IsZero() {
		created = between(old, "/CreationDate (", ")")
	}
	if !i.Date.IsZero() && f.info > 0 && f.info < len(f.offsets) {
		pinDates(f.data[f.offsets[f.info]:f.offsets[f.info]+len(old)], created)
	}
	if made := between(old, "/Producer (", ")"); i.Producer == "" {
		i.Producer = made
	} else if made != "" {
		i.Producer += "; " + made
	}
	u := update{file: f, next: len(f.offsets)}
	u.replace(f.info, i.dictionary(created))
	catalog := fmt.Appendf(nil, "/Metadata %d 0 R\n", u.add(i.metadata(created)))
	if i.Source != nil {
		catalog = append(catalog, u.attach(i.Source, created)...)
	}
	if err := u.extendCatalog(catalog); err != nil {
		return nil, err
	}
	return u.bytes(), nil
}

// dictionary is the document information dictionary.
func (i info) dictionary(created string) []byte {
	var obj bytes.Buffer
	obj.WriteString("<<")
	for _, entry := range []struct{ key, text string }{
		{"Title", i.Title}, {"Author", i.Author}, {"Subject", i.Subject}, {"Keywords", strings.Join(i.Keywords, ", ")},
		{"Creator", creator}, {"Producer", i.Producer},
	} {
		if entry.text != "" {
			fmt.Fprintf(&obj, "/%s %s\n", entry.key, textString(entry.text))
		}
	}
	fmt.Fprintf(&obj, "/CreationDate (%s)\n/ModDate (%s)>>", created, created)
	return obj.Bytes()
}

// pinDates overwrites the dates of the old Info object, which no reader shows
// but which would make two prints of one document differ.
func pinDates(obj []byte, date string) {
	for _, key := range []string{"/CreationDate (", "/ModDate ("} {
		if _, rest, ok := bytes.Cut(obj, []byte(key)); ok && bytes.IndexByte(rest, ')') == len(date) {
			copy(rest, date)
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

// between gives the text from after start to before end, or "".
func between(b []byte, start, end string) string {
	_, rest, _ := bytes.Cut(b, []byte(start))
	text, _, ok := bytes.Cut(rest, []byte(end))
	if !ok {
		return ""
	}
	return string(text)
}
