package render

import (
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// scriptTexts has a text in each script that resumes are printed in, with its difficult
// characters: stacked accents, marks above and below, conjuncts, variants of the same
// character, and emoji of several characters.
var scriptTexts = []string{
	"Łódź Ångström Ţăşț Đặng Ễ ữ ẞ ŋ Ǆ ə Ħ ŵ", "Ελληνικά ΐ ἀρχή ᾧ Ὦ", "Съешь ещё Ґ Ї Ў Ћ Ӣ Қ ѣ",
	"العربية پچگ لا إلَّا ﷺ ۱۲۳ می\u200cخواهم ٹ ڈ ے", "עברית שָׁלוֹם ״׳", "हिन्दी क्षत्रिय र्क श्री मराठी ळ र्\u200dय ₹", "ภาษาไทย ที่อยู่ น้ำ ฿ ๆ",
	"বাংলা ক্ষ", "தமிழ் க்ஷ ஸ்ரீ", "Հայերեն և", "ქართული ᲥᲐᲠᲗ",
	"简体中文骨直复门《》", "繁體中文骨直複門「」", "香港嘅啲喺", "日本語ひらがなカタカナ髙﨑㈱①ｶﾅ〜々", "한국어 漢字 각 ㄱ",
	"👩‍💻 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 🇯🇵 👍🏽 🧑🏾‍🚀 ☎️ ❤️ 1️⃣ 🙂", "☎ ✓ ✔ ★ ☆ → ⇒ ≤ ≠ ∞ € ₩ ₫ ₿ № ™ • … “ ” „ «»", "x\u0323\u0302 e\u0301",
}

// missingGlyphs returns the number of glyphs in a file that are the .notdef glyph.
func missingGlyphs(t *testing.T, data []byte) (missing, all int) {
	t.Helper()
	trace := tool(t, "mutool", "trace", saved(t, data))
	for line := range strings.Lines(trace) {
		if strings.Contains(line, "<g unicode=") {
			all++
			if strings.Contains(line, ` glyph="0" `) {
				missing++
			}
		}
	}
	return missing, all
}

// Every script in every face of every template: names, headings, titles, employers, text.
func TestCharacters_NoBoxes(t *testing.T) {
	t.Parallel()
	for _, template := range html.Templates() {
		for _, lang := range []string{"en", "ar", "ja", "ko", "zh-Hans", "zh-Hant", "zh-HK"} {
			t.Run(template.Name+"/"+lang, func(t *testing.T) {
				t.Parallel()
				r := resume.Resume{Language: lang}
				r.Person.FirstName = strings.Join(scriptTexts, " ")
				r.Person.Headline = r.Person.FirstName
				for _, text := range scriptTexts {
					r.Sections = append(r.Sections, resume.Section{Type: resume.SectionExperience, Title: text, Experience: []resume.Experience{{
						JobTitle: text, CompanyName: text, Description: resume.RichText("<p>" + text + " <b>" + text + "</b> <i>" + text + "</i></p>"),
					}}})
				}
				missing, all := missingGlyphs(t, renderIn(t, r, template.Name, export.A4).Data)
				if missing > 0 || all < 2000 {
					t.Errorf("%d of %d glyphs are boxes", missing, all)
				}
			})
		}
	}
}

// TestCharacters_BoxIsDetected: missingGlyphs counts a character that no font has.
func TestCharacters_BoxIsDetected(t *testing.T) {
	t.Parallel()
	r := resume.Resume{}
	r.Person.FirstName = "A\U00011F04B"
	if missing, _ := missingGlyphs(t, renderPDF(t, r, export.A4).Data); missing == 0 {
		t.Error("a character that no font has was not found")
	}
}
