package render

import (
	"context"
	"runtime"
	"slices"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/document/html"
)

// FontPackage is a package of fonts, of Debian or on macOS of Homebrew.
type FontPackage struct {
	Name     string
	Families []string
	Scripts  []string // what the fonts are used for
}

// MissingFonts asks the browser which fonts of the templates are not installed: those
// whose sample text it shows in other fonts.
func MissingFonts(ctx context.Context, engine *chrome.Engine) ([]FontPackage, error) {
	fonts, err := html.Fonts()
	if err != nil {
		return nil, err
	}
	missing, err := missingFonts(ctx, engine, fonts)
	return byPackage(missing), err
}

func missingFonts(ctx context.Context, engine *chrome.Engine, fonts []html.Font) ([]html.Font, error) {
	var samples []chrome.FontSample
	for _, f := range fonts {
		samples = append(samples, chrome.FontSample{Families: f.Families, Text: f.Sample})
	}
	shown, err := engine.Fonts(ctx, samples)
	if err != nil {
		return nil, err
	}
	var missing []html.Font
	for i, f := range fonts {
		other := func(family string) bool { return !slices.Contains(f.Families, family) }
		if len(shown[i]) == 0 || slices.ContainsFunc(shown[i], other) {
			missing = append(missing, f)
		}
	}
	return missing, nil
}

// byPackage groups fonts by the package of this system that has them.
func byPackage(fonts []html.Font) []FontPackage {
	var list []FontPackage
	for _, f := range fonts {
		name := f.Package
		if runtime.GOOS == "darwin" {
			name = f.Cask
		}
		i := slices.IndexFunc(list, func(p FontPackage) bool { return p.Name == name })
		if i < 0 {
			i = len(list)
			list = append(list, FontPackage{Name: name})
		}
		list[i].Families = append(list[i].Families, f.Families[0])
		list[i].Scripts = append(list[i].Scripts, f.Shows)
	}
	return list
}
