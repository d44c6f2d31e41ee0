package render

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/pdf"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// Each script has characters that no line may begin or end with: in Chinese,
// Japanese and Korean punctuation and small kana (JIS X 4051), in Thai, which has no blanks between
// words, the signs that belong to the letter before or after them.
func TestLines_BreakByScript(t *testing.T) {
	t.Parallel()
	const (
		notFirst = "、。，．・：；？！」』）】〉》〕”’ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ" + "ะัาำิีึืฺุู็่้๊๋์ํ๎ๆฯ"
		notLast  = "「『（【〈《〔“‘" + "เแโใไ"
	)
	for _, slug := range []string{"thai", "japanese", "chinese", "traditional-chinese", "korean"} {
		t.Run(slug, func(t *testing.T) {
			t.Parallel()
			for _, paper := range export.Papers() {
				text := tool(t, "pdftotext", "-raw", "-enc", "UTF-8", saved(t, renderPDF(t, sample(t, slug), paper).Data), "-")
				for line := range strings.Lines(text) {
					line = strings.TrimSpace(bidiMarks.Replace(line))
					first, _ := utf8.DecodeRuneInString(line)
					last, _ := utf8.DecodeLastRuneInString(line)
					if line != "" && (strings.ContainsRune(notFirst, first) || strings.ContainsRune(notLast, last)) {
						t.Errorf("%s: a line begins or ends in the middle of what belongs together: %s", paper, line)
					}
				}
			}
		})
	}
}

// Words of Thai that a line's end would have to part if the browser did not know
// where words end.
func TestLines_Thai(t *testing.T) {
	t.Parallel()
	text := tool(t, "pdftotext", "-raw", "-enc", "UTF-8", saved(t, renderPDF(t, sample(t, "thai"), export.A4).Data), "-")
	for _, word := range []string{"ผลิตภัณฑ์", "ประสบการณ์", "วัตถุดิบ", "ห้องทดลอง", "ประสาทสัมผัส", "มหาวิทยาลัย", "บรรจุภัณฑ์"} {
		want := strings.Count(allText(t, "thai"), word)
		if got := strings.Count(text, word); want == 0 || got < want {
			t.Errorf("%s is in the resume %d times, and whole in the file %d times", word, want, got)
		}
	}
}

// allText returns the page's HTML before any line is broken.
func allText(t *testing.T, slug string) string {
	t.Helper()
	_, body, _ := strings.Cut(string(pageOf(t, slug, export.A4).HTML), "<body")
	return body
}

// An accent that sticks out of the first line of a page would be drawn, and so read,
// at the foot of the page before as well.
func TestLines_NotReadTwiceAtPageEnds(t *testing.T) {
	t.Parallel()
	for _, language := range []struct{ tag, words string }{{"sv", "Ångström Åre"}, {"vi", "Ế Ẫn Ộ"}, {"th", "ปั้น ปู่ ที่"}} {
		var text strings.Builder
		for range 170 {
			text.WriteString("<p>" + language.words + "</p>")
		}
		r := resume.Resume{Language: language.tag, Person: resume.Person{FirstName: "Ada", ProfileText: resume.RichText(text.String())}}
		for _, tmpl := range html.Templates() {
			for _, paper := range export.Papers() {
				a, err := Render(t.Context(), testenv.Engine(t), r, Options{Format: export.PDF, Template: tmpl.Name, Paper: paper})
				if err != nil {
					t.Fatal(err)
				}
				file, err := pdf.Open(a.Data)
				if err != nil {
					t.Fatal(err)
				}
				drawn, err := file.Text()
				if err != nil {
					t.Fatal(err)
				}
				first := []rune(language.words)[:1]
				got := 0
				for _, c := range drawn {
					got += strings.Count(c.Text, string(first))
				}
				d, err := document.New(r)
				if err != nil {
					t.Fatal(err)
				}
				fields, _ := d.Fields(tmpl.RunOn)
				want := 0
				for _, f := range fields {
					want += strings.Count(f.Text, string(first))
				}
				if got != want {
					t.Errorf("%s, %s/%s: %q is drawn %d times on %d pages, want %d", language.tag, tmpl.Name, paper, string(first), got, a.Pages, want)
				}
			}
		}
	}
}

// A separator begins the line of what follows it, and ends none. Centred contact data is not looked at.
func TestLines_NoSeparatorAtEnd(t *testing.T) {
	t.Parallel()
	atEnd := regexp.MustCompile(`(?m)^.*·(  .*)?$`) // or before the dates at the far end
	for _, slug := range []string{"nurse", "french", "senior-engineer"} {
		for _, tm := range html.Templates() {
			t.Run(slug+"/"+tm.Name, func(t *testing.T) {
				t.Parallel()
				a := renderIn(t, sample(t, slug), tm.Name, export.A4)
				text := tool(t, "pdftotext", "-layout", "-enc", "UTF-8", saved(t, a.Data), "-")
				_, sections, found := strings.Cut(text, a.Document.Sections[0].Title)
				if !found {
					t.Fatalf("no first heading in\n%s", text)
				}
				for _, line := range atEnd.FindAllString(sections, -1) {
					t.Errorf("a line ends with a separator: %s", line)
				}
			})
		}
	}
}
