package coverage

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
	"github.com/letrazapp/letraz-export/internal/richtext"
)

// isSetting reports the standard members that are about the file, not the person. The
// posting a resume is for is not part of it either.
func isSetting(path string) bool {
	if path == "$schema" {
		return true
	}
	rest, ok := strings.CutPrefix(path, "meta.")
	if !ok { // in a file that holds several resumes, each has its own
		_, path, _ = strings.Cut(path, ".")
		if rest, ok = strings.CutPrefix(path, "meta."); !ok {
			return path == "$schema"
		}
	}
	if end := strings.IndexAny(rest, ".["); end >= 0 && !strings.HasPrefix(rest, "letraz.") {
		rest = rest[:end]
	}
	switch rest {
	case "version", "canonical", "lastModified", "theme", "language":
		return true
	}
	rest, ok = strings.CutPrefix(rest, "letraz.")
	if !ok {
		return false
	}
	switch rest, _, _ = strings.Cut(strings.ReplaceAll(rest, "[", "."), "."); rest {
	case "version", "job", "sections":
		return true
	}
	return false
}

// isPicture reports the portrait with what is said of it, which has a note of its own if
// it cannot be shown, and other pictures in the file.
func isPicture(leaf resume.Leaf) bool {
	return isPortrait(leaf.Path) ||
		len(leaf.Text) > 5 && strings.EqualFold(leaf.Text[:5], "data:") && strings.Contains(leaf.Text[:min(len(leaf.Text), 100)], "image/")
}

// isPortrait reports the path of the person's picture, or of a part of it, in any format.
// One in an entry of a list is not the person's.
func isPortrait(path string) bool {
	path = strings.TrimPrefix(path, "[0].") // of a list of resumes
	if strings.ContainsRune(path, '[') {
		return false
	}
	parts := strings.Split(strings.ToLower(path), ".")
	for _, name := range parts[max(len(parts)-2, 0):] {
		switch strings.NewReplacer("_", "", "-", "").Replace(name) {
		case "image", "picture", "photo", "avatar", "photourl", "imageurl", "pictureurl", "profileimage", "profilepicture", "profilephoto", "portrait":
			return true
		}
	}
	return false
}

// Place gives the note on a portrait the path that the picture has in its source, which
// may be in another format than JSON Resume or have another name there.
func Place(notes []note.Note, leaves []resume.Leaf) []note.Note {
	at := slices.IndexFunc(notes, func(n note.Note) bool { return n.Code == note.PictureNotUsed })
	if at < 0 {
		return notes
	}
	path := ""
	for _, leaf := range leaves {
		if isPortrait(leaf.Path) && (path == "" || looksLikeAddress(leaf.Text)) {
			path = leaf.Path
		}
		if leaf.Path == notes[at].Path {
			return notes
		}
	}
	notes = slices.Clone(notes)
	notes[at].Path = path
	return notes
}

// looksLikeAddress reports a web address, with or without a scheme.
func looksLikeAddress(text string) bool {
	text = strings.TrimSpace(text)
	if text == "" || strings.ContainsAny(text, " \t\n<>\"") {
		return false
	}
	_, ok := richtext.WebURL(text)
	return ok
}

// isLinked reports whether a text is an address that the document leads to.
func (c *comparison) isLinked(text string) bool {
	text = strings.TrimSpace(text)
	if len(text) > 2048 || !strings.ContainsAny(text, ".:") || strings.ContainsAny(text, " \t\n") {
		return false
	}
	if u, ok := richtext.WebURL(text); ok {
		text = u
	}
	return c.links[address(text)]
}

// withoutScheme returns a text without the scheme of a telephone number or mail address.
func withoutScheme(text string) string {
	for _, scheme := range []string{"tel:", "mailto:"} {
		if len(text) > len(scheme) && strings.EqualFold(text[:len(scheme)], scheme) {
			return text[len(scheme):]
		}
	}
	return text
}

// lostLinks returns a note on every link in a text that is shown without its address.
func (c *comparison) lostLinks() []note.Note {
	var notes []note.Note
	for i := range c.values {
		v := &c.values[i]
		if !v.shown || !strings.Contains(v.leaf.Text, "](") && !strings.Contains(v.leaf.Text, "<") {
			continue
		}
		for _, at := range linksOf(v.leaf.Text) {
			if !c.links[address(at)] && !c.forms.says(document.ShortURL(at)) {
				notes = append(notes, note.Note{Path: v.leaf.Path, Code: note.NotShown,
					Message: "the words of the link are shown without the address " + tree.Quoted(at), Hint: "write the address in a member for it, such as url"})
				break
			}
		}
	}
	return notes
}

// linksOf returns the addresses of the links in a text.
func linksOf(text string) []string {
	var list []string
	source, _ := resume.RichTextFromSource(text, nil)
	for _, b := range richtext.Parse(string(source)) {
		for _, s := range b.Spans {
			if s.URL != "" && !slices.Contains(list, s.URL) {
				list = append(list, s.URL)
			}
		}
	}
	return list
}

// address returns an address in a form that can be compared.
func address(raw string) string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return raw
	}
	host := strings.TrimPrefix(strings.ToLower(u.Host), "www.")
	if text, err := idna.ToUnicode(host); err == nil {
		host = text
	}
	path := u.Path
	if u.Opaque != "" {
		path = u.Opaque
		if text, err := url.PathUnescape(path); err == nil {
			path = text
		}
	}
	text := host + "/" + strings.Trim(path, "/")
	if query, err := url.QueryUnescape(u.RawQuery); err == nil && query != "" {
		text += "?" + query
	}
	if u.Fragment != "" {
		text += "#" + u.Fragment
	}
	return text
}

// partsOf returns the paragraphs, list items and lines of a text without its markup.
func partsOf(text resume.RichText) []string {
	var parts []string
	for _, b := range richtext.Parse(string(text)) {
		for _, line := range b.Lines() {
			var all strings.Builder
			for _, s := range line {
				all.WriteString(s.Text)
			}
			parts = append(parts, all.String())
		}
	}
	return parts
}
