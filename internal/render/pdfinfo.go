package render

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"
)

// info is the document information dictionary.
type info struct {
	Title    string
	Author   string
	Subject  string
	Keywords []string
	Date     time.Time // when the resume was last changed; zero leaves the time of printing
}

const creator = "letraz-export"

// withInfo returns the file with the information, which Chrome fills with a
// title and the time only. It is added as an incremental update (ISO 32000-1,
// 7.5.6): a new version of the Info object, and a second table that points to it.
// It takes over the memory of the data, and with room behind it copies nothing.
func (f *pdf) withInfo(i info) []byte {
	old, err := f.object(f.info)
	if err != nil {
		old = nil // a PDF without information: there is none to keep
	}
	created := dateString(i.Date)
	if i.Date.IsZero() {
		created = between(old, "/CreationDate (", ")")
	}
	out := f.data
	if !i.Date.IsZero() && f.info > 0 && f.info < len(f.offsets) {
		pinDates(out[f.offsets[f.info]:f.offsets[f.info]+len(old)], created)
	}

	var obj bytes.Buffer
	fmt.Fprintf(&obj, "%d 0 obj\n<<", f.info)
	for _, entry := range []struct{ key, text string }{
		{"Title", i.Title}, {"Author", i.Author}, {"Subject", i.Subject}, {"Keywords", strings.Join(i.Keywords, ", ")},
	} {
		if entry.text != "" {
			fmt.Fprintf(&obj, "/%s <%s>\n", entry.key, textString(entry.text))
		}
	}
	fmt.Fprintf(&obj, "/Creator (%s)\n/Producer (%s)\n/CreationDate (%s)\n/ModDate (%s)>>\nendobj\n",
		creator, between(old, "/Producer (", ")"), created, created)
	at := len(out)
	out = append(out, obj.Bytes()...)
	return fmt.Appendf(out, "xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d\n/Root %d 0 R\n/Info %d 0 R\n/Prev %d>>\nstartxref\n%d\n%%%%EOF\n",
		f.info, at, len(f.offsets), f.root, f.info, f.startx, len(out))
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

// dateString writes a date in UTC, in the length Chrome writes it (ISO 32000-1, 7.9.4).
func dateString(t time.Time) string { return t.UTC().Format("D:20060102150405") + "+00'00'" }

// textString writes text in UTF-16BE with a byte order mark, in hexadecimal
// (ISO 32000-1, 7.9.2.2): no character of it can end the string.
func textString(s string) string {
	units := utf16.Encode([]rune(s))
	b := make([]byte, 2, 2+2*len(units))
	b[0], b[1] = 0xFE, 0xFF
	for _, u := range units {
		b = append(b, byte(u>>8), byte(u))
	}
	return strings.ToUpper(hex.EncodeToString(b))
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
