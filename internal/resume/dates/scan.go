package dates

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// number is a number of a text.
type number struct {
	value  int
	digits int
	short  bool // a year of two digits after an apostrophe
	before byte // the separator before it: one of '/', '-', '.', or ' '
}

// unit is a number with its unit in Chinese, Japanese or Korean.
type unit struct {
	kind  rune // 'y', 'm' or 'd'
	value int
}

// scanned is a text divided into what dates consist of.
type scanned struct {
	years   []int // of four digits, or of two after an apostrophe
	months  []int // from words
	numbers []number
	small   []number // the numbers that are no years
	units   []unit
	unknown int  // words that are not understood
	thai    bool // a month of the Thai language, whose years may be Buddhist
}

// fold returns a text in lower case, with digits of ASCII, and without the accents that
// people leave out.
func fold(s string) string {
	s = strings.TrimSpace(s)
	ascii := true
	for i := range len(s) {
		ascii = ascii && s[i] < utf8.RuneSelf
	}
	if ascii {
		return strings.ToLower(s)
	}
	var b strings.Builder
	var last rune
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case 0x300 <= r && r <= 0x36f, 0x64b <= r && r <= 0x655, 0x200b <= r && r <= 0x200f:
			continue
		case r == '.' && unicode.Is(unicode.Thai, last):
			continue // "มี.ค." is one word
		case r == 'ς':
			r = 'σ'
		case r == 'ı':
			r = 'i'
		case r == '’' || r == '‘' || r == '`' || r == '´':
			r = '\''
		case r == '\u00a0' || r == '\u202f' || r == '\u3000':
			r = ' '
		case r > utf8.RuneSelf && unicode.IsDigit(r):
			r = '0' + digitValue(r)
		case '０' <= r && r <= '９':
			r = '0' + r - '０'
		}
		b.WriteRune(r)
		last = r
	}
	return norm.NFC.String(strings.TrimSpace(b.String()))
}

// digitValue returns the value of a decimal digit of any script. Unicode has them in
// blocks of ten.
func digitValue(r rune) rune {
	n := rune(0)
	for n < 9 && unicode.IsDigit(r-n-1) {
		n++
	}
	return n
}

// scan divides a folded text.
func scan(text string) *scanned {
	s := &scanned{}
	var words []string // not yet looked up
	flush := func() {
		s.words(words)
		words = nil
	}
	before := byte(' ')
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case '0' <= r && r <= '9':
			end := i
			for end < len(text) && '0' <= text[end] && text[end] <= '9' {
				end++
			}
			if end < len(text) && text[end] == ':' {
				// The time of a day, and a zone.
				flush()
				return s
			}
			glued := i > 0 && isWord(text[:i])
			short := i > 0 && text[i-1] == '\''
			value := 0
			for _, c := range text[i:min(end, i+9)] {
				value = value*10 + int(c-'0')
			}
			if glued {
				flush()
			}
			s.number(number{value, end - i, short, before}, &words)
			before = ' '
			i = end
			continue
		case unitOf(r) != 0 && len(s.numbers) > 0:
			flush()
			last := s.numbers[len(s.numbers)-1]
			s.units = append(s.units, unit{unitOf(r), last.value})
		case unicode.IsLetter(r) || unicode.IsMark(r):
			end := i
			for end < len(text) {
				r, n := utf8.DecodeRuneInString(text[end:])
				if !unicode.IsLetter(r) && !unicode.IsMark(r) || unitOf(r) != 0 {
					break
				}
				end += n
			}
			end = max(end, i+n)
			if glued := i > 0 && text[i-1] >= '0' && text[i-1] <= '9'; !glued || !ordinals[text[i:end]] {
				words = append(words, text[i:end])
			}
			i = end
			continue
		case r == '/' || r == '-' || r == '.':
			before = byte(r)
		case r == '–' || r == '—' || r == '~' || r == '&' || r == '+':
			s.unknown++
		}
		i += n
	}
	flush()
	return s
}

// isWord reports whether a text ends with a letter.
func isWord(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return unicode.IsLetter(r) && unitOf(r) == 0
}

// number adds a number after words that were not looked up yet.
func (s *scanned) number(n number, words *[]string) {
	if w := *words; len(w) > 0 && monthSigns[w[len(w)-1]] && 1 <= n.value && n.value <= 12 && n.digits <= 2 {
		*words = w[:len(w)-1]
		s.months = append(s.months, n.value)
		return
	}
	s.numbers = append(s.numbers, n)
	switch {
	case n.short && n.digits == 2:
		s.years = append(s.years, century(n.value))
	case n.digits == 4 && n.value >= 1000:
		s.years = append(s.years, n.value)
	default:
		s.small = append(s.small, n)
	}
}

// century returns the year of two digits.
func century(n int) int {
	if n < 50 {
		return 2000 + n
	}
	return 1900 + n
}

// words looks up words that follow each other.
func (s *scanned) words(words []string) {
	t := tables()
	for i := 0; i < len(words); {
		n, month := 0, 0
		for length := min(3, len(words)-i); length > 0 && n == 0; length-- {
			if m, ok := t.months[strings.Join(words[i:i+length], " ")]; ok && m > 0 {
				n, month = length, m
			}
		}
		if rest, ok := strings.CutPrefix(words[i], "ב"); n == 0 && ok && t.months[rest] != 0 {
			n, month = 1, t.months[rest] // Hebrew: in March
		}
		switch {
		case n > 0:
			s.months = append(s.months, month)
			r, _ := utf8.DecodeRuneInString(words[i])
			s.thai = s.thai || unicode.Is(unicode.Thai, r)
			i += n
			continue
		case chineseNumbers[words[i]] > 0:
			s.numbers = append(s.numbers, number{value: chineseNumbers[words[i]], digits: 2})
		case !t.noise[words[i]]:
			s.unknown++
		}
		i++
	}
}

// unitOf returns 'y', 'm' or 'd' for a sign after a number, otherwise 0.
func unitOf(r rune) rune {
	switch r {
	case '年', '년':
		return 'y'
	case '月', '월':
		return 'm'
	case '日', '일', '号', '號':
		return 'd'
	}
	return 0
}
