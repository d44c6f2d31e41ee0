package langid

import (
	"os"
	"strings"
	"testing"
)

// text is a line of a file of testdata: "de|Text". A question mark after the tag means
// that the text is too short to be sure, so that English stays.
type text struct {
	tag, words string
	unsure     bool
}

func textsIn(t testing.TB, name string) []text {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var out []text
	for line := range strings.Lines(string(data)) {
		tag, words, ok := strings.Cut(strings.TrimSpace(line), "|")
		if !ok {
			t.Fatalf("%s: %q is not a language and a text", name, line)
		}
		tag, unsure := strings.CutSuffix(tag, "?")
		out = append(out, text{tag, words, unsure})
	}
	return out
}

func languageOf(words string) Result {
	var s Sample
	s.AddProse(words)
	return s.Language()
}

func TestLanguage_ShortTexts(t *testing.T) {
	for _, text := range textsIn(t, "texts.txt") {
		want := Result{Tag: text.tag, Sure: true}
		if text.unsure {
			want = Result{Tag: "en"}
		}
		got := languageOf(text.words)
		got.Doubt = false // TestLanguage_Doubt
		if got != want {
			t.Errorf("%s: got %v, want %v: %s", text.tag, got, want, text.words)
		}
	}
}

func TestLanguage_Doubt(t *testing.T) {
	for words, want := range map[string]bool{
		"": false, "welded hulls": false, "Schweißer": true, "řez": true,
		"Responsible for the planning of campaigns and for the care of clients": false,
		strings.Repeat("qwv zzk xjq ", 8):                                       true,
	} {
		if got := languageOf(words); got.Doubt != want {
			t.Errorf("%q: %+v", words, got)
		}
	}
}

// English with names of people, works and companies in other languages, lists of
// products, and other languages with English terms.
func TestLanguage_Names(t *testing.T) {
	for _, text := range textsIn(t, "names.txt") {
		want := text.tag
		if text.unsure {
			want = "en"
		}
		if got := languageOf(text.words); got.Tag != want {
			t.Errorf("%s: got %v: %s", text.tag, got, text.words)
		}
	}
}

// A document of several texts has the language of the most of them, and several texts in
// one language are always enough.
func TestLanguage_LongTexts(t *testing.T) {
	byTag := map[string][]string{}
	for _, text := range textsIn(t, "texts.txt") {
		byTag[text.tag] = append(byTag[text.tag], text.words)
	}
	for tag, all := range byTag {
		if got := languageOf(strings.Join(all, " ")); len(all) > 1 && got != (Result{Tag: tag, Sure: true}) {
			t.Errorf("%s: got %v", tag, got)
		}
	}
}

func TestLanguage_TitlesCountWithoutProse(t *testing.T) {
	var s Sample
	s.AddTitle("Responsable de la gestion des projets et de la relation avec les clients")
	if got := s.Language(); got.Tag != "fr" {
		t.Errorf("titles alone: %v", got)
	}
	s.AddProse("Responsible for the care of twelve patients and for the training of new colleagues on the ward.")
	if got := s.Language(); got != (Result{Tag: "en", Sure: true}) {
		t.Errorf("with prose: %v", got)
	}
}

// Very short resumes have little but the names of jobs, with capitals as in a name.
func TestLanguage_JobTitles(t *testing.T) {
	for words, want := range map[string]Result{
		"Hilfskoch Koch":             {Tag: "de", Sure: true},
		"Kellner":                    {Tag: "en", Doubt: true},
		"Head Cook Baker":            {Tag: "en", Sure: true},
		"Camarero Jefe de Cocina":    {Tag: "es", Sure: true},
		"Kierownik magazynu":         {Tag: "pl", Sure: true},
		"Zgrubn Wralk Protz Knurmel": {Tag: "en", Doubt: true},
		"Bar":                        {Tag: "en"},
		"Docking Rolled Hulls Piers": {Tag: "en"},
	} {
		var s Sample
		s.AddTitle(words)
		if got := s.Language(); got != want {
			t.Errorf("%s: got %+v, want %+v", words, got, want)
		}
	}
}

func TestLanguage_Hostile(t *testing.T) {
	for _, words := range []string{"", " ", "\xff\xfe", strings.Repeat("a ", 100000), strings.Repeat("é", 100000), "\u0301\u0301 \u0301", strings.Repeat("the van der ", 10000)} {
		if got := languageOf(words); got.Tag == "" {
			t.Errorf("%.20q: no language", words)
		}
	}
}

func BenchmarkLanguage(b *testing.B) {
	long := map[string]string{}
	for _, text := range textsIn(b, "texts.txt") {
		long[text.tag] += text.words + " "
	}
	for name, words := range map[string]string{"short": "Reduje los tiempos de entrega en un cuarenta por ciento.", "en": long["en"], "fr": long["fr"], "cs": long["cs"]} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				languageOf(words)
			}
		})
	}
}
