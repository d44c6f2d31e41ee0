package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/theme"
)

// checkFonts asks the browser whether the fonts of the templates are there, and
// warns of each package that is missing: text would be shown in another face, or
// as boxes, and nobody would know before somebody's resume looks wrong. When fonts
// are required a missing one is an error.
func checkFonts(ctx context.Context, engine *chrome.Engine, required bool, log *slog.Logger) error {
	fonts, err := theme.Fonts()
	if err != nil {
		return err
	}
	missing, err := missingFonts(ctx, engine, fonts)
	if err != nil && !required && ctx.Err() == nil {
		log.Warn("whether fonts are missing is not known", "error", err)
		return nil
	}
	if err != nil {
		return err
	}
	var errs []error
	for _, p := range byPackage(missing) {
		log.Warn("fonts are missing: text in these scripts is shown in other faces, or as boxes; install the package and start again",
			"package", p.name, "families", p.families, "scripts", p.scripts)
		errs = append(errs, fmt.Errorf("fonts are missing: %s; install %s", strings.Join(p.families, ", "), p.name))
	}
	if required {
		return errors.Join(errs...)
	}
	return nil
}

// missingFonts are those of the fonts whose sample the browser shows in others.
func missingFonts(ctx context.Context, engine *chrome.Engine, fonts []theme.Font) ([]theme.Font, error) {
	var samples []chrome.FontSample
	for _, f := range fonts {
		samples = append(samples, chrome.FontSample{Families: f.Families, Text: f.Sample})
	}
	shown, err := engine.Fonts(ctx, samples)
	if err != nil {
		return nil, err
	}
	var missing []theme.Font
	for i, f := range fonts {
		other := func(family string) bool { return !slices.Contains(f.Families, family) }
		if len(shown[i]) == 0 || slices.ContainsFunc(shown[i], other) {
			missing = append(missing, f)
		}
	}
	return missing, nil
}

// fontPackage is what an operator has to install, and what for.
type fontPackage struct {
	name     string
	families []string
	scripts  []string
}

// byPackage groups fonts by the package of this system that has them.
func byPackage(fonts []theme.Font) []fontPackage {
	var list []fontPackage
	for _, f := range fonts {
		name := f.Package
		if runtime.GOOS == "darwin" {
			name = f.Cask
		}
		i := slices.IndexFunc(list, func(p fontPackage) bool { return p.name == name })
		if i < 0 {
			i = len(list)
			list = append(list, fontPackage{name: name})
		}
		list[i].families = append(list[i].families, f.Families[0])
		list[i].scripts = append(list[i].scripts, f.Shows)
	}
	return list
}
