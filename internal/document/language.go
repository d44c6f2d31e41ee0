package document

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/letrazapp/letraz-export/internal/document/langid"
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/richtext"
)

// languageOf returns the language that a resume states, and else the one it is written
// in. The notes say what was guessed.
func languageOf(r resume.Resume, m *maker) (language.Tag, []note.Note) {
	stated := clean(r.Language)
	if tag, ok := statedLanguage(stated); ok {
		return tag, nil
	}
	found := sampleOf(r, m).Language()
	if tag, titles := languageOfTitles(r); tag != "" && (!found.Sure || titles >= manyTitles) {
		found = langid.Result{Tag: tag, Sure: true}
	}
	tag, err := language.Parse(found.Tag)
	if err != nil {
		tag = language.English
	}
	what := "the language is not stated"
	switch {
	case stated != "":
		what = fmt.Sprintf("%q is not a language", stated)
	case found.Sure && tag == language.English, !found.Sure && !found.Doubt:
		return tag, nil
	}
	if found.Sure {
		what += fmt.Sprintf(" and was taken from the words: %s", display.English.Tags().Name(tag))
	} else {
		what += " and the words do not tell it, so headings and dates are in English"
	}
	return tag, []note.Note{{
		Path: languagePath, Code: note.Guessed, Message: what,
		Hint: `state it there, such as "en" or "de", or with --language`,
	}}
}

// manyTitles is the number of titles from which on they tell more than a few words.
const manyTitles = 3

// languageOfTitles returns the language in which most titles of sections are usual headings,
// and how many are, or "" if that is true of fewer than two titles or of several languages.
func languageOfTitles(r resume.Resume) (tag string, titles int) {
	score := map[string]int{}
	for _, s := range r.Sections {
		for _, tag := range languagesOfHeadings()[foldWords(clean(s.Title))] {
			score[tag]++
		}
	}
	best, second := "", 0
	for tag, n := range score {
		switch {
		case best == "" || n > score[best]:
			best, second = tag, max(second, score[best])
		default:
			second = max(second, n)
		}
	}
	if score[best] < 2 || score[best] == second {
		return "", 0
	}
	return best, score[best]
}

// languagesOfHeadings are the languages in which a folded title is a usual heading.
var languagesOfHeadings = sync.OnceValue(func() map[string][]string {
	languages := map[string][]string{}
	all, err := loadLocales()
	if err != nil {
		return languages
	}
	for tag, l := range all {
		if strings.Contains(tag, "-") {
			continue // a variant
		}
		for _, heading := range l.Headings {
			if key := foldWords(heading); !slices.Contains(languages[key], tag) {
				languages[key] = append(languages[key], tag)
			}
		}
	}
	return languages
})

// languagePath is where a JSON Resume states its language.
const languagePath = "meta.language"

// withoutWords returns the note for a language without an entry in locales.json.
func withoutWords(tag language.Tag) note.Note {
	return note.Note{
		Path: languagePath, Code: note.Guessed,
		Message: fmt.Sprintf("there are no headings and dates in %s (%s) yet, so they are in English", display.English.Tags().Name(tag), tag),
		Hint:    "section titles of your own are shown as they are",
	}
}

// statedLanguage returns the language that a text names: by a tag, such as "pt-BR", or
// by its name in any of our languages, such as "Portuguese" or "português (Brasil)".
// Unknown parts of a tag are ignored.
func statedLanguage(text string) (language.Tag, bool) {
	if text == "" {
		return language.Und, false
	}
	if s := strings.ReplaceAll(text, "_", "-"); looksLikeTag(s) {
		if tag, _ := language.Parse(s); !undetermined(tag) {
			return tag, true
		}
	}
	name, _, _ := strings.Cut(text, "(")
	name, _, _ = strings.Cut(name, ",")
	tag, ok := languageNames()[foldWords(strings.TrimSpace(name))]
	return tag, ok
}

// languageNames are the languages with an entry by their names in each of these
// languages, and by codes that are used for them by mistake. They are folded.
var languageNames = sync.OnceValue(func() map[string]language.Tag {
	names := map[string]language.Tag{
		"jp": language.Japanese, "cn": language.Chinese, "cz": language.Czech, "gr": language.Greek, "dk": language.Danish,
	}
	all, err := loadLocales()
	if err != nil {
		return names
	}
	for _, in := range all {
		for _, l := range all {
			if name := foldWords(display.Languages(in.tag).Name(l.tag)); name != "" && len(l.tag.String()) <= 3 {
				names[name] = l.tag
			}
		}
	}
	return names
})

// undetermined reports a tag that names no language.
func undetermined(tag language.Tag) bool {
	base, _, _ := tag.Raw()
	return base.String() == "und"
}

// looksLikeTag reports whether s has the shape of a language tag: two or three
// letters, then subtags of one to eight letters and digits.
func looksLikeTag(s string) bool {
	for i, part := range strings.Split(s, "-") {
		if i == 0 && (len(part) < 2 || len(part) > 3) || len(part) < 1 || len(part) > 8 {
			return false
		}
		for j := range len(part) {
			letter, digit := 'a' <= part[j]|0x20 && part[j]|0x20 <= 'z', '0' <= part[j] && part[j] <= '9'
			if !letter && (i == 0 || !digit) {
				return false
			}
		}
	}
	return true
}

// sampleOf returns the texts of a resume from which its language is detected. Names and
// addresses are not among them, because these depend on the place.
func sampleOf(r resume.Resume, m *maker) *langid.Sample {
	s := &langid.Sample{}
	prose := func(t resume.RichText) { addProse(s, m.rich(t)) }
	s.AddTitle(r.Person.Headline)
	prose(r.Person.ProfileText)
	for _, section := range r.Sections {
		s.AddTitle(strings.ToLower(section.Title)) // a title has capitals that say nothing
		for _, e := range section.Experience {
			s.AddTitle(e.JobTitle)
			prose(e.Description)
		}
		for _, e := range section.Education {
			s.AddTitle(e.Degree)
			s.AddTitle(e.FieldOfStudy)
			prose(e.Description)
		}
		for _, p := range section.Projects {
			s.AddName(p.Name)
			prose(p.Description)
		}
		for _, skill := range section.Skills {
			s.AddTitle(skill.Category)
			s.AddName(skill.Name)
		}
		for _, q := range section.Strengths {
			s.AddName(q.Name)
			prose(q.Description)
		}
		for _, item := range section.Other.Items {
			s.AddTitle(item.Subtitle)
			prose(item.Summary)
		}
	}
	return s
}

func addProse(s *langid.Sample, t richtext.Text) {
	for _, block := range t {
		for _, span := range block.Spans {
			if !span.Code {
				s.AddProse(span.Text)
			}
		}
	}
}
