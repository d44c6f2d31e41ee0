package render

import (
	"slices"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// The set-up installs every font that MissingFonts looks for.
func TestMissingFonts(t *testing.T) {
	missing, err := MissingFonts(t.Context(), testenv.Engine(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range missing {
		t.Errorf("%v (%v) are missing: make setup-test installs %s", p.Families, p.Scripts, p.Name)
	}
	fonts, err := html.Fonts()
	if err != nil {
		t.Fatal(err)
	}
	unknown := html.Font{Families: []string{"No Such Family 7"}, Shows: "nothing", Sample: "A", Package: "fonts-none", Cask: "font-none"}
	list, err := missingFonts(t.Context(), testenv.Engine(t), append(slices.Clone(fonts), unknown))
	if err != nil || len(list) != 1 || list[0].Package != unknown.Package {
		t.Errorf("with a family that does not exist: %v, %v", list, err)
	}
}
