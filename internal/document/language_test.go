package document

import (
	"strings"
	"testing"

	"golang.org/x/text/language"

	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/samples"
)

func languageIn(t *testing.T, r resume.Resume) string {
	t.Helper()
	d, err := New(r)
	if err != nil {
		t.Fatal(err)
	}
	return d.Lang
}

func TestLanguage_Samples(t *testing.T) {
	t.Parallel()
	all, err := samples.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, sample := range all {
		r, err := resume.ParseJSONResume(sample.JSON)
		if err != nil {
			t.Fatal(err)
		}
		stated := r.Language
		if got := languageIn(t, r); got != stated {
			t.Errorf("%s: %q, stated is %q", sample.Slug, got, stated)
		}
		want := language.Make(stated)
		r.Language = ""
		d, err := New(r)
		if err != nil {
			t.Fatal(err)
		}
		got := language.Make(d.Lang)
		gotBase, _ := got.Base()
		wantBase, _ := want.Base()
		gotScript, _ := got.Script()
		wantScript, _ := want.Script()
		if gotBase != wantBase || gotScript != wantScript {
			t.Errorf("%s: detected %q, want %q", sample.Slug, got, want)
		}
		if guessed := len(d.Notes) == 1 && d.Notes[0].Code == note.Guessed; guessed != (wantBase.String() != "en") {
			t.Errorf("%s: notes %v", sample.Slug, d.Notes)
		}
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	tests := []struct{ language, text, want string }{
		{"", "", "en"},
		{"German", "", "de"},
		{"deutsch", "", "de"},
		{"Deutsch (Schweiz)", "", "de"},
		{"FRANÇAIS", "", "fr"},
		{"inglés", "", "en"},
		{"Brazilian", "", "en"},
		{"português", "", "pt"},
		{"日本語", "", "ja"},
		{"jp", "", "ja"},
		{"de_de", "", "de-DE"},
		{"nn", "", "nn"},
		{"no", "", "no"},
		{"pt-BR", "текст", "pt-BR"},
		{" zh_Hant_TW ", "", "zh-Hant-TW"},
		{"English", "Hello", "en"},
		{"d", "Разработка Go", "ru"},
		{"de--x", "Ανάπτυξη λογισμικού", "el"},
		{"", "พัฒนาซอฟต์แวร์", "th"},
		{"", "פיתוח תוכנה", "he"},
		{"", "开发 Kubernetes 平台，负责微服务", "zh"},
		{"", "開発チームのリーダー", "ja"},
		{"", "소프트웨어 개발 및 운영 (React, Go)", "ko"},
		{"", "Engineer from 東京 and Москва", "en"},
		{"", "Ingénieur à Zürich, Łódź", "en"},
		{"", "Phát triển phần mềm và quản lý đội ngũ", "vi"},
		{"", "Worked with Mr Nguyễn in a company that makes anvils and other things for the roads of the world", "en"},
	}
	for _, test := range tests {
		r := resume.Resume{Language: test.language, Person: resume.Person{ProfileText: resume.RichTextFromPlain(test.text, nil)}}
		if got := languageIn(t, r); got != test.want {
			t.Errorf("%q %q: %q, want %q", test.language, test.text, got, test.want)
		}
	}
}

func TestLanguage_Titles(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		titles []string
		want   string
	}{
		{[]string{"Berufserfahrung", "Ausbildung"}, "de"}, {[]string{"Berufserfahrung"}, "en"}, {[]string{"Experience", "Education"}, "en"},
		{[]string{"Expérience professionnelle", "COMPÉTENCES", "Talks"}, "fr"}, {[]string{"Ausbildung", "Formación"}, "en"},
	} {
		var r resume.Resume
		for _, title := range test.titles {
			r.Sections = append(r.Sections, resume.Section{Type: resume.SectionExperience, Title: title, Experience: []resume.Experience{{JobTitle: "X"}}})
		}
		if got := languageIn(t, r); got != test.want {
			t.Errorf("%q: %s, want %s", test.titles, got, test.want)
		}
	}
}

func TestLanguage_Notes(t *testing.T) {
	t.Parallel()
	german := "Verantwortlich für die Planung und Umsetzung von Kampagnen sowie die Betreuung der Kunden."
	tests := []struct{ name, stated, text, want string }{
		{"stated", "fr", german, ""},
		{"English", "", "Responsible for the planning of campaigns and for the care of clients.", ""},
		{"detected", "", german, "meta.language: the language is not stated and was taken from the words: German"},
		{"unknown name", "Klingon", german, `meta.language: "Klingon" is not a language and was taken from the words: German`},
		{"one word", "", "Kampagnenplanung", ""},
		{"few words", "", "Schiffe gebaut", ""},
		{"letters that English has not", "", "Qualitätsprüfung", "meta.language: the language is not stated and the words do not tell it, so headings and dates are in English"},
		{"nothing", "", "", ""},
		{"stated without words", "sw", "x", "meta.language: there are no headings and dates in Swahili (sw) yet, so they are in English"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d, err := New(resume.Resume{Language: test.stated, Person: resume.Person{ProfileText: resume.RichTextFromPlain(test.text, nil)}})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, n := range d.Notes {
				got = append(got, n.Path+": "+n.Message)
			}
			if joined := strings.Join(got, "; "); joined != test.want {
				t.Errorf("got %q, want %q", joined, test.want)
			}
		})
	}
}

// Prose decides: job titles, names and skills are often in another language.
func TestLanguage_MixedDocuments(t *testing.T) {
	t.Parallel()
	german := resume.RichTextFromPlain("Ich verantworte den Betrieb und die Weiterentwicklung unserer Plattform und leite ein Team von sechs Personen.", []string{"Einführung von Continuous Delivery", "Ausbildung der neuen Kolleginnen"})
	english := resume.RichTextFromPlain("I run the platform and lead a team of six people.", []string{"Introduced continuous delivery", "Trained new colleagues"})
	tests := []struct {
		name, want string
		r          resume.Resume
	}{
		{"German with English titles", "de", resume.Resume{Sections: []resume.Section{
			{Type: resume.SectionExperience, Experience: []resume.Experience{
				{JobTitle: "Senior Software Engineer, platform and tooling", CompanyName: "Big Company of America", Description: german},
				{JobTitle: "Head of the data team"},
			}},
			{Type: resume.SectionSkill, Skills: []resume.Skill{{Name: "distributed systems and the cloud"}, {Name: "writing of documentation for users"}}},
		}}},
		{"English with French names", "en", resume.Resume{Person: resume.Person{FirstName: "Jean-Pierre", LastName: "de la Tour"}, Sections: []resume.Section{
			{Type: resume.SectionExperience, Experience: []resume.Experience{{JobTitle: "Ingénieur", CompanyName: "Société Générale des Eaux de la Loire", Description: english}}},
			{Type: resume.SectionEducation, Education: []resume.Education{{InstitutionName: "École nationale des ponts et chaussées", Degree: "Diplôme d'ingénieur des ponts et chaussées"}}},
		}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := languageIn(t, test.r); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
