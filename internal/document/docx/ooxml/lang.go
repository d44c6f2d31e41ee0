package ooxml

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/bidi"
)

// localTag is a language in the terms of Word, which has three for a run: for
// Latin, East Asian and complex scripts.
type localTag struct {
	tag    string // language and region, such as "de-DE"
	script string // ISO 15924
	han    string // the regional forms of Han characters: "ja", "ko", "zh-Hant", or "" for simplified Chinese
	class  class
}

// class is a class of scripts, by which Word chooses fonts and directions.
type class int8

const (
	neutral   class = iota // digits, punctuation, pictures: like the text around them
	latin                  // and every other left-to-right script
	eastAsian              //
	complexLR              // Indic scripts, Thai, …
	rightLeft              // Arabic, Hebrew, …
)

func tagOf(name string) localTag {
	tag, err := language.Parse(name)
	base, sure := tag.Base()
	if err != nil || sure == language.No {
		tag = language.AmericanEnglish
		base, _ = tag.Base()
	}
	script, _ := tag.Script()
	region, _ := tag.Region()
	t := localTag{tag: base.String() + "-" + region.String(), script: script.String(), class: latin}
	if _, stated, _ := tag.Raw(); stated == script && base.String() != "zh" {
		t.tag = base.String() + "-" + script.String() + "-" + region.String()
	}
	switch t.script {
	case "Jpan", "Hira", "Kana":
		t.class, t.han = eastAsian, "ja"
	case "Kore", "Hang":
		t.class, t.han = eastAsian, "ko"
	case "Hans":
		t.class = eastAsian
	case "Hant":
		t.class, t.han = eastAsian, "zh-Hant"
	case "Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg":
		t.class = rightLeft
	default:
		for _, c := range complexScripts {
			if c.name == t.script {
				t.class = complexLR
			}
		}
	}
	return t
}

// complexScripts are the left-to-right scripts for which Word uses its fonts for
// complex scripts, with one language each.
var complexScripts = []struct {
	name  string
	table *unicode.RangeTable
	lang  string
}{
	{"Deva", unicode.Devanagari, "hi-IN"}, {"Thai", unicode.Thai, "th-TH"}, {"Beng", unicode.Bengali, "bn-IN"},
	{"Taml", unicode.Tamil, "ta-IN"}, {"Telu", unicode.Telugu, "te-IN"}, {"Gujr", unicode.Gujarati, "gu-IN"},
	{"Guru", unicode.Gurmukhi, "pa-IN"}, {"Knda", unicode.Kannada, "kn-IN"}, {"Mlym", unicode.Malayalam, "ml-IN"},
	{"Orya", unicode.Oriya, "or-IN"}, {"Sinh", unicode.Sinhala, "si-LK"}, {"Khmr", unicode.Khmer, "km-KH"},
	{"Laoo", unicode.Lao, "lo-LA"}, {"Mymr", unicode.Myanmar, "my-MM"}, {"Tibt", unicode.Tibetan, "bo-CN"},
}

// classOf returns the class of a character's script.
func classOf(r rune) class {
	if r < 0x80 { // most
		if r|0x20 >= 'a' && r|0x20 <= 'z' {
			return latin
		}
		return neutral
	}
	switch {
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo),
		r >= 0x3000 && r <= 0x303f, r >= 0xff00 && r <= 0xffef:
		return eastAsian
	case r >= 0x0590 && r <= 0x08ff, r >= 0xfb1d && r <= 0xfdff, r >= 0xfe70 && r <= 0xfeff, r >= 0x10800 && r <= 0x10fff, r >= 0x1e800 && r <= 0x1efff:
		if p, _ := bidi.LookupRune(r); p.Class() == bidi.R || p.Class() == bidi.AL {
			return rightLeft
		}
		return neutral
	case !unicode.IsLetter(r):
		return neutral
	}
	for _, c := range complexScripts {
		if unicode.Is(c.table, r) {
			return complexLR
		}
	}
	return latin
}

// languageOf returns a language that uses the script of the text's first letter, or ""
// if the document's language does.
func (t localTag) languageOf(text string, c class) string {
	for _, r := range text {
		if classOf(r) != c {
			continue
		}
		name, script := "", ""
		switch {
		case unicode.Is(unicode.Hangul, r):
			name, script = "ko-KR", "Kore"
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			name, script = "ja-JP", "Jpan"
		case unicode.Is(unicode.Han, r):
			if t.class == eastAsian {
				return ""
			}
			name = "zh-CN"
		case unicode.Is(unicode.Arabic, r):
			name, script = "ar-SA", "Arab"
		case unicode.Is(unicode.Hebrew, r):
			name, script = "he-IL", "Hebr"
		case unicode.Is(unicode.Greek, r):
			name, script = "el-GR", "Grek"
		case unicode.Is(unicode.Cyrillic, r):
			name, script = "ru-RU", "Cyrl"
		case c == complexLR:
			for _, s := range complexScripts {
				if unicode.Is(s.table, r) {
					name, script = s.lang, s.name
				}
			}
		case unicode.Is(unicode.Latin, r):
			// Many languages use it: take the document's, or the one it gives for Latin.
			return ""
		}
		if script == t.script {
			return ""
		}
		return name
	}
	return ""
}

// span is a piece of text of one class.
type span struct {
	text  string
	class class
}

// spans divides a text by class. Digits take the class of the letters before them;
// neutral text between two letters of the same class takes that class, and otherwise
// the base. This is the result of the Unicode bidirectional algorithm if the direction
// of each run is given.
func spans(text string, base class) []span {
	var out []span
	done := 0 // the text is divided up to here
	add := func(end int, c class) {
		switch n := len(out); {
		case end == done:
		case n > 0 && out[n-1].class == c:
			out[n-1].text = text[done-len(out[n-1].text) : end]
		default:
			out = append(out, span{text[done:end], c})
		}
		done = end
	}
	last := base
	for i, r := range text {
		end := i + utf8.RuneLen(r)
		c := classOf(r)
		switch {
		case c != neutral:
		case done == i && (unicode.IsMark(r) || unicode.IsDigit(r) && last != base):
			c = last // a mark, or a number directly after letters, has their class
		case unicode.IsDigit(r) && last == latin:
			c = latin
		default:
			continue // decided by what follows
		}
		if c != last {
			add(i, base)
		}
		add(end, c)
		last = c
	}
	add(len(text), base)
	return out
}

// FirstStrong returns the direction of a text's first letter, as dir="auto"
// does in HTML; ok is false for a text without letters.
func FirstStrong(text string) (rtl, ok bool) {
	for _, r := range text {
		if c := classOf(r); c != neutral {
			return c == rightLeft, true
		}
	}
	return false, false
}
