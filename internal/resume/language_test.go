package resume

import (
	"strings"
	"testing"
)

func TestDetectLanguageOfSamples(t *testing.T) {
	t.Parallel()
	// The scripts tell these apart; all others count as English.
	scripts := []string{"ar", "zh", "he", "hi", "ja", "ko", "th", "vi"}
	for _, sample := range allSamples(t) {
		r := mustParse(t, string(sample.JSON))
		stated := r.Language
		if got := DetectLanguage(r); got != stated {
			t.Errorf("%s: %q, stated is %q", sample.Slug, got, stated)
		}
		want := "en"
		for _, tag := range scripts {
			if strings.HasPrefix(stated, tag) {
				want = tag
			}
		}
		r.Language = ""
		if got := DetectLanguage(r); got != want {
			t.Errorf("%s: by its script %q, want %q", sample.Slug, got, want)
		}
	}
}

func TestDetectLanguage(t *testing.T) {
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
		r := Resume{Language: test.language, Person: Person{ProfileText: RichTextFromPlain(test.text, nil)}}
		if got := DetectLanguage(r); got != test.want {
			t.Errorf("%q %q: %q, want %q", test.language, test.text, got, test.want)
		}
	}
}
