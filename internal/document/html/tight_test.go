package html

import (
	"regexp"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document/corpus"
)

func TestWrite_Tight(t *testing.T) {
	t.Parallel()
	plain := render(t, corpus.Jane(), Options{})
	for _, same := range []Tight{{1, 1}, {}} {
		if render(t, corpus.Jane(), Options{Tight: same}) != plain {
			t.Errorf("%+v changes the page", same)
		}
	}
	tight := render(t, corpus.Jane(), Options{Tight: Tight{Space: .5, Leading: .9}})
	rule := " :root { --space: 0.5; --leading: 0.9; }"
	if strings.Replace(tight, rule, "", 1) != plain || strings.Index(tight, rule) < strings.Index(tight, ":root { --space: 1;") {
		t.Errorf("the page differs in other ways:\n%s", tight)
	}
	if half := render(t, corpus.Jane(), Options{Tight: Tight{Space: .5}}); !strings.Contains(half, " :root { --space: 0.5; --leading: 1; }") {
		t.Error("one factor without the other")
	}
}

// Else a fit has nothing to turn but the size.
func TestTemplates_UseSpaceAndLeading(t *testing.T) {
	t.Parallel()
	for _, tmpl := range Templates() {
		page := render(t, corpus.Jane(), Options{Template: tmpl.Name})
		for _, knob := range []string{"--space", "--leading"} {
			if n := len(regexp.MustCompile(`var\(`+knob+`[,)]`).FindAllString(page, -1)); n < 2 {
				t.Errorf("%s uses %s %d times", tmpl.Name, knob, n)
			}
			if n := len(regexp.MustCompile(knob+`: `).FindAllString(page, -1)); n != 1 {
				t.Errorf("%s: %s is set %d times", tmpl.Name, knob, n)
			}
		}
	}
}
