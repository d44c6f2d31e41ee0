package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/preview"
	"github.com/letrazapp/letraz-export/internal/render"
)

// previews makes the picture of every template that the API serves, and records what they
// were made from.
func previews(ctx context.Context, browser *chrome.Engine, dir string, stdout io.Writer) error {
	r, err := preview.Sample()
	if err != nil {
		return err
	}
	var inputs strings.Builder
	for _, t := range html.Templates() {
		made, err := render.Render(ctx, browser, r, render.Options{Format: export.PNG, Template: t.Name, Paper: export.A4, Options: export.Options{Width: preview.Width}})
		if err != nil {
			return err
		}
		name := filepath.Join(dir, t.Name+".png")
		if err := os.WriteFile(name, made.Data, 0o644); err != nil {
			return fmt.Errorf("writing a picture: %w", err)
		}
		if img, err := readPNG(name); err != nil {
			return err
		} else if err := writePNG(name, paletted(img)); err != nil {
			return err
		}
		digest, err := preview.Inputs(t.Name)
		if err != nil {
			return err
		}
		fmt.Fprintf(&inputs, "%s  %s\n", digest, t.Name)
	}
	if err := os.WriteFile(filepath.Join(dir, "inputs.txt"), []byte(inputs.String()), 0o644); err != nil {
		return fmt.Errorf("recording what the pictures are made from: %w", err)
	}
	fmt.Fprintf(stdout, "%d pictures in %s\n", len(html.Templates()), dir)
	return nil
}
