package resume

import (
	"strings"
	"unicode"
)

// DetectLanguage returns the BCP 47 tag of the language a resume is written
// in: the one it states, if that looks like a tag, else what the script of its
// texts suggests. Among the languages in Latin script only Vietnamese can be
// told that way; the others are taken for English.
func DetectLanguage(r Resume) string {
	if tag := strings.ReplaceAll(strings.TrimSpace(r.Language), "_", "-"); looksLikeTag(tag) {
		return tag
	}
	var n scriptCount
	for _, s := range texts(r) {
		n.add(s)
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
			if digit := '0' <= part[j] && part[j] <= '9'; !isLetter(part[j]) && (i == 0 || !digit) {
				return false
			}
		}
	}
	return true
}

// texts returns what a resume says in its own language. Names and addresses
// are left out as far as possible: they tell about the place.
func texts(r Resume) []string {
	all := []string{r.Person.Headline, r.Person.ProfileText.Plain()}
	for _, s := range r.Sections {
		all = append(all, s.Title)
		for _, e := range s.Experience {
			all = append(all, e.JobTitle, e.Description.Plain())
		}
		for _, e := range s.Education {
			all = append(all, e.Degree, e.FieldOfStudy, e.Description.Plain())
		}
		for _, p := range s.Projects {
			all = append(all, p.Name, p.Description.Plain())
		}
		for _, skill := range s.Skills {
			all = append(all, skill.Category, skill.Name)
		}
		for _, q := range s.Strengths {
			all = append(all, q.Name, q.Description.Plain())
		}
		for _, item := range s.Other.Items {
			all = append(all, item.Subtitle, item.Summary.Plain())
		}
	}
	return all
}

// scriptCount counts letters by script.
type scriptCount struct {
	latin, vietnamese                            int
	han, kana, hangul                            int
	arabic, hebrew, devanagari, thai, greek, cyr int
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
