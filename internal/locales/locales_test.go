package locales_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/locales"
	"github.com/letrazapp/letraz-export/internal/resume"
)

func all(t *testing.T) map[string]*locales.Locale {
	t.Helper()
	all, err := locales.All()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAll_EveryLanguageHasEveryWord(t *testing.T) {
	every := all(t)
	for tag, l := range every {
		for name, text := range map[string]string{"resume": l.Resume, "present": l.Present, "year": l.Year, "month": l.Month, "day": l.Day} {
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s: no %s", tag, name)
			}
		}
		if len(l.Months) != 12 && strings.Contains(l.Month+l.Day, "{M}") {
			t.Errorf("%s: %d months", tag, len(l.Months))
		}
		if n := len(l.Spellings.Months); n != 12 && n != 0 {
			t.Errorf("%s: spellings of %d months", tag, n)
		}
		if len(l.Spellings.Present) == 0 {
			t.Errorf("%s: no spellings of present", tag)
		}
		if l.Years["other"] == "" {
			t.Errorf("%s: no years", tag)
		}
		for form, pattern := range l.Years {
			if strings.Count(pattern, "{n}") != 1 {
				t.Errorf("%s: years of form %s: %q", tag, form, pattern)
			}
		}
		en := every[locales.Fallback]
		for name, words := range map[string][2]map[string]string{
			"headings": {l.Headings, en.Headings}, "employment": {l.Employment, en.Employment},
			"proficiency": {l.Proficiency, en.Proficiency}, "terms": {l.Terms, en.Terms},
		} {
			if got, want := slices.Sorted(maps.Keys(words[0])), slices.Sorted(maps.Keys(words[1])); !slices.Equal(got, want) {
				t.Errorf("%s: %s: %q, want %q", tag, name, got, want)
			}
			for key, word := range words[0] {
				if strings.TrimSpace(word) != word || word == "" {
					t.Errorf("%s: %s: %s is %q", tag, name, key, word)
				}
			}
		}
	}
	for _, e := range resume.EmploymentTypes() {
		if every[locales.Fallback].Employment[string(e)] == "" {
			t.Errorf("no word for %s", e)
		}
	}
	for _, p := range resume.Proficiencies() {
		if every[locales.Fallback].Proficiency[string(p)] == "" {
			t.Errorf("no word for %s", p)
		}
	}
}

// A language that took its words from English would show them in the middle of another
// language.
func TestAll_NoLanguageIsEnglish(t *testing.T) {
	every := all(t)
	en := every[locales.Fallback]
	for tag, l := range every {
		if tag == "en" || strings.HasPrefix(tag, "en-") {
			continue
		}
		base := l
		for base.Like != "" {
			if base = every[base.Like]; base == en {
				t.Errorf("%s has the words of English", tag)
			}
		}
		same := 0
		for _, words := range [][2]map[string]string{{l.Headings, en.Headings}, {l.Employment, en.Employment}, {l.Terms, en.Terms}} {
			for key, word := range words[0] {
				if word == words[1][key] {
					same++
				}
			}
		}
		if same > 5 {
			t.Errorf("%s: %d words are those of English", tag, same)
		}
	}
}

func TestDocumentation_ListsEveryLanguage(t *testing.T) {
	data, err := os.ReadFile("../../docs/languages.md")
	if err != nil {
		t.Fatal(err)
	}
	every := all(t)
	for tag := range every {
		if !strings.Contains(string(data), "`"+tag+"`") {
			t.Errorf("docs/languages.md does not list %s", tag)
		}
	}
	for line := range strings.Lines(string(data)) {
		if tag, _, ok := strings.Cut(strings.TrimPrefix(line, "| `"), "` |"); ok && every[tag] == nil {
			t.Errorf("docs/languages.md lists %s, which has no words", tag)
		}
	}
}
