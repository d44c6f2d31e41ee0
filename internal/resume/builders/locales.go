package builders

import (
	"fmt"
	"slices"
	"strings"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume/repair"
	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// hasLocales reports whether root holds one resume per language: a member is named after a
// language and holds a resume, and root has no members of a resume itself.
func hasLocales(root *tree.Value) bool {
	return !hasJSONResume(root) && !repair.Known(root) && slices.ContainsFunc(root.Members, isLocale)
}

// isLocale reports whether a member is a resume under the name of its language. "cv"
// names Chuvash, but here it means a resume.
func isLocale(m tree.Member) bool {
	return m.Name != "cv" && isLanguageTag(m.Name) && m.Value.Kind == tree.Object && (hasJSONResume(m.Value) || repair.Known(m.Value))
}

// isLanguageTag reports whether name looks like a language tag: "de", "pt-BR", "zh_Hans".
func isLanguageTag(name string) bool {
	for i, part := range strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' }) {
		if i == 0 && (len(part) < 2 || len(part) > 3) || len(part) > 8 {
			return false
		}
		for _, c := range part {
			if (c|0x20) < 'a' || 'z' < (c|0x20) {
				if i == 0 || c < '0' || '9' < c {
					return false
				}
			}
		}
	}
	return name != ""
}

// pickLocale returns the resume in the language that is asked for, or else the first, and
// its path. The language's name becomes meta.language, unless the resume states one.
func pickLocale(root *tree.Value, language string) (chosen *tree.Value, path string, notes []note.Note) {
	var locales []tree.Member
	var others []string
	for _, m := range root.Members {
		if isLocale(m) {
			locales = append(locales, m)
		}
	}
	pick, exact := 0, false
	for i := len(locales) - 1; i >= 0; i-- {
		switch name := locales[i].Name; {
		case sameLanguage(name, language, true):
			pick, exact = i, true
		case !exact && sameLanguage(name, language, false):
			pick = i
		}
	}
	for i, m := range locales {
		if i != pick {
			others = append(others, m.Name)
			notes = append(notes, note.Note{Path: tree.MemberPath("", m.Name), Code: note.Dropped,
				Message: fmt.Sprintf("the resume in %s was read, not this one", tree.Quoted(locales[pick].Name)),
				Hint:    "ask for the language " + tree.Quoted(m.Name) + " to have this one"})
		}
	}
	for _, m := range root.Members {
		if !isLocale(m) && !m.Value.Absent() {
			notes = append(notes, note.Note{Path: tree.MemberPath("", m.Name), Code: note.Dropped,
				Message: "this member stands beside the resumes in several languages and was left out"})
		}
	}
	message := fmt.Sprintf("the file holds resumes in several languages; %s was read", tree.Quoted(locales[pick].Name))
	if language != "" && !sameLanguage(locales[pick].Name, language, false) {
		message += ", because there is none in " + tree.Quoted(language)
	}
	if len(others) > 0 {
		notes = append([]note.Note{{Code: note.Imported, Message: message, Hint: "ask for another language: " + strings.Join(others, ", ")}}, notes...)
	}
	chosen = withLanguage(locales[pick].Value, locales[pick].Name)
	return chosen, tree.MemberPath("", locales[pick].Name), notes
}

// sameLanguage reports whether two tags name the same language, with their regions if
// exact.
func sameLanguage(a, b string, exact bool) bool {
	a, b = strings.ReplaceAll(a, "_", "-"), strings.ReplaceAll(b, "_", "-")
	if !exact {
		a, _, _ = strings.Cut(a, "-")
		b, _, _ = strings.Cut(b, "-")
	}
	return strings.EqualFold(a, b)
}

// withLanguage returns the resume with a meta.language, unless it has one. The file is not
// changed.
func withLanguage(resume *tree.Value, language string) *tree.Value {
	meta := resume.Get("meta")
	if !meta.Absent() && (meta.Kind != tree.Object || !meta.Get("language").Absent()) {
		return resume
	}
	stated := tree.NewObject(tree.Member{Name: "language", Value: tree.NewText(strings.ReplaceAll(language, "_", "-"))})
	copied := tree.NewObject(slices.Clone(resume.Members)...)
	if !meta.Absent() {
		stated.Members = append(stated.Members, meta.Members...)
	}
	copied.Set("meta", stated)
	return copied
}
