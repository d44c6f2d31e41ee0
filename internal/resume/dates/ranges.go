package dates

import (
	"strconv"
	"strings"
)

// separators stand between the two dates of a range, the surest first.
var separators = []string{
	" – ", " — ", " - ", "–", "—", "‒", "−", "〜", "～", "~", "→", "->", " to ", " until ", " till ", " through ", " thru ", " bis ",
	" hasta ", " al ", " à ", " au ", " até ", " tot ", " t/m ", " do ", " по ", " до ", " til ", " fino a ", " a ", "から", "至", "到", "/", "-",
}

// Split splits a range such as "2011 – 2013", "March – May 2011" or "2011–present". The
// end is a word for the present if it is one in the text, and "" if nothing follows the
// separator. It reports false if the text is not a range.
func Split(text string) (start, end string, ok bool) {
	if len(text) > 200 || IsCanonical(text) {
		return "", "", false
	}
	lower := strings.ToLower(text)
	if len(lower) != len(text) {
		lower = text // positions in both would differ
	}
	for _, separator := range separators {
		for from := 0; from < len(lower); {
			i := strings.Index(lower[from:], separator)
			if i < 0 {
				break
			}
			i += from
			start, end, ok := pair(strings.TrimSpace(text[:i]), strings.TrimSpace(text[i+len(separator):]))
			if ok {
				return start, end, true
			}
			from = i + len(separator)
		}
	}
	for _, separator := range []string{" –", " -", " —"} {
		if start, ok := strings.CutSuffix(strings.TrimSpace(text), separator); ok && isDate(start) {
			return strings.TrimSpace(start), "", true
		}
	}
	return "", "", false
}

// pair returns two texts as a range if they are one.
func pair(left, right string) (start, end string, ok bool) {
	to := Read(right)
	if to.Kind == Unknown && right != "" || left == "" {
		return "", "", false
	}
	if isDate(left) {
		return left, right, true
	}
	// "March – May 2011"
	s := scan(fold(left))
	if to.Date.Year != 0 && len(s.months) == 1 && s.unknown == 0 && len(s.years) == 0 && len(s.small) <= 1 {
		left += " " + strconv.Itoa(to.Date.Year)
		return left, right, isDate(left)
	}
	return "", "", false
}

func isDate(text string) bool {
	kind := Read(text).Kind
	return kind == Whole || kind == Part
}
