package note

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestLimit(t *testing.T) {
	t.Parallel()
	numbered := func(n int, message string) []Note {
		list := make([]Note, n)
		for i := range list {
			list[i] = Note{Path: strings.Repeat("x", i+1), Code: NotShown, Message: message}
		}
		return list
	}
	for name, tc := range map[string]struct {
		lists [][]Note
		kept  int
		last  string
	}{
		"none":              {nil, 0, ""},
		"few":               {[][]Note{numbered(2, "a"), numbered(1, "b")}, 3, "b"},
		"the same twice":    {[][]Note{numbered(2, "a"), numbered(2, "a")}, 2, "a"},
		"as many as may be": {[][]Note{numbered(MaxKept-1, "a")}, MaxKept - 1, "a"},
		"too many":          {[][]Note{numbered(MaxKept, "a"), numbered(20, "b")}, MaxKept, "21 more notes are not listed"},
		"too long":          {[][]Note{numbered(50, strings.Repeat("ö", 1000))}, 17, "34 more notes are not listed"},
	} {
		got := Limit(tc.lists...)
		if len(got) != tc.kept || tc.kept > 0 && got[tc.kept-1].Message != tc.last {
			t.Errorf("%s: %d notes, the last %v", name, len(got), got[max(len(got)-1, 0):])
		}
	}
}

func TestLimit_Texts(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"NUL": "a\x00b", "not UTF-8": "a\xffb", "long": strings.Repeat("é", maxText), "longer": "x" + strings.Repeat("é", maxText)} {
		got := Limit([]Note{{Message: text}})[0].Message
		if !utf8.ValidString(got) || strings.Contains(got, "\x00") || len(got) > maxText+len("…") {
			t.Errorf("%s: %d bytes: %.20q", name, len(got), got)
		}
	}
}
