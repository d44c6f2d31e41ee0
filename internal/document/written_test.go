package document_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/letrazapp/letraz-export/internal/document/corpus"
	"github.com/letrazapp/letraz-export/internal/document/documenttest"
	"github.com/letrazapp/letraz-export/internal/document/markdown"
	"github.com/letrazapp/letraz-export/internal/document/tex"
	"github.com/letrazapp/letraz-export/internal/document/text"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// written is a resume in every format that is text and no page.
func written(t *testing.T, r resume.Resume) map[string]string {
	t.Helper()
	d := documenttest.New(t, r)
	return map[string]string{"txt": string(text.Write(d, 0)), "md": string(markdown.Write(d)), "tex": string(tex.Write(d, export.A4))}
}

func TestWriters_CleanText(t *testing.T) {
	t.Parallel()
	for slug, r := range corpus.Many(t) {
		for format, text := range written(t, r) {
			if !utf8.ValidString(text) || strings.ContainsAny(text, "\r\t\x00\u202e\ufeff") || !strings.HasSuffix(text, "\n") || strings.HasSuffix(text, "\n\n") {
				t.Errorf("%s of %s: not valid, or not lines, or something invisible", format, slug)
			}
			for line := range strings.Lines(text) {
				if strings.HasSuffix(line, " \n") {
					t.Errorf("%s of %s: a blank at the end of %q", format, slug, line)
				}
			}
			if again := written(t, r)[format]; again != text {
				t.Errorf("%s of %s is another the second time", format, slug)
			}
		}
	}
}

// What is empty leaves no trace: no heading, no label, no empty line too many.
func TestWriters_OmitEmptyParts(t *testing.T) {
	t.Parallel()
	r := resume.Resume{Person: resume.Person{FirstName: "Sam", LastName: "Fairweather"}, Sections: []resume.Section{
		{Type: resume.SectionExperience}, {Type: resume.SectionSkill, Skills: []resume.Skill{{Name: " "}}},
	}}
	got := written(t, r)
	if want := "Sam Fairweather\n===============\n"; got["txt"] != want {
		t.Errorf("txt: %q", got["txt"])
	}
	if want := "# Sam Fairweather\n"; got["md"] != want {
		t.Errorf("md: %q", got["md"])
	}
	if _, body, _ := strings.Cut(got["tex"], "\\begin{document}\n"); body != "\\cvname{Sam Fairweather}\n\\end{document}\n" {
		t.Errorf("tex: %q", body)
	}
}
