package document

import (
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/resume"
)

func TestSections_MergesNeighbors(t *testing.T) {
	position := func(title, job string) resume.Section {
		return resume.Section{Type: resume.SectionExperience, Title: title, Experience: []resume.Experience{{JobTitle: job}}}
	}
	other := func(kind, name string) resume.Section {
		return resume.Section{Type: resume.SectionOther, Other: resume.Other{Kind: kind, Items: []resume.Item{{Name: name}}}}
	}
	skill := resume.Section{Type: resume.SectionSkill, Skills: []resume.Skill{{Name: "Go"}}}
	cases := []struct {
		name string
		in   []resume.Section
		want string
	}{
		{"no titles", []resume.Section{position("", "a"), position("", "b"), position("", "c")}, "Experience(3)"},
		{"the usual title", []resume.Section{position("", "a"), position("experience", "b")}, "Experience(2)"},
		{"own title", []resume.Section{position("Work", "a"), position("work ", "b")}, "Work(2)"},
		{"other title", []resume.Section{position("", "a"), position("Early years", "b")}, "Experience(1) Early years(1)"},
		{"apart", []resume.Section{position("", "a"), skill, position("", "b")}, "Experience(1) Skills(1) Experience(1)"},
		{"an empty one between", []resume.Section{position("", "a"), {Type: resume.SectionSkill}, position("", "b")}, "Experience(2)"},
		{"kinds", []resume.Section{other("awards", "a"), other("awards", "b"), other("certificates", "c")}, "Awards(2) Certificates(1)"},
	}
	l, err := newMaker(resume.Resume{Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, s := range sections(c.in, l) {
				got = append(got, s.Title+"("+string(rune('0'+len(s.Entries)+len(s.Lines)))+")")
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestEducationEntry_Score(t *testing.T) {
	l, err := newMaker(resume.Resume{Language: "de"})
	if err != nil {
		t.Fatal(err)
	}
	for score, want := range map[string]string{`"1,3"`: "Note: 1,3", `"Note 1,3"`: "Note 1,3"} {
		it := educationEntry(resume.Education{Degree: "x", Details: resume.Details{"score": []byte(score)}}, l)
		it.promote()
		if got := it.Parts[0].Text; got != want {
			t.Errorf("%s: %q, want %q", score, got, want)
		}
	}
}

func TestEach_Keep(t *testing.T) {
	l, err := newMaker(resume.Resume{Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	items := func(text string, n int) resume.RichText {
		return resume.RichText("<ul>" + strings.Repeat("<li>"+text+"</li>", n) + "</ul>")
	}
	cases := []struct {
		name string
		text resume.RichText
		note string
		want bool
	}{
		{"nothing", "", "", true},
		{"six items", items("Led the team", 6), "", true},
		{"six items and a note", items("Led the team", 6), `"Maker of kettles"`, false},
		{"six items in Hindi", items("चार ज़िलों में संस्थागत प्रसव की दर 64% से बढ़ाकर 88% की", 6), "", true},
		{"six items in Japanese", items("若手技術者向けの勉強会を毎月開催し、延べ二百四十名が参加", 6), "", true},
		{"three long items", items(strings.Repeat("word ", 50), 3), "", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			e := resume.Experience{JobTitle: "x", Description: c.text}
			if c.note != "" {
				e.Details = resume.Details{"description": []byte(c.note)}
			}
			if got := each([]resume.Experience{e}, l, experienceEntry); got[0].Keep != c.want {
				t.Errorf("kept whole: %t, want %t", got[0].Keep, c.want)
			}
		})
	}
}
