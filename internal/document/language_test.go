package document

import (
	"strings"
	"testing"

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
	// The scripts tell these apart; all others count as English.
	scripts := []string{"ar", "zh", "he", "hi", "ja", "ko", "th", "vi"}
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
		want := "en"
		for _, tag := range scripts {
			if strings.HasPrefix(stated, tag) {
				want = tag
			}
		}
		r.Language = ""
		if got := languageIn(t, r); got != want {
			t.Errorf("%s: by its script %q, want %q", sample.Slug, got, want)
		}
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	tests := []struct{ language, text, want string }{
		{"", "", "en"},
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
