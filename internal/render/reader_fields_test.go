package render

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"text/tabwriter"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/document/html"
)

var (
	mailPattern  = regexp.MustCompile(`[\w.+-]+@[\w-]+(\.[\w-]+)+`)
	phonePattern = regexp.MustCompile(`\+?\(?\d[\d ().\-]{6,}\d`)
)

// fieldNames are the fields that simple applicant tracking systems look for.
var fieldNames = []string{"name", "mail", "phone", "heading", "title", "employer", "dates"}

// fieldCount counts by field how many there are and how many were found.
type fieldCount struct {
	there, found map[string]int
	missed       []string
}

func (c *fieldCount) check(field, value string, found bool) {
	c.there[field]++
	if found {
		c.found[field]++
	} else {
		c.missed = append(c.missed, field+": "+value)
	}
}

func newFieldCount() *fieldCount {
	return &fieldCount{there: map[string]int{}, found: map[string]int{}}
}

func (c *fieldCount) add(d *fieldCount) {
	for _, f := range fieldNames {
		c.there[f] += d.there[f]
		c.found[f] += d.found[f]
	}
}

// parseFields looks for the fields of a document in its text as simple software does: by
// lines, by regular expressions, and by what stands near each other.
func parseFields(d *document.Document, text string) *fieldCount {
	c := newFieldCount()
	text = plainText(text)
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	c.check("name", d.Name(), beginsWith(lines, plainText(d.Name())))
	for _, k := range d.Contact {
		switch {
		case strings.HasPrefix(k.URL, "mailto:"):
			c.check("mail", k.Text, mailPattern.FindString(text) == k.Text)
		case strings.HasPrefix(k.URL, "tel:"):
			c.check("phone", k.Text, phonePattern.FindString(text) == k.Text)
		}
	}
	for _, s := range d.Sections {
		c.check("heading", s.Title, hasLine(lines, plainText(s.Title)))
		for _, e := range s.Entries {
			c.parseEntry(e, text)
		}
	}
	return c
}

// parseEntry looks for the title of an entry, told apart from what follows by a line
// end, a separator or the dates, with the dates and the employer near it.
func (c *fieldCount) parseEntry(e document.Entry, text string) {
	if e.Title.Text == "" {
		return
	}
	dates := spaced(e.Dates())
	end := `\s*(\n|\f|$|·|\(`
	if dates != "" {
		end += "|" + dates
	}
	end += ")"
	places := regexp.MustCompile(spaced(e.Title.Text)+end).FindAllStringIndex(text, -1)
	c.check("title", e.Title.Text, len(places) > 0)
	near := func(pattern string) bool {
		find := regexp.MustCompile(pattern)
		for _, at := range places {
			if find.MatchString(text[max(0, at[0]-nearby):min(len(text), at[1]+nearby)]) {
				return true
			}
		}
		return false
	}
	if len(e.Parts) > 0 {
		c.check("employer", e.Parts[0].Text, near(`(^|\n|·\s*|`+dates+`\s*)`+spaced(e.Parts[0].Text)+end))
	}
	if dates != "" {
		c.check("dates", e.Dates(), near(dates))
	}
}

// nearby is the distance in bytes up to which employer and dates belong to a title.
const nearby = 600

// spaced returns an expression for a text with any white space between its words.
func spaced(text string) string {
	words := strings.Fields(plainText(text))
	for i, w := range words {
		words[i] = regexp.QuoteMeta(w)
	}
	return strings.Join(words, `\s+`)
}

// plainText returns a text in one form of each character, without invisible ones.
func plainText(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) {
			return -1
		}
		return r
	}, norm.NFKC.String(s))
}

// hasLine reports whether a text is a line of its own, or some lines.
func hasLine(lines []string, text string) bool {
	for i := range lines {
		if beginsWith(lines[i:], text) {
			return true
		}
	}
	return false
}

// beginsWith reports whether the first line, or the first two or three, are a text.
func beginsWith(lines []string, text string) bool {
	joined := ""
	for _, line := range lines[:min(len(lines), 3)] {
		if joined = strings.TrimSpace(joined + " " + line); joined == text {
			return true
		}
	}
	return false
}

// TestReaders_Fields looks for the fields of each sample in each template in what each
// reader reads. With -v it prints a table.
func TestReaders_Fields(t *testing.T) {
	t.Parallel()
	checkParsed(t, readSamples(t))
}

func checkParsed(t *testing.T, files []readFile) {
	t.Helper()
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	total := map[string]*fieldCount{}
	for _, f := range files {
		for _, reader := range readerNames {
			c := parseFields(f.document, f.texts[reader])
			key := reader + "\t" + f.template
			if total[key] == nil {
				total[key] = newFieldCount()
			}
			total[key].add(c)
			if len(c.missed) > misreads[f.sample+" "+reader].fields {
				t.Errorf("%s does not find in %s %q", reader, f, c.missed)
			}
			if len(c.missed) > 0 {
				fmt.Fprintf(w, "PARSER\t%s\t%s\t%d\t%q\n", f, reader, len(c.missed), c.missed[:min(len(c.missed), 3)])
			}
		}
	}
	for _, tm := range html.Templates() {
		for _, reader := range readerNames {
			c := total[reader+"\t"+tm.Name]
			if c == nil {
				continue
			}
			fmt.Fprintf(w, "PARSED\t%s\t%s", tm.Name, reader)
			for _, name := range fieldNames {
				fmt.Fprintf(w, "\t%s %d/%d", name, c.found[name], c.there[name])
			}
			fmt.Fprintln(w)
		}
	}
	if err := w.Flush(); err != nil {
		t.Error(err)
	}
	t.Log("\n" + table.String())
}
