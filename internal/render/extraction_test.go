package render

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/samples"
)

// source holds the most important members of a JSON Resume document.
type source struct {
	Basics struct{ Name, Label, Email, Phone string }
	Work   []struct {
		Name, Position, StartDate, EndDate string
	}
	Education []struct {
		Institution, StudyType, Area, StartDate, EndDate string
	}
	Volunteer []struct {
		Organization, Position, StartDate, EndDate string
	}
	Projects []struct {
		Name, StartDate, EndDate string
	}
	Awards       []struct{ Title, Awarder, Date string }
	Certificates []struct{ Name, Issuer, Date string }
	Publications []struct{ Name, Publisher, ReleaseDate string }
	Skills       []struct {
		Name     string
		Keywords []string
	}
	Languages []struct{ Language string }
}

// texts returns the texts that must be in the file.
func (s source) texts() []string {
	list := []string{s.Basics.Name, s.Basics.Label, s.Basics.Email, s.Basics.Phone}
	for _, w := range s.Work {
		list = append(list, w.Name, w.Position)
	}
	for _, e := range s.Education {
		list = append(list, e.Institution, e.StudyType, e.Area)
	}
	for _, v := range s.Volunteer {
		list = append(list, v.Organization, v.Position)
	}
	for _, p := range s.Projects {
		list = append(list, p.Name)
	}
	for _, a := range s.Awards {
		list = append(list, a.Title, a.Awarder)
	}
	for _, c := range s.Certificates {
		list = append(list, c.Name, c.Issuer)
	}
	for _, p := range s.Publications {
		list = append(list, p.Name, p.Publisher)
	}
	for _, k := range s.Skills {
		list = append(list, append(k.Keywords, k.Name)...)
	}
	for _, l := range s.Languages {
		list = append(list, l.Language)
	}
	return list
}

// months returns the dates that are shown as month and year: those of entries with a duration.
func (s source) months() []string {
	var list []string
	for _, w := range s.Work {
		list = append(list, w.StartDate, w.EndDate)
	}
	for _, e := range s.Education {
		list = append(list, e.StartDate, e.EndDate)
	}
	for _, v := range s.Volunteer {
		list = append(list, v.StartDate, v.EndDate)
	}
	for _, p := range s.Projects {
		list = append(list, p.StartDate, p.EndDate)
	}
	for i, date := range list {
		list[i] = date[:min(len(date), len("2006-01"))]
	}
	return list
}

// days returns the dates that are shown as exactly as they are known.
func (s source) days() []string {
	var list []string
	for _, a := range s.Awards {
		list = append(list, a.Date)
	}
	for _, c := range s.Certificates {
		list = append(list, c.Date)
	}
	for _, p := range s.Publications {
		list = append(list, p.ReleaseDate)
	}
	return list
}

var shownDate = regexp.MustCompile(`<time datetime="([^"]*)">([^<]*)</time>`)

// TestExtraction_Samples: the software of employers can read the text of the files.
func TestExtraction_Samples(t *testing.T) {
	t.Parallel()
	for _, tm := range html.Templates() {
		for _, s := range allSamples(t) {
			t.Run(tm.Name+"/"+s.Slug, func(t *testing.T) {
				t.Parallel()
				checkExtraction(t, s, tm.Name)
			})
		}
	}
}

// Code appears letter by letter, list numbers are those of the source, and a rule adds no
// text. In both directions no number sticks out of the page, which would shift it.
func TestExtraction_RareElements(t *testing.T) {
	t.Parallel()
	const text = "<p>Runs <code>make --fast fi_x</code> and <b><kbd>Ctrl+C</kbd></b>.</p><hr>" +
		"<ol start=5><li>fifth</li><li>sixth</li></ol><hr><ol start=9998><li>large</li><li>larger</li></ol><p>End.</p>"
	for _, tm := range html.Templates() {
		for _, language := range []string{"en", "ar"} {
			r := resume.Resume{Language: language, Person: resume.Person{FirstName: "Ada", ProfileText: text}}
			file := extracted(t, renderIn(t, r, tm.Name, export.A4).Data)
			for _, want := range []string{"Runs make --fast fi_x and Ctrl+C.", "5. fifth", "6. sixth", "9998. large", "9999. larger", "End."} {
				if !contains(file, want) {
					t.Errorf("%s, %s: %q is not in the text:\n%s", tm.Name, language, want, file[1])
				}
			}
		}
	}
}

func checkExtraction(t *testing.T, s samples.Sample, template string) {
	t.Helper()
	var src source
	if err := json.Unmarshal(s.JSON, &src); err != nil {
		t.Fatal(err)
	}
	file := extracted(t, renderIn(t, sampleResume(t, s), template, export.A4).Data)
	for _, want := range src.texts() {
		if !contains(file, want) {
			t.Errorf("%q is not in the text", want)
		}
	}
	dates := map[string]string{}
	for _, m := range shownDate.FindAllStringSubmatch(string(pageOf(t, s.Slug, export.A4).HTML), -1) {
		dates[m[1]] = m[2]
	}
	for _, date := range append(src.months(), src.days()...) {
		if date == "" {
			continue
		}
		if shown := dates[date]; shown == "" || !contains(file, shown) || !contains(file, date[:4]) {
			t.Errorf("the date %s, shown as %q, is not in the text", date, shown)
		}
	}
}

// extracted returns the text of a file as two kinds of software read it: pdftotext orders it
// by the positions of the glyphs, and by the order in which they are drawn.
func extracted(t *testing.T, pdf []byte) []string {
	t.Helper()
	path := saved(t, pdf)
	return []string{tool(t, "pdftotext", "-enc", "UTF-8", path, "-"), tool(t, "pdftotext", "-raw", "-enc", "UTF-8", path, "-")}
}

// contains reports whether one of the readings holds the words.
//
// Places of glyphs mislead pdftotext where no PDF can prevent it: it takes gaps for blanks in
// scripts whose marks have no width, puts Arabic vowel marks before their letter
// and punctuation of right-to-left text elsewhere, and reads pictures on their own. Such
// words, and words longer than a line, are compared by letters and digits alone.
func contains(readings []string, want string) bool {
	want = strings.Join(strings.Fields(strings.Map(noPicture, readable(want))), " ")
	for _, file := range readings {
		file = readable(file)
		if strings.Contains(file, want) || misread(want) && strings.Contains(letters(file), letters(want)) {
			return true
		}
	}
	return false
}

func misread(want string) bool {
	for _, word := range strings.Fields(want) {
		if len(word) > 80 {
			return true
		}
	}
	return strings.ContainsFunc(want, func(r rune) bool {
		return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Devanagari, unicode.Han, unicode.Hiragana, unicode.Katakana)
	})
}

// noPicture drops emoji and their joiners.
func noPicture(r rune) rune {
	skin := r >= 0x1f3fb && r <= 0x1f3ff
	if unicode.In(r, unicode.So, unicode.Variation_Selector) || skin || r == '\u200d' {
		return -1
	}
	return r
}

// letters returns text without white space, punctuation and Arabic vowel marks.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		vowel := unicode.Is(unicode.Mn, r) && r >= 0x064b && r <= 0x0670
		if vowel || !unicode.In(r, unicode.L, unicode.N, unicode.M) {
			return -1
		}
		return r
	}, s)
}
