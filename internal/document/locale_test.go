package document

import (
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/resume"
)

func date(y, m, d int) resume.Date { return resume.Date{Year: y, Month: m, Day: d} }

func texts(list []Moment) string {
	var out []string
	for _, m := range list {
		out = append(out, m.Text)
	}
	return strings.Join(out, " – ")
}

func TestDurationsByLanguage(t *testing.T) {
	since := resume.Duration{Start: date(2019, 9, 14), Current: true}
	for lang, want := range map[string]string{
		"en": "Sep 2019 – Present", "en-GB": "Sep 2019 – Present", "de": "09/2019 – heute", "de-CH": "09/2019 – heute",
		"fr": "sept. 2019 – aujourd’hui", "es-MX": "sept. 2019 – actualidad", "pt-BR": "set. de 2019 – atual", "pt-PT": "09/2019 – presente", "pt-AO": "09/2019 – presente",
		"ja": "2019年9月 – 現在", "zh-CN": "2019年9月 – 至今", "zh-TW": "2019年9月 – 至今", "ko": "2019년 9월 – 현재",
		"ar": "سبتمبر 2019 – الآن", "he": "ספטמבר 2019 – היום", "iw": "ספטמבר 2019 – היום", "hi": "सितंबर 2019 – वर्तमान",
		"ar-EG": "سبتمبر 2019 – الآن", "ar-LB": "أيلول 2019 – الآن", "ar-TN": "سبتمبر 2019 – الآن", "ar-MA": "شتنبر 2019 – الآن",
		"vi": "09/2019 – nay", "el": "Σεπ 2019 – σήμερα", "ru": "сент. 2019 – наст. время", "uk": "09.2019 – дотепер",
		"th": "ก.ย. 2019 – ปัจจุบัน", "sw": "Sep 2019 – Present", "x-nonsense!": "Sep 2019 – Present",
	} {
		l, err := newMaker(resume.Resume{Language: lang})
		if err != nil {
			t.Fatal(err)
		}
		if got := texts(l.formatDuration(since)); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}

func TestDurations(t *testing.T) {
	l, err := newMaker(resume.Resume{Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		in   resume.Duration
		want string
	}{
		{resume.Duration{}, ""},
		{resume.Duration{Current: true}, "Present"},
		{resume.Duration{Start: date(2019, 0, 0)}, "2019"},
		{resume.Duration{End: date(2019, 1, 0)}, "Jan 2019"},
		{resume.Duration{Start: date(2018, 12, 0), End: date(2019, 0, 0)}, "Dec 2018 – 2019"},
		{resume.Duration{Start: date(2019, 5, 1), End: date(2019, 5, 31)}, "May 2019"},
		{resume.Duration{Start: date(0, 5, 0), End: date(2019, 13, 0)}, "2019"},
		{resume.Duration{Start: date(-5, 0, 0), End: date(20190, 1, 0)}, ""},
		{resume.Duration{Start: date(2018, 1, 0), End: date(2019, 1, 0), Current: true}, "Jan 2018 – Present"},
	}
	for _, c := range cases {
		if got := texts(l.formatDuration(c.in)); got != c.want {
			t.Errorf("%+v: %q, want %q", c.in, got, c.want)
		}
	}
}

func TestDatesWithDay(t *testing.T) {
	for lang, want := range map[string]string{
		"en": "Mar 4, 2021", "en-CA": "Mar 4, 2021", "en-GB": "4 Mar 2021", "en-AU": "4 Mar 2021", "de": "4. März 2021", "ru": "04.03.2021", "pt-BR": "4 de mar. de 2021", "pt-PT": "04/03/2021", "fr": "4 mars 2021",
		"vi": "04/03/2021", "pl": "04.03.2021", "ja": "2021年3月4日", "ko": "2021년 3월 4일", "he": "4 במרץ 2021", "ar": "4 مارس 2021",
	} {
		l, err := newMaker(resume.Resume{Language: lang})
		if err != nil {
			t.Fatal(err)
		}
		if got := l.formatDate(date(2021, 3, 4), true); got.Text != want || got.Machine != "2021-03-04" {
			t.Errorf("%s: %+v, want %q", lang, got, want)
		}
	}
}

func TestDirectionAndLanguage(t *testing.T) {
	for lang, want := range map[string]string{
		"ar": "ar rtl", "ar-EG": "ar-EG rtl", "he": "he rtl", "fa": "fa rtl", "ur": "ur rtl", "az-Arab": "az-Arab rtl",
		"en": "en ltr", "zh-Hant-HK": "zh-Hant-HK ltr", "": "en ltr", "!!": "en ltr", " de ": "de ltr", "de_AT": "de-AT ltr", "und": "en ltr", "root": "en ltr",
		"German": "de ltr", "de-abcde": "de ltr", "ur_PK": "ur-PK rtl", "sr-Cyrl-RS": "sr-Cyrl-RS ltr",
	} {
		l, err := newMaker(resume.Resume{Language: lang})
		if err != nil {
			t.Fatal(err)
		}
		if got := l.Lang + " " + l.Dir; got != want {
			t.Errorf("%q: %q, want %q", lang, got, want)
		}
	}
}

func TestLocale_TraditionalChinese(t *testing.T) {
	for _, lang := range []string{"zh-TW", "zh-HK", "zh-Hant"} {
		l, err := newMaker(resume.Resume{Language: lang})
		if err != nil {
			t.Fatal(err)
		}
		if l.Headings["experience"] != "工作經歷" {
			t.Errorf("%s: %s", lang, l.Headings["experience"])
		}
	}
}

func TestLocale_DetectsLanguage(t *testing.T) {
	for _, lang := range []string{"", "und", "und-JP", "japanese", "日本語", "-", "*"} {
		l, err := newMaker(resume.Resume{Language: lang, Person: resume.Person{ProfileText: "<p>新規事業の立ち上げを担当しています。</p>"}})
		if err != nil {
			t.Fatal(err)
		}
		if l.Lang != "ja" || l.Present != "現在" {
			t.Errorf("%q: %s, %s", lang, l.Lang, l.Present)
		}
	}
}

func TestLocale_VariantsInherit(t *testing.T) {
	all, err := loadLocales()
	if err != nil {
		t.Fatal(err)
	}
	if pt := all["pt-PT"]; pt.Headings["awards"] != "Prémios" || pt.Headings["education"] != "Formação" || pt.Employment["part_time"] != "Tempo parcial" {
		t.Errorf("pt-PT: %+v", pt)
	}
	if ar := all["ar-IQ"]; ar.Comma != "، " || ar.Headings["education"] != "التعليم" || ar.Months[0] != "كانون الثاني" {
		t.Errorf("ar-IQ: %+v", ar)
	}
	if es := all["es-419"]; es.Employment["part_time"] != "Medio tiempo" || es.Employment["contract"] != "Contrato temporal" || all["es"].Employment["part_time"] != "Media jornada" {
		t.Errorf("es-419: %+v", es)
	}
}
