package langid

import (
	"slices"
	"strings"
	"sync"

	"github.com/abadojack/whatlanggo"
)

const (
	fewWords    = 3   // fewer words in lower case say nothing
	enoughWords = 12  // fewer words of prose are not enough where there are others
	manyWords   = 24  // so many words of English would have been recognised
	clearScore  = 3   // of frequent words, from which on they alone decide
	someScore   = 1.5 // of frequent words, from which on they say something
	clearFactor = 1.4 // by which the second language has to be behind
	sampleWords = 60  // of a long text, for the statistics
	likely      = 0.2 // the confidence from which on a language is likely if its words are found
	certain     = 0.8 // the confidence from which on a language is certain
)

var table = sync.OnceValue(newFrequentWords)

// latin returns the language of words in Latin script.
func latin(words []string) Result {
	if len(words) < fewWords {
		return Result{Tag: "en"}
	}
	f := table()
	scores := f.scores(words)
	first, second := best(scores)
	ahead := scores[first] >= clearFactor*scores[second]
	if scores[first] >= clearScore && ahead {
		return Result{Tag: f.tags[first], Sure: true}
	}
	f.addSpellings(scores, words)
	first, _ = best(scores)
	scores = f.withoutNeighbours(first, scores)
	_, second = best(scores)
	ahead = scores[first] >= clearFactor*scores[second]
	tag, confidence := statistics(words)
	i := f.nearest(slices.Index(f.tags, tag), scores)
	short := len(words) <= fewWords+1
	switch {
	case i < 0:
		return Result{Tag: "en"}
	case i == first && ahead && scores[first] >= someScore:
		// Words and statistics agree, however unsure these are among neighbours.
	case !short && confidence >= certain, short && confidence >= certain && i == first && scores[i] >= 1:
	case !short && confidence >= likely && scores[i] > 0 && clearFactor*scores[i] >= scores[first]:
	default:
		return Result{Tag: "en"}
	}
	return Result{Tag: f.tags[i], Sure: true}
}

// nearest returns the language that most words speak for in the family of language i,
// which may be -1 for none.
func (f *frequentWords) nearest(i int, scores []float64) int {
	for _, other := range f.family(i) {
		if scores[other] > scores[i] {
			i = other
		}
	}
	return i
}

// family returns the languages that are neighbours of language i.
func (f *frequentWords) family(i int) []int {
	var out []int
	if i < 0 {
		return nil
	}
	for _, family := range families {
		if slices.Contains(family, f.tags[i]) {
			for _, tag := range family {
				out = append(out, slices.Index(f.tags, tag))
			}
		}
	}
	return out
}

// withoutNeighbours returns the scores without those of the neighbours of language i that
// are lower, if only because of the words that it shares with them.
func (f *frequentWords) withoutNeighbours(i int, scores []float64) []float64 {
	out := slices.Clone(scores)
	for _, other := range f.family(i) {
		if scores[other] < scores[i] {
			out[other] = 0
		}
	}
	return out
}

// addSpellings adds to the scores what spellings say that neighbours do not share.
func (f *frequentWords) addSpellings(scores []float64, words []string) {
	for tag, spellings := range spellings {
		i := slices.Index(f.tags, tag)
		for _, word := range words[:min(len(words), 4*sampleWords)] {
			if slices.ContainsFunc(spellings, func(s string) bool { return strings.Contains(word, s) }) {
				scores[i] += letterWeight / 2
			}
		}
	}
}

// statistics returns the language that the sequences of letters in the words suggest,
// and with what confidence, 0 to 1.
func statistics(words []string) (tag string, confidence float64) {
	info := whatlanggo.DetectWithOptions(thinned(words), whatlanggo.Options{Whitelist: whitelist})
	return tags[info.Lang], info.Confidence
}

// thinned returns some of the words, spread over all of them.
func thinned(words []string) string {
	step := (len(words) + sampleWords - 1) / sampleWords
	var b strings.Builder
	for i := 0; i < len(words); i += step {
		b.WriteString(words[i])
		b.WriteByte(' ')
	}
	return b.String()
}

// devanagari returns the language of words in Devanagari, Hindi if in doubt.
func devanagari(words []string) Result {
	if len(words) == 0 {
		return Result{Tag: "hi", Sure: true}
	}
	info := whatlanggo.Detect(thinned(words))
	switch {
	case info.Lang == whatlanggo.Mar && info.Confidence >= certain:
		return Result{Tag: "mr", Sure: true}
	case info.Lang == whatlanggo.Nep && info.Confidence >= certain:
		return Result{Tag: "ne", Sure: true}
	}
	return Result{Tag: "hi", Sure: true}
}

// tags are the languages in Latin script that the statistics know, and that are told
// apart here.
var tags = map[whatlanggo.Lang]string{
	whatlanggo.Eng: "en", whatlanggo.Deu: "de", whatlanggo.Fra: "fr", whatlanggo.Spa: "es", whatlanggo.Por: "pt", whatlanggo.Ita: "it",
	whatlanggo.Nld: "nl", whatlanggo.Swe: "sv", whatlanggo.Nob: "nb", whatlanggo.Nno: "nn", whatlanggo.Dan: "da", whatlanggo.Fin: "fi", whatlanggo.Pol: "pl",
	whatlanggo.Ces: "cs", whatlanggo.Hun: "hu", whatlanggo.Ron: "ro", whatlanggo.Tur: "tr", whatlanggo.Ind: "id", whatlanggo.Hrv: "hr",
	whatlanggo.Slv: "sl", whatlanggo.Est: "et", whatlanggo.Lit: "lt",
}

var whitelist = func() map[whatlanggo.Lang]bool {
	list := map[whatlanggo.Lang]bool{}
	for lang := range tags {
		list[lang] = true
	}
	return list
}()
