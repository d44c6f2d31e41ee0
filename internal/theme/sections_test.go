package theme

import (
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/resume"
)

func TestNeighboursUnderOneHeadingAreMerged(t *testing.T) {
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
	l, err := localeOf(resume.Resume{Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, s := range sections(c.in, l.locale) {
				got = append(got, s.Title+"("+string(rune('0'+len(s.Items)+len(s.Lines)))+")")
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestSkillsAreGrouped(t *testing.T) {
	got := body(t, resume.Resume{Language: "en", Sections: []resume.Section{{Type: resume.SectionSkill, Skills: []resume.Skill{
		{Name: "Go", Category: "Code", Proficiency: resume.Expert},
		{Name: "Patience"},
		{Name: "SQL", Category: "Code", Proficiency: resume.Expert},
		{Name: "Figma", Category: "Design", Proficiency: resume.Beginner},
	}}}})
	for _, want := range []string{
		// A level that all share is said once.
		`<b class="label"><bdi>Code</bdi> <span class="remark">(<bdi>expert</bdi>)</span>: </b><bdi>Go</bdi>, <bdi>SQL</bdi></li>`,
		`<li><bdi>Patience</bdi></li>`,
		`<b class="label"><bdi>Design</bdi>: </b><bdi>Figma</bdi> <span class="remark">(<bdi>beginner</bdi>)</span></li>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("missing %s in %s", want, got)
		}
	}
}

func TestScoreThatNamesItself(t *testing.T) {
	l, err := localeOf(resume.Resume{Language: "de"})
	if err != nil {
		t.Fatal(err)
	}
	for score, want := range map[string]string{`"1,3"`: "Note: 1,3", `"Note 1,3"`: "Note 1,3"} {
		it := educationItem(resume.Education{Degree: "x", Details: resume.Details{"score": []byte(score)}}, l.locale)
		if got := it.Parts[len(it.Parts)-1].Text; got != want {
			t.Errorf("%s: %q, want %q", score, got, want)
		}
	}
}
