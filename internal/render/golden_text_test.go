package render

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
)

// text returns the output of pdftotext in the order of the content stream.
func (p goldenPrint) text(t *testing.T) string {
	t.Helper()
	return tool(t, "pdftotext", "-raw", "-enc", "UTF-8", p.path, "-")
}

// textFile returns the name of the golden file of the text. There is one for all templates and
// papers, since a template changes no word, and a separate one for text that is read
// differently: pdftotext returns the words of a right-to-left line in visual order, so that it
// matters where lines end.
func (p goldenPrint) textFile(own bool) string {
	if own {
		return goldenFile(p.slug + "." + p.template + "." + string(p.paper) + ".txt")
	}
	return goldenFile(p.slug + ".txt")
}

func (p goldenPrint) updateText(t *testing.T) {
	t.Helper()
	text := p.text(t)
	if p.template == html.Default && p.paper == export.Papers()[0] {
		writeGolden(t, p.textFile(false), []byte(text))
	}
	shared, err := readGolden(p.textFile(false))
	if err != nil {
		t.Fatal(err)
	}
	if reading(string(shared)).differs(reading(text)) != "" {
		writeGolden(t, p.textFile(true), []byte(text))
	}
}

func (p goldenPrint) checkText(t *testing.T) []string {
	t.Helper()
	file := p.textFile(true)
	golden, err := readGolden(file)
	if errors.Is(err, fs.ErrNotExist) {
		file = p.textFile(false)
		golden, err = readGolden(file)
	}
	if err != nil {
		return []string{err.Error()}
	}
	if d := reading(string(golden)).differs(reading(p.text(t))); d != "" {
		return []string{"its words are not those of " + file + ":\n" + d}
	}
	return nil
}

// A letter of a text, and what stands before it: ' ', '\n', or nothing. Where
// lines end is the layout's business, but no blank may come or go.
type letter struct {
	r, before rune
}

type letterList []letter

var runningLine = regexp.MustCompile(`\f[^\n]*\d+ / \d+[^\n]*\n`)

// reading splits a text, without the running lines of the pages.
func reading(text string) letterList {
	var list letterList
	var before rune
	for _, r := range runningLine.ReplaceAllString(text, "\n") {
		switch {
		case r == '\n' || r == '\f':
			before = '\n'
		case unicode.IsSpace(r):
			if before == 0 {
				before = ' '
			}
		default:
			list = append(list, letter{r, before})
			before = 0
		}
	}
	return list
}

// differs shows the first difference of two readings. It is empty if they are equal.
func (l letterList) differs(got letterList) string {
	at := 0
	for at < min(len(l), len(got)) && l[at].same(got[at]) {
		at++
	}
	if at == len(l) && at == len(got) {
		return ""
	}
	return fmt.Sprintf("\tgolden: …%s…\n\tnow:    …%s…", l.around(at), got.around(at))
}

func (l letter) same(other letter) bool {
	return l.r == other.r && (l.before == other.before || l.before == '\n' || other.before == '\n')
}

// around returns the text before and after a letter.
func (l letterList) around(at int) string {
	var b strings.Builder
	for _, c := range l[max(0, at-40):min(len(l), at+40)] {
		if c.before != 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c.r)
	}
	return b.String()
}
