package builders

import (
	"strings"
	"testing"
	"unicode"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// leaf is a text of a file and its path.
type leaf struct{ path, text string }

// leaves returns the texts and numbers of v.
func leaves(v *tree.Value, path string) []leaf {
	switch v.Kind {
	case tree.Text, tree.Number:
		return []leaf{{path, v.Text}}
	}
	var all []leaf
	for i, item := range v.Items {
		all = append(all, leaves(item, tree.ItemPath(path, i))...)
	}
	for _, m := range v.Members {
		all = append(all, leaves(m.Value, tree.MemberPath(path, m.Name))...)
	}
	return all
}

// letters returns a text without white space, signs and case, so that texts can be
// compared that were joined or split.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// missing returns the leaves of source that are neither in the result nor in a note.
func missing(source []leaf, result *tree.Value, notes []note.Note) []leaf {
	var all strings.Builder
	for _, l := range leaves(result, "") {
		all.WriteString(letters(l.text) + " ")
	}
	found := func(text string) bool { return strings.Contains(all.String(), letters(text)) }
	var lost []leaf
	for _, l := range source {
		noted := false
		for _, n := range notes {
			noted = noted || n.Path != "" && strings.HasPrefix(l.path, n.Path)
		}
		ok := noted || found(l.text)
		if start, end, split := splitPeriod(l.text); !ok && split {
			ok = found(start) && found(end)
		}
		for part := range strings.FieldsFuncSeq(l.text, func(r rune) bool { return r == ',' || r == '[' || r == ']' || r == ':' }) {
			if ok {
				break
			}
			if !found(part) {
				lost = append(lost, l)
				break
			}
		}
	}
	return lost
}

// isSetting reports whether a leaf is a setting of the program that the samples hold.
func isSetting(path string) bool {
	if strings.HasPrefix(path, "metadata.") || strings.HasPrefix(path, "design.") || strings.HasPrefix(path, "locale.") ||
		strings.HasPrefix(path, "settings.") || strings.HasPrefix(path, "cv.section_order") {
		return true
	}
	name := path[strings.LastIndexAny(path, ".]")+1:]
	switch name {
	case "id", "icon", "iconColor", "columns", "type", "level", "levelNum", "format", "version", "slug", "shortId", "fontawesome_icon":
		return true
	}
	if explained()[path] {
		return true
	}
	return strings.Contains(path, "picture.") || strings.Contains(path, "photo.") || strings.Contains(path, `["Creation Date"]`) ||
		strings.Contains(path, "PhoneNumbers[0].Type") || strings.Contains(path, `["Email Addresses"][1]`) || strings.HasSuffix(path, "].Status")
}

// explained are leaves of the samples whose words become the meaning of others: the usual
// titles of sections, what kind of address another member is.
func explained() map[string]bool {
	return map[string]bool{
		"sections.work.name": true, "sections.summary.name": true, "sections.certifications.name": true,
		"sections.volunteer.name": true, "sections.profiles.name": true,
		"basics.customFields[0].name":       true, // birthDate
		"references[0].contact[0].category": true, // email
		"references[0].contact[1].category": true, // phone
		"contact.other[0].category":         true, "contact.other[1].category": true, "service.history[0].category": true,
		"recognition[0].category": true, "references[0].category": true, "testimonials[0].category": true,
		"cv.phone":            true, // its scheme
		"Profile[0].Websites": true, // its labels
	}
}

func TestConvert_LosesNothing(t *testing.T) {
	for _, name := range samples(t) {
		t.Run(name, func(t *testing.T) {
			root, _ := readSample(t, name)
			var content []leaf
			for _, l := range leaves(root, "") {
				if !isSetting(l.path) {
					content = append(content, l)
				}
			}
			r, ok := Convert(root, Options{})
			if !ok {
				t.Fatal("not recognised")
			}
			for _, l := range missing(content, r.Resume, r.Notes) {
				t.Errorf("%s is lost: %q", l.path, l.text)
			}
			for _, l := range missing(leaves(root, ""), r.Resume, r.Notes) {
				t.Errorf("%s remains in the source, but is lost: %q", l.path, l.text)
			}
		})
	}
}
