package builders

import (
	"strings"
	"unicode"

	"github.com/letrazapp/letraz-export/internal/resume/tree"
)

// period takes the first of the members that is a text, such as "March 2022 – Present",
// and writes its dates as startDate and endDate, in the words of the source. A single date
// becomes the member single, because a startDate without an endDate would mean that the
// period goes on. In the source the text is replaced by its two dates, so that package
// coverage finds each of them in the document.
func (s *source) period(out *tree.Value, single string, names ...string) {
	for _, name := range names {
		text := s.text(name)
		if text == "" {
			continue
		}
		start, end, ok := splitPeriod(text)
		if !ok {
			put(out, single, strings.TrimSpace(text))
			return
		}
		put(out, "startDate", start)
		put(out, "endDate", end)
		s.divide(name, start, end)
		return
	}
}

// splitPeriod splits a period at the sign or word between its dates.
func splitPeriod(period string) (start, end string, ok bool) {
	period = strings.TrimSpace(period)
	for _, sign := range []string{" – ", " — ", " - ", " − ", " ‒ ", " → ", " ~ ", "–", "—", " to ", " until ", " till ",
		" bis ", " au ", " à ", " al ", " hasta ", " até ", " tot ", " do ", "～", "~"} {
		before, after, found := cut(period, sign)
		if !found || strings.Contains(after, sign) || !hasDigit(before) {
			continue
		}
		return strings.TrimSpace(before), strings.TrimSpace(after), true
	}
	return splitHyphen(period)
}

// cut is strings.Cut, except that at the end of the text the separator may lack its last
// blank, because texts are trimmed: "2020 -".
func cut(period, sign string) (before, after string, found bool) {
	if before, after, found = strings.Cut(period, sign); found {
		return before, after, true
	}
	if before, found = strings.CutSuffix(period, strings.TrimRight(sign, " ")); found && strings.HasPrefix(sign, " ") {
		return before, "", true
	}
	return "", "", false
}

// splitHyphen splits "2014-2018" and "2020-present". It does not split dates: there must be
// one hyphen, with a year before it and a year or a word after it.
func splitHyphen(period string) (start, end string, ok bool) {
	before, after, found := strings.Cut(period, "-")
	if !found || strings.Contains(after, "-") || !endsInYear(before) {
		return "", "", false
	}
	first := []rune(after)
	if len(first) > 0 && !unicode.IsLetter(first[0]) && (len(after) != 4 || !endsInYear(after)) {
		return "", "", false
	}
	return before, after, true
}

func endsInYear(s string) bool {
	if len(s) < 4 {
		return false
	}
	for _, c := range s[len(s)-4:] {
		if c < '0' || '9' < c {
			return false
		}
	}
	return len(s) == 4 || !isDigit(rune(s[len(s)-5]))
}

func hasDigit(s string) bool { return strings.ContainsFunc(s, isDigit) }

func isDigit(r rune) bool { return unicode.IsDigit(r) }
