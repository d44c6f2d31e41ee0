package theme

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/samples"
)

// written is a resume in every format that is text and no page.
func written(t *testing.T, r resume.Resume) map[string]string {
	t.Helper()
	text, err := Text(r)
	if err != nil {
		t.Fatal(err)
	}
	markdown, err := Markdown(r)
	if err != nil {
		t.Fatal(err)
	}
	tex, err := TeX(r, export.A4)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"txt": string(text), "md": string(markdown), "tex": string(tex)}
}

// many are the samples, by slug, and resumes that are hard to write.
func many(t *testing.T) map[string]resume.Resume {
	t.Helper()
	all, err := samples.All()
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]resume.Resume{"jane": jane(), "joerg": joerg(), "layla": layla(), "nothing": {}}
	for _, s := range all {
		r, err := resume.ParseJSONResume(s.JSON)
		if err != nil {
			t.Fatal(err)
		}
		list[s.Slug] = r
	}
	for i, attack := range append(attacks, texAttacks...) {
		list["attack "+string(rune('A'+i))] = attacked(attack)
	}
	return list
}

// attacked is a resume with one text in every place.
func attacked(attack string) resume.Resume {
	var r resume.Resume
	fillAll(reflect.ValueOf(&r.Person).Elem(), attack)
	for _, st := range []resume.SectionType{resume.SectionExperience, resume.SectionEducation, resume.SectionProject, resume.SectionSkill, resume.SectionStrength} {
		var s resume.Section
		fillAll(reflect.ValueOf(&s).Elem(), attack)
		s.Type = st
		r.Sections = append(r.Sections, s)
	}
	for _, kind := range []string{"awards", "volunteer", "languages", "custom"} {
		var s resume.Section
		fillAll(reflect.ValueOf(&s).Elem(), attack)
		s.Type, s.Other.Kind = resume.SectionOther, kind
		r.Sections = append(r.Sections, s)
	}
	return r
}

func TestWhatIsWrittenIsCleanText(t *testing.T) {
	t.Parallel()
	for slug, r := range many(t) {
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
func TestNothingIsWrittenOfWhatIsEmpty(t *testing.T) {
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
