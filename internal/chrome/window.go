package chrome

import (
	"bytes"
	"slices"
	"strings"
)

// A tab is a window with a document in it. Writing HTML into the tab replaces the
// document's nodes, styles, fonts and pictures, but not the state of the window and of
// the document object, such as a security policy; that stays for all later documents.
// The policy below relies on this; reset prevents it for documents.

// policy is written into a new window. It forbids documents to load anything but data:
// URLs, and applies to all later documents in the window.
const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline' data:; img-src data:; font-src data:; form-action 'none'; base-uri 'none'">`

// mayAlterWindow reports whether a document may have changed state that writing the
// next document does not replace: by a <meta> (security policy, language, color
// scheme), an attribute of <body> (link colors), the title of a style sheet (the set of
// sheets in use), or an element that loads something. It lists what is harmless: false
// is certain, true is not. Searching for element names is reliable because HTML has no
// escapes in names.
func mayAlterWindow(html []byte) bool {
	for {
		i := bytes.IndexByte(html, '<')
		if i < 0 {
			return false
		}
		html = html[i+1:]
		name := html[:min(len(html), 16)]
		if end := bytes.IndexAny(name, "\t\n\f\r />"); end >= 0 {
			name = name[:end]
		}
		harmless := true
		switch rest := html[len(name):]; strings.ToLower(string(name)) {
		case "html", "body", "style":
			harmless = onlyAttributes(rest, func(name, _ string) bool {
				return slices.Contains([]string{"class", "dir", "id", "lang", "media", "translate"}, name)
			})
		case "meta":
			harmless = onlyAttributes(rest, func(name, value string) bool {
				return name == "charset" || name == "content" ||
					name == "name" && slices.Contains([]string{"author", "description", "generator", "keywords"}, strings.ToLower(value))
			})
		case "base", "link", "script", "frameset", "frame", "iframe", "fencedframe", "object", "embed", "applet", "portal", "audio", "video":
			harmless = false
		}
		if !harmless {
			return true
		}
	}
}

// onlyAttributes reports whether a tag, given without its name, is closed and has only
// attributes of the form name=value that known accepts.
func onlyAttributes(tag []byte, known func(name, value string) bool) bool {
	const space = "\t\n\f\r "
	for {
		inner := bytes.TrimLeft(tag, space)
		if bytes.HasPrefix(inner, []byte(">")) || bytes.HasPrefix(inner, []byte("/>")) {
			return true
		}
		name, rest, ok := bytes.Cut(inner, []byte("="))
		if !ok || len(inner) == len(tag) || bytes.ContainsAny(name, space+`<>/"'`) || len(rest) == 0 {
			return false
		}
		var value []byte
		if quote := rest[0]; quote == '"' || quote == '\'' {
			value, tag, ok = bytes.Cut(rest[1:], rest[:1])
		} else {
			end := bytes.IndexAny(rest, space+">")
			if ok = end > 0; ok {
				value, tag = rest[:end], rest[end:]
			}
		}
		if !ok || !known(strings.ToLower(string(name)), string(value)) {
			return false
		}
	}
}
