package dates

import (
	"strconv"
	"strings"
)

// eras are the Japanese eras and the year before the first of each.
var eras = []struct {
	name string
	year int
}{{"令和", 2018}, {"平成", 1988}, {"昭和", 1925}, {"大正", 1911}}

// withoutEra replaces the year of a Japanese era at the start of a folded text by that of
// the common era: 平成28年4月 becomes 2016年4月. 元 is the first year.
func withoutEra(text string) string {
	for _, era := range eras {
		rest, ok := strings.CutPrefix(text, era.name)
		if !ok {
			continue
		}
		rest = strings.TrimLeft(rest, " ")
		number, after, ok := strings.Cut(rest, "年")
		n, err := strconv.Atoi(number)
		if number == "元" {
			n, err = 1, nil
		}
		if ok && err == nil && 1 <= n && n <= 64 {
			return strconv.Itoa(era.year+n) + "年" + after
		}
	}
	return text
}
