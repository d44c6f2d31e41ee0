package chrome

import (
	"slices"
	"testing"
)

func TestFonts(t *testing.T) {
	t.Parallel()
	e := setup(t, nil)
	shown, err := e.Fonts(t.Context(), []FontSample{
		{[]string{"Vollkorn"}, "Aaß"},
		{[]string{"Vollkorn", "Noto Serif CJK JP"}, "A日"},
		{[]string{"No Such Family 7"}, "A"},
		{[]string{`'">\<b>`}, "<b>&amp;"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"Vollkorn"}; !slices.Equal(shown[0], want) {
		t.Errorf("Latin is shown in %q, want %q", shown[0], want)
	}
	slices.Sort(shown[1])
	if want := []string{"Noto Serif CJK JP", "Vollkorn"}; !slices.Equal(shown[1], want) {
		t.Errorf("both scripts are shown in %q, want %q", shown[1], want)
	}
	for i, families := range shown[2:] {
		if len(families) != 1 {
			t.Errorf("sample %d is shown in %q", 2+i, families)
		}
	}
	if pdf, err := e.Print(t.Context(), Document{HTML: []byte("<p>Afterwards")}); err != nil || !completePDF(pdf) {
		t.Errorf("printing afterwards: %v", err)
	}
}
