package render

import (
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/pdf"
)

// words are the words of a text with how often each is there, in one form of each
// character.
func words(s string) map[string]int {
	count := map[string]int{}
	for _, w := range strings.Fields(readable(s)) {
		count[w]++
	}
	return count
}

// lacking returns the number of words in a that are not in b.
func lacking(a, b map[string]int) (n int, list []string) {
	for w, times := range a {
		if d := times - b[w]; d > 0 {
			n += d
			list = append(list, w)
		}
	}
	return n, list
}

// ourText returns the text that package pdf reads in a file, without running headers.
func ourText(t *testing.T, data []byte) string {
	t.Helper()
	f, err := pdf.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	text, err := f.Text()
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.Structure()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, l := range pdf.Lines(s.Logical(text, nil)) {
		b.WriteString(l.Text + "\n")
	}
	return b.String()
}

// misreading is how many words other software may read differently, by sample, with the
// reason why that is not a fault of the file. -1 means any number.
var misreading = map[string]struct {
	pdftotext, mutool int
	why               string
}{
	"arabic":              {-1, -1, "letters from right to left come as they are seen, or vowel marks before their letter"},
	"hebrew":              {-1, -1, "letters from right to left come as they are seen, punctuation apart"},
	"hindi":               {8, -1, "mutool does not know ActualText, pdftotext parts marks below a letter from it"},
	"emoji-longwords":     {20, -1, "mutool does not know ActualText; pdftotext reads pictures on their own"},
	"chinese":             {0, -1, "mutool does not know ActualText: 人 comes as a radical of a dictionary"},
	"traditional-chinese": {0, -1, "mutool does not know ActualText: some characters come as a radical of a dictionary"},
	"japanese":            {0, -1, "mutool does not know ActualText: 人 comes as a radical of a dictionary"},
	"thai":                {-1, -1, "a vowel of two parts comes in two: ำ"},
	"korean":              {4, 0, "pdftotext takes a bracket for a word of its own"},
	"german":              {2, 0, "pdftotext puts what a hyphen parts at the end of a line together"},
	"tailored":            {2, 0, "pdftotext puts what a hyphen parts at the end of a line together"},
}

func TestReaders_SameWords(t *testing.T) {
	t.Parallel()
	for _, s := range allSamples(t) {
		t.Run(s.Slug, func(t *testing.T) {
			t.Parallel()
			data := renderPDF(t, sampleResume(t, s), export.A4).Data
			path := saved(t, data)
			ours, allowed := words(ourText(t, data)), misreading[s.Slug]
			for _, other := range []struct {
				name, text string
				allowed    int
			}{
				{"pdftotext", tool(t, "pdftotext", "-enc", "UTF-8", path, "-"), allowed.pdftotext},
				{"mutool", tool(t, "mutool", "draw", "-q", "-F", "txt", path), allowed.mutool},
			} {
				n, list := lacking(ours, words(other.text))
				t.Logf("%s reads %d words otherwise", other.name, n)
				if other.allowed >= 0 && n > other.allowed {
					t.Errorf("%s does not read %q", other.name, list)
				}
			}
		})
	}
}
