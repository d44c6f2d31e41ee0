package document_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/letrazapp/letraz-export/internal/document"
	"github.com/letrazapp/letraz-export/internal/document/corpus"
	"github.com/letrazapp/letraz-export/internal/document/documenttest"
	"github.com/letrazapp/letraz-export/internal/document/docx"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/document/markdown"
	"github.com/letrazapp/letraz-export/internal/document/tex"
	"github.com/letrazapp/letraz-export/internal/document/text"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// read writes a document in every format without a browser and reads it again.
func read(t *testing.T, d *document.Document) map[string]string {
	t.Helper()
	word, err := docx.Write(d, html.Default, export.A4)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{"txt": string(text.Write(d, 0))}
	for format, reader := range map[string]func() (string, error){
		"md":   func() (string, error) { return markdownText(markdown.Write(d)) },
		"tex":  func() (string, error) { return texText(tex.Write(d, export.A4)) },
		"docx": func() (string, error) { return wordText(word) },
	} {
		if texts[format], err = reader(); err != nil {
			t.Errorf("%s: %v", format, err)
		}
	}
	return texts
}

// plain returns a text without characters that are not seen, with single blanks.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u2800', unicode.In(r, unicode.Cf, unicode.Variation_Selector), r == '\u20e3':
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// addresses returns a text without what is left out of an address that is shown, since
// plain text spells addresses out.
func addresses(s string) string {
	return schemes.ReplaceAllString(s, "$1")
}

var schemes = regexp.MustCompile(`(?i)https?://(?:www\.)?|\bwww\.|/+($|[ ,:;)])`)

// separator matches what may stand between fields: signs, marks of lists, lines below
// headings.
var separator = regexp.MustCompile(`^(?:[ ·|•,:：、،;()（）–-]|=+ ?|\d+\. )`)

// missing compares the fields of a document with a text that was read, and returns how
// many words were compared and the fields that are not there, in this order, with no
// word broken and nothing else in between.
func missing(fields []document.Field, got string) (words int, lost []string) {
	rest := got
	for _, f := range fields {
		want := f.Text
		words += len(strings.Fields(want))
		at := rest
		for at != "" && !begins(at, want) {
			found := separator.FindString(at)
			if found == "" {
				break
			}
			at = at[len(found):]
		}
		if !begins(at, want) {
			lost = append(lost, f.Path+": "+want+" ≠ "+rest[:min(len(rest), 80)])
			if next := strings.Index(rest, want); next >= 0 {
				rest = rest[next+len(want):]
			}
			continue
		}
		rest = at[len(want):]
	}
	for rest != "" {
		found := separator.FindString(rest)
		if found == "" {
			return words, append(lost, "after all fields: "+rest[:min(len(rest), 80)])
		}
		rest = rest[len(found):]
	}
	return words, lost
}

// begins reports whether a text begins with another, and the last word of that ends
// there.
func begins(s, want string) bool {
	after, ok := strings.CutPrefix(s, want)
	next, _ := utf8.DecodeRuneInString(after)
	last, _ := utf8.DecodeLastRuneInString(want)
	return ok && (after == "" || !unicode.In(next, unicode.L, unicode.M, unicode.N) || !unicode.In(last, unicode.L, unicode.M, unicode.N))
}

// inOrder returns the fields in the order of a format, as they are compared. Markdown
// has the dates of brief entries before their parts.
func inOrder(format string, d *document.Document) []document.Field {
	list, _ := d.Fields(false)
	var out, parts []document.Field
	part := regexp.MustCompile(`^(.*)\.parts\[\d+\]$`)
	for _, f := range list {
		if f.Text = plain(f.Text); f.Text == "" {
			continue
		}
		if format == "txt" {
			if strings.HasSuffix(f.Path, ".remark") && spelledOut.MatchString(" ("+f.Text+")") {
				continue // it looks like the address of a link
			}
			f.Text = addresses(f.Text)
		}
		switch {
		case format == "md" && part.MatchString(f.Path):
			parts = append(parts, f)
			continue
		case !strings.Contains(f.Path, ".when["):
			out, parts = append(out, parts...), nil
		}
		out = append(out, f)
	}
	return append(out, parts...)
}

// richResume is a resume with a formatted summary.
func richResume(summary string) resume.Resume {
	return resume.Resume{Language: "en", Person: resume.Person{FirstName: "Ada", ProfileText: resume.RichText(summary)}}
}

// spelledOut matches the addresses that plain text adds to the texts of links.
var spelledOut = regexp.MustCompile(` \((?:https?://|[^ ()]+@)[^ ]*\)`)

// What a document shows, every format holds.
func TestWriters_SameWords(t *testing.T) {
	t.Parallel()
	resumes := corpus.Many(t)
	resumes["lists"] = richResume(`<ol start="7"><li>seven<ul><li>inner <code>code -- ok</code><ol><li>deep<ul><li>deeper<ul><li>level five<p>goes on</p></li></ul></li></ul></li></ol></li></ul></li>` +
		`<li>eight<p>goes on</p><hr><p>after a rule</p></li></ol><hr><p>After <b><i>the <u>rule</u></i></b><br>a <a href="https://example.org/">link</a>.</p>`)
	resumes["deep"] = richResume(strings.Repeat("<ul><li>level", 30) + "</li></ul>")
	resumes["scripts"] = richResume("<p>ಕನ್ನಡ ગુજરાતી മലയാളം བོད་སྐད ភាសាខ្មែរ ᏣᎳᎩ ⲁⲃⲅ ѳѵѣ ˈɹɛzjʊmeɪ শেষ। 株式会社・東京「㈱」 ∑∫→≠½ 🦊🔥👩‍💻 🇳🇴 🏳️‍🌈 1️⃣ e̊ Ọ̀yọ́</p>")
	files, err := filepath.Glob("testdata/resumes/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		r, err := resume.Read(data, resume.ReadOptions{})
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		resumes[filepath.Base(file)] = r
	}
	words, lost := map[string]int{}, map[string]int{}
	for name, r := range resumes {
		d := documenttest.New(t, r)
		for format, got := range read(t, d) {
			got = plain(got)
			if format == "txt" {
				got = addresses(spelledOut.ReplaceAllString(got, ""))
			}
			n, list := missing(inOrder(format, d), got)
			words[format] += n
			lost[format] += len(list)
			for _, l := range list[:min(len(list), 3)] {
				t.Errorf("%s, %s: %s", name, format, l)
			}
		}
	}
	t.Logf("words compared %v, fields missing %v", words, lost)
}
