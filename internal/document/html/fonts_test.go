package html

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

func TestFonts(t *testing.T) {
	t.Parallel()
	fonts, err := Fonts()
	if err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile(`^(-|font[a-z0-9-]+)$`)
	seen := map[string]bool{}
	for _, f := range fonts {
		if seen[f.Families[0]] {
			t.Errorf("%s is there twice", f.Families[0])
		}
		seen[f.Families[0]] = true
		for _, text := range append([]string{f.Shows, f.Sample}, f.Families...) {
			if text == "" || strings.TrimSpace(text) != text {
				t.Errorf("%+v has %q", f, text)
			}
		}
		if !strings.HasPrefix(f.Package, "fonts-") || !name.MatchString(f.Cask) {
			t.Errorf("%s: package %q, cask %q", f.Families[0], f.Package, f.Cask)
		}
		if strings.ContainsFunc(f.Sample, unicode.IsSpace) {
			t.Errorf("%s: any face has the blanks of %q", f.Families[0], f.Sample)
		}
	}
}

// What a stylesheet names and nobody installs is not there on the machine that prints.
func TestFonts_CoverStylesheets(t *testing.T) {
	t.Parallel()
	fonts, err := Fonts()
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	for _, f := range fonts {
		known = append(known, f.Families...)
	}
	s, err := loadSkeleton()
	if err != nil {
		t.Fatal(err)
	}
	stack := regexp.MustCompile(`(?:font-family|--serif|--sans|--han-serif|--han-sans): ([^;}]*)`)
	family := regexp.MustCompile(`"([^"]*)"`)
	for template, css := range s.styles {
		found := 0
		for _, m := range stack.FindAllStringSubmatch(string(css), -1) {
			for _, f := range family.FindAllStringSubmatch(m[1], -1) {
				found++
				if !slices.Contains(known, f[1]) {
					t.Errorf("%s uses %q, which is not in fonts.txt", template, f[1])
				}
			}
		}
		if found < 20 {
			t.Errorf("%s: only %d faces were found", template, found)
		}
	}
}
