package document

import (
	"strings"
	"unicode"

	"golang.org/x/text/language"

	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/richtext"
)

// languageOf returns the language that a resume states, if that is a language tag,
// and else the one it is written in. Unknown parts of a tag are ignored.
func languageOf(r resume.Resume, m *maker) language.Tag {
	if stated := strings.ReplaceAll(strings.TrimSpace(r.Language), "_", "-"); looksLikeTag(stated) {
		if tag, _ := language.Parse(stated); !undetermined(tag) {
			return tag
		}
	}
	if tag, _ := language.Parse(detectLanguage(r, m)); !undetermined(tag) {
		return tag
	}
	return language.English
}

// undetermined reports a tag that names no language.
func undetermined(tag language.Tag) bool {
	base, _, _ := tag.Raw()
	return base.String() == "und"
}

// detectLanguage returns the BCP 47 tag of the language that the scripts of a
// resume's texts suggest. Of the languages in Latin script it detects Vietnamese
// only, and takes the others for English. It ignores names and addresses as far as
// possible, because these depend on the place.
func detectLanguage(r resume.Resume, m *maker) string {
	var n scriptCount
	n.add(r.Person.Headline)
	n.addRich(m.rich(r.Person.ProfileText))
	for _, s := range r.Sections {
		n.add(s.Title)
		for _, e := range s.Experience {
			n.add(e.JobTitle)
			n.addRich(m.rich(e.Description))
		}
		for _, e := range s.Education {
			n.add(e.Degree)
			n.add(e.FieldOfStudy)
			n.addRich(m.rich(e.Description))
		}
		for _, p := range s.Projects {
			n.add(p.Name)
			n.addRich(m.rich(p.Description))
		}
		for _, skill := range s.Skills {
			n.add(skill.Category)
			n.add(skill.Name)
		}
		for _, q := range s.Strengths {
			n.add(q.Name)
			n.addRich(m.rich(q.Description))
		}
		for _, item := range s.Other.Items {
			n.add(item.Subtitle)
			n.addRich(m.rich(item.Summary))
		}
	}
	return n.language()
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

// scriptCount counts letters by script.
type scriptCount struct {
	latin, vietnamese                            int
	han, kana, hangul                            int
	arabic, hebrew, devanagari, thai, greek, cyr int
}

func (n *scriptCount) addRich(t richtext.Text) {
	for _, block := range t {
		for _, span := range block.Spans {
			n.add(span.Text)
		}
	}
}

func (n *scriptCount) add(s string) {
	for _, c := range s {
		switch {
		case c < 'A':
		case isVietnamese(c):
			n.vietnamese++
			n.latin++
		case unicode.Is(unicode.Latin, c):
			n.latin++
		case unicode.Is(unicode.Han, c):
			n.han++
		case unicode.In(c, unicode.Hiragana, unicode.Katakana):
			n.kana++
		case unicode.Is(unicode.Hangul, c):
			n.hangul++
		case unicode.Is(unicode.Arabic, c):
			n.arabic++
		case unicode.Is(unicode.Hebrew, c):
			n.hebrew++
		case unicode.Is(unicode.Devanagari, c):
			n.devanagari++
		case unicode.Is(unicode.Thai, c):
			n.thai++
		case unicode.Is(unicode.Greek, c):
			n.greek++
		case unicode.Is(unicode.Cyrillic, c):
			n.cyr++
		}
	}
}

// isVietnamese reports letters, and marks of decomposed ones, that hardly any
// other language in Latin script has.
func isVietnamese(c rune) bool {
	switch c {
	case 'ơ', 'Ơ', 'ư', 'Ư', '\u031b', '\u0309', '\u0323':
		return true
	}
	return 'Ạ' <= c && c <= 'ỹ'
}

func (n *scriptCount) language() string {
	best, most := "", 0
	for _, script := range []struct {
		tag   string
		count int
	}{
		// Products and technologies are written in Latin letters everywhere,
		// and it takes about three of them to say what one ideogram does.
		{"latin", n.latin},
		{"cjk", 3 * (n.han + n.kana + n.hangul)},
		{"ar", 2 * n.arabic}, {"he", 2 * n.hebrew}, {"hi", 2 * n.devanagari},
		{"th", 2 * n.thai}, {"el", 2 * n.greek}, {"ru", 2 * n.cyr},
	} {
		if script.count > most {
			best, most = script.tag, script.count
		}
	}
	switch {
	case best == "cjk" && n.hangul > n.han+n.kana:
		return "ko"
	case best == "cjk" && 20*n.kana > n.han+n.kana: // a stray の does not make Japanese
		return "ja"
	case best == "cjk":
		return "zh"
	case best == "latin" && n.vietnamese >= 3 && 25*n.vietnamese >= n.latin:
		return "vi"
	case best == "latin" || best == "":
		return "en"
	}
	return best
}
