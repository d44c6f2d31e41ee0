package richtext

import (
	"html"
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// simpleTag returns the element of a tag at the start of s that has no attributes and is
// one of the few that most texts have. n is the length of the tag, or 0 for any other.
func simpleTag(s string) (name string, a atom.Atom, end bool, n int) {
	n = 1
	if len(s) > 1 && s[1] == '/' {
		end, n = true, 2
	}
	length := strings.IndexByte(s[n:min(len(s), n+7)], '>')
	if length < 0 {
		return "", 0, false, 0
	}
	name = s[n : n+length]
	switch name {
	case "p":
		a = atom.P
	case "br":
		a = atom.Br
	case "ul":
		a = atom.Ul
	case "ol":
		a = atom.Ol
	case "li":
		a = atom.Li
	case "strong":
		a = atom.Strong
	case "em":
		a = atom.Em
	case "b":
		a = atom.B
	case "i":
		a = atom.I
	default:
		return "", 0, false, 0
	}
	return name, a, end, n + length + 1
}

// isSimple reports HTML that readSimple reads.
func isSimple(s string) bool {
	if strings.ContainsAny(s, "\r\x00") {
		return false
	}
	for {
		at := strings.IndexByte(s, '<')
		if at < 0 {
			return true
		}
		_, _, _, n := simpleTag(s[at:])
		if n == 0 {
			return false
		}
		s = s[at+n:]
	}
}

// readSimple reads what isSimple reports. It does the same as the tokenizer of HTML, which
// takes several times as long for a short text.
func (r *htmlReader) readSimple(s string) {
	for s != "" {
		at := strings.IndexByte(s, '<')
		if at < 0 {
			at = len(s)
		}
		if r.hidden == 0 {
			r.pending.WriteString(html.UnescapeString(s[:at]))
		}
		if s = s[at:]; s == "" {
			break
		}
		name, a, end, n := simpleTag(s)
		if end {
			r.endTag(name, a)
		} else {
			r.startTag(xhtml.Token{Type: xhtml.StartTagToken, DataAtom: a, Data: name}, false)
		}
		s = s[n:]
	}
	r.flush()
}
