package text

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/letrazapp/letraz-export/internal/document/corpus"
	"github.com/letrazapp/letraz-export/internal/document/documenttest"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/richtext"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	text := Write(documenttest.New(t, corpus.Jane()), 0)
	want := `Jane Doe
========
Software Engineer

jane@example.com
+1 503 555 0142
Portland, OR 97205, United States
https://jane.example.com/
https://github.com/jane

Profile
-------
Builds storage that others can forget about.

Experience
----------
Senior Engineer
Sep 2019 – Present
Acme (https://acme.example) · Berlin, Germany · Full-time
- Cut p99 from 480 to 35 ms
- Led six engineers (https://acme.example/x)

Engineer
2015 – Aug 2019
Widgets
Kept the lights on.
- Two
- bullets

Education
---------
BSc, Computer Science
2011 – 2015
MIT · United States

Skills
------
Languages: Go (expert), SQL (advanced)
Patience

Awards
------
Best Paper · ACM · Mar 14, 2020
`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBody(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"start":     {"<ol start=9><li>a</li><li>b<ol start=0><li>c</ol></li></ol>", "9. a\n10. b\n  0. c\n"},
		"rule":      {"<p>a</p><hr><p>b</p>", "a\n\n---\n\nb\n"},
		"list rule": {"<ul><li>a</ul><hr><ul><li>b</ul>", "- a\n\n---\n\n- b\n"},
		"code":      {"<p>a <code>b_c</code></p>", "a b_c\n"},
	} {
		var w writer
		w.body(richtext.Parse(c.in))
		if got := w.out.String(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if read := richtext.Parse(w.out.String()); name == "rule" && (len(read) != 3 || read[1].Kind != richtext.Rule) {
			t.Errorf("%s: it is read as %v", name, read)
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		size int
		want []string
	}{
		{"", 10, nil},
		{"one two three", 7, []string{"one two", "three"}},
		{"one two three", 6, []string{"one", "two", "three"}},
		{"unbreakable word", 5, []string{"unbreakable", "word"}},
		{"no\u00a0break here", 8, []string{"no\u00a0break", "here"}},
		{"直角令和直角", 6, []string{"直角令", "和直角"}},
		{"直角令。和直角", 6, []string{"直角", "令。和", "直角"}}, // no line begins with a full stop
		{"直角「令和」直角", 6, []string{"直角", "「令", "和」直", "角"}},
		{"Go言語 と SQL", 7, []string{"Go言語", "と SQL"}},
		{"e\u0301e\u0301e\u0301 e\u0301", 5, []string{"e\u0301e\u0301e\u0301 e\u0301"}}, // marks take no room
		{"한국어 글은 빈칸에서", 13, []string{"한국어 글은", "빈칸에서"}},
	} {
		if diff := cmp.Diff(c.want, wrap(c.text, c.size)); diff != "" {
			t.Errorf("%q in %d columns (-want +got):\n%s", c.text, c.size, diff)
		}
	}
}

func TestWrite_LineLength(t *testing.T) {
	t.Parallel()
	for slug, r := range corpus.Many(t) {
		for _, width := range []int{40, 72} {
			text := Write(documenttest.New(t, r), width)
			for line := range strings.Lines(string(text)) {
				line = strings.TrimSuffix(line, "\n")
				// Dates and the separators of parts are not broken.
				if columns(line) > width && len(pieces(strings.TrimLeft(line, " -"))) > 1 && !strings.ContainsAny(line, "·–") {
					t.Errorf("%s: %d columns: %s", slug, columns(line), line)
				}
			}
		}
	}
}

// Wrapping changes blanks only.
func TestWrite_WrappedWords(t *testing.T) {
	t.Parallel()
	words := func(text []byte) string {
		rule := regexp.MustCompile(`(?m)^[-=]+$`)
		return strings.Join(strings.Fields(rule.ReplaceAllString(string(text), "")), "")
	}
	for slug, r := range corpus.Many(t) {
		d := documenttest.New(t, r)
		if diff := cmp.Diff(words(Write(d, 0)), words(Write(d, 40))); diff != "" {
			t.Errorf("%s: (-one line +wrapped):\n%s", slug, diff)
		}
	}
}

func TestWrite_Paragraphs(t *testing.T) {
	t.Parallel()
	long := strings.TrimSpace(strings.Repeat("many words ", 40))
	r := corpus.Jane()
	r.Person.ProfileText = resume.RichText("<p>" + long + "</p><ul><li>" + long + "</li></ul>")
	r.Sections[0].Experience[0].JobTitle = long
	text := string(Write(documenttest.New(t, r), 0))
	for _, want := range []string{"\n" + long + "\n- " + long + "\n", "\n" + long + "\nSep 2019 – Present\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %.40q… on one line in:\n%s", want, text)
		}
	}
}

func TestWrite_UnbrokenDates(t *testing.T) {
	t.Parallel()
	for n := range 60 {
		r := corpus.Jane()
		r.Sections[0].Experience[0].JobTitle = strings.Repeat("x", n)
		r.Sections = append(r.Sections, resume.Section{Type: resume.SectionOther, Other: resume.Other{Kind: "awards", Items: []resume.Item{
			{Name: strings.Repeat("x ", n), Subtitle: "ACM", Date: resume.Date{Year: 2021, Month: 3, Day: 14}},
		}}})
		text := string(Write(documenttest.New(t, r), 24))
		for _, want := range []string{"Sep 2019 – Present\n", "Mar 14, 2021\n"} {
			if !strings.Contains(text, want) {
				t.Errorf("after %d letters: no %q in:\n%s", n, want, text)
			}
		}
		if strings.Contains(text, "\n·") || strings.Contains(text, "\x00") {
			t.Errorf("after %d letters: a separator begins a line in:\n%s", n, text)
		}
	}
}

func TestSpelled(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, address, want string }{
		{"jane.example.com", "https://jane.example.com/", "https://jane.example.com/"},
		{"Jane.example.com/x", "https://www.jane.example.com/x", "https://www.jane.example.com/x"},
		{"my site", "https://jane.example.com/", "my site (https://jane.example.com/)"},
		{"my site ", "https://jane.example.com/", "my site (https://jane.example.com/) "},
		{"j@example.com", "mailto:j@example.com", "j@example.com"},
		{"write", "mailto:j%2Bx@example.com", "write (j+x@example.com)"},
		{"+1 2", "tel:+12", "+1 2"},
		{"plain", "", "plain"},
	} {
		if got := spelled(c.text, c.address); got != c.want {
			t.Errorf("%q to %q: %q, want %q", c.text, c.address, got, c.want)
		}
	}
}
