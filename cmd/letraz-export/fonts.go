package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/render"
)

// checkFonts logs a warning for each package of fonts that is missing; if required is set, it
// returns an error instead. Without a font, text is shown in another face or as boxes.
func checkFonts(ctx context.Context, engine *chrome.Engine, required bool, log *slog.Logger) error {
	missing, err := render.MissingFonts(ctx, engine)
	if err != nil && !required && ctx.Err() == nil {
		log.Warn("font check failed", "error", err)
		return nil
	}
	if err != nil {
		return err
	}
	var errs []error
	for _, p := range missing {
		log.Warn("fonts are missing: text in these scripts is shown in other faces, or as boxes; install the package and start again",
			"package", p.Name, "families", p.Families, "scripts", p.Scripts)
		errs = append(errs, fmt.Errorf("fonts are missing: %s; install %s", strings.Join(p.Families, ", "), p.Name))
	}
	if required {
		return errors.Join(errs...)
	}
	return nil
}
