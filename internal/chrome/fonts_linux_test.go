package chrome

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestFontConfig uses a font configuration without the fonts of a script.
func TestFontConfig(t *testing.T) {
	t.Parallel()
	config := filepath.Join(tempDir(t), "fonts.conf")
	text := "<fontconfig><dir>/usr/share/fonts/truetype/vollkorn</dir></fontconfig>"
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	e := setup(t, func(o *Options) { o.FontConfig = config })
	shown, err := e.Fonts(t.Context(), []FontSample{{[]string{"Noto Serif CJK JP"}, "日"}, {[]string{"Vollkorn"}, "A"}})
	if err != nil {
		t.Fatal(err)
	}
	if slices.Contains(shown[0], "Noto Serif CJK JP") || !slices.Equal(shown[1], []string{"Vollkorn"}) {
		t.Errorf("the texts are shown in %q", shown)
	}
}
