package langid

import "unicode"

// scriptCount counts letters by script, and those that tell the languages of a script
// apart.
type scriptCount struct {
	latin, vietnamese                            int
	han, kana, hangul                            int
	arabic, hebrew, devanagari, thai, greek, cyr int
	simplified, traditional                      int
	persian, urdu                                int
	ukrainian, russian, bulgarian, serbian       int
}

func (n *scriptCount) add(s string) {
	for _, c := range s {
		switch {
		case c < 'A':
		case c < 0x80:
			if 'a' <= c|0x20 && c|0x20 <= 'z' {
				n.latin++
			}
		case isVietnamese(c):
			n.vietnamese++
			n.latin++
		case unicode.Is(unicode.Latin, c):
			n.latin++
		case unicode.Is(unicode.Han, c):
			n.han++
			n.addHan(c)
		case unicode.In(c, unicode.Hiragana, unicode.Katakana):
			n.kana++
		case unicode.Is(unicode.Hangul, c):
			n.hangul++
		case unicode.Is(unicode.Arabic, c):
			n.arabic++
			n.addArabic(c)
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
			n.addCyrillic(c)
		}
	}
}

// simplified and traditional are frequent characters that have two forms, in the same
// order.
const (
	simplified  = "个们来时说国会学对发经后过还这为与业电开关门问间员产务实验设计专战机构团队项责负带领总应进爱热师单厨书无动场长东车见语读写点种体样将从变话头处现区广销网术级组纪绩营质导参获证认识论议护协标类据数历职"
	traditional = "個們來時說國會學對發經後過還這為與業電開關門問間員產務實驗設計專戰機構團隊項責負帶領總應進愛熱師單廚書無動場長東車見語讀寫點種體樣將從變話頭處現區廣銷網術級組紀績營質導參獲證認識論議護協標類據數歷職"
)

var hanForms = func() map[rune]bool {
	forms := map[rune]bool{} // true: traditional
	for _, c := range simplified {
		forms[c] = false
	}
	for _, c := range traditional {
		forms[c] = true
	}
	return forms
}()

// addHan counts the characters that tell the two ways of writing Chinese apart.
func (n *scriptCount) addHan(c rune) {
	if isTraditional, known := hanForms[c]; known && isTraditional {
		n.traditional++
	} else if known {
		n.simplified++
	}
}

// addArabic counts the letters that Arabic does not have.
func (n *scriptCount) addArabic(c rune) {
	switch c {
	case 'پ', 'چ', 'ژ', 'گ', 'ک', 'ی':
		n.persian++
	case 'ٹ', 'ڈ', 'ڑ', 'ں', 'ے', 'ہ', 'ھ':
		n.urdu++
	}
}

// addCyrillic counts the letters that not all languages have.
func (n *scriptCount) addCyrillic(c rune) {
	switch unicode.ToLower(c) {
	case 'і', 'ї', 'є', 'ґ':
		n.ukrainian++
	case 'ы', 'э', 'ё':
		n.russian++
	case 'ъ':
		n.bulgarian++
	case 'ђ', 'ћ', 'љ', 'њ', 'џ', 'ј':
		n.serbian++
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

// language returns the language of the script that most is written in, "en" for Latin,
// or "" if there are no letters.
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
		{"arabic", 2 * n.arabic}, {"he", 2 * n.hebrew}, {"hi", 2 * n.devanagari},
		{"th", 2 * n.thai}, {"el", 2 * n.greek}, {"cyrillic", 2 * n.cyr},
	} {
		if script.count > most {
			best, most = script.tag, script.count
		}
	}
	switch best {
	case "cjk":
		return n.eastAsian()
	case "arabic":
		switch {
		case 20*n.urdu > n.arabic:
			return "ur"
		case 20*n.persian > n.arabic:
			return "fa"
		}
		return "ar"
	case "cyrillic":
		return n.cyrillic()
	case "latin":
		if n.vietnamese >= 3 && 25*n.vietnamese >= n.latin {
			return "vi"
		}
		return "en"
	}
	return best
}

func (n *scriptCount) eastAsian() string {
	switch {
	case n.hangul > n.han+n.kana:
		return "ko"
	case 20*n.kana > n.han+n.kana: // a stray の does not make Japanese
		return "ja"
	case n.traditional > n.simplified:
		return "zh-Hant"
	}
	return "zh"
}

// cyrillic returns the language by the letters that the others do not have. Russian has
// ъ as well, but rarely, and never without ы for long.
func (n *scriptCount) cyrillic() string {
	best, most := "ru", n.russian
	for _, l := range []struct {
		tag   string
		count int
	}{{"uk", n.ukrainian}, {"sr", n.serbian}, {"bg", n.bulgarian}} {
		if l.count > most {
			best, most = l.tag, l.count
		}
	}
	return best
}
