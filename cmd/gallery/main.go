// Command gallery shows what the templates look like. It prints the samples in every template,
// makes a picture of every page, and puts the first pages on one sheet. make gallery runs it,
// and make picture for the README's picture. It converts pages to pictures with pdftoppm
// (poppler-utils).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/samples"
)

// shown are the samples in the README's picture: a long one, one with a portrait, one written
// from right to left, and one in Chinese characters.
var shown = []string{"senior-engineer", "designer", "arabic", "japanese"}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// options are the flags.
type options struct {
	out      string
	picture  string
	previews string
	template string
	chrome   chrome.Options
}

func run(args []string, stdout, stderr io.Writer) int {
	var o options
	flags := flag.NewFlagSet("gallery", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.out, "out", "out/gallery", "directory for the files, the pictures of their pages and the sheet")
	flags.StringVar(&o.picture, "picture", "", "make only this PNG: a few samples, a row for each template")
	flags.StringVar(&o.previews, "previews", "", "make only the pictures of templates that the API serves, in this directory")
	flags.StringVar(&o.template, "template", "", "show only this template (default: all)")
	flags.StringVar(&o.chrome.Binary, "chrome", "", "browser program (default: the one that is installed)")
	flags.BoolVar(&o.chrome.NoSandbox, "no-sandbox", false, "turn Chrome's own sandbox off")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := gallery(ctx, o, stdout); err != nil {
		fmt.Fprintln(stderr, "gallery:", err)
		return 1
	}
	return 0
}

// gallery makes the pictures and prints where they are.
func gallery(ctx context.Context, o options, stdout io.Writer) (err error) {
	templates := html.Templates()
	if o.template != "" {
		only, ok := html.Lookup(o.template)
		if !ok {
			return fmt.Errorf("there is no template %q", o.template)
		}
		templates = []html.Template{only}
	}
	o.chrome.NoStandby = true
	browser, err := chrome.Start(ctx, o.chrome)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, browser.Close()) }()
	if o.previews != "" {
		return previews(ctx, browser, o.previews, stdout)
	}
	if o.picture != "" {
		return readmePicture(ctx, browser, templates, o.picture, stdout)
	}
	return fullGallery(ctx, browser, templates, o.out, stdout)
}

// fullGallery shows every sample, with all templates side by side.
func fullGallery(ctx context.Context, browser *chrome.Engine, templates []html.Template, dir string, stdout io.Writer) error {
	all, err := samples.All()
	if err != nil {
		return err
	}
	var list []*shot
	for _, t := range templates {
		// Remove the pages of an earlier run.
		if err := os.RemoveAll(filepath.Join(dir, t.Name)); err != nil {
			return fmt.Errorf("clearing %s: %w", dir, err)
		}
	}
	for _, s := range all {
		for _, t := range templates {
			list = append(list, &shot{Template: t.Name, Sample: s.Slug, doc: s.JSON, allPages: true})
		}
	}
	if err := take(ctx, browser, list, dir, 320); err != nil {
		return err
	}
	name := dir + "/sheet.png"
	// The number of samples per row makes the sheet somewhat wider than high.
	abreast := max(1, int(math.Round(math.Sqrt(2*float64(len(all))/float64(len(templates))))))
	if err := sheet(ctx, browser, list, sheetOptions{columns: abreast * len(templates), width: 320}, name); err != nil {
		return err
	}
	pages := 0
	for _, s := range list {
		pages += s.Pages
	}
	fmt.Fprintf(stdout, "%d samples in %d templates, %d pages in %s/TEMPLATE/; all first pages: %s\n",
		len(all), len(templates), pages, dir, name)
	return nil
}

// readmePicture shows some samples, with a row for each template, small enough for a README.
func readmePicture(ctx context.Context, browser *chrome.Engine, templates []html.Template, name string, stdout io.Writer) error {
	dir, err := os.MkdirTemp("", "gallery")
	if err != nil {
		return fmt.Errorf("making a place for the pages: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // in the system's temporary directory, which is cleared anyway
	var list []*shot
	var names []string
	for _, t := range templates {
		names = append(names, t.Name)
		for _, slug := range shown {
			s, err := samples.Get(slug)
			if err != nil {
				return err
			}
			list = append(list, &shot{Template: t.Name, Sample: slug, doc: s.JSON})
		}
	}
	if err := take(ctx, browser, list, dir, 360); err != nil {
		return err
	}
	if err := sheet(ctx, browser, list, sheetOptions{columns: len(shown), width: 360, rows: true}, name); err != nil {
		return err
	}
	stat, err := os.Stat(name)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s: %d bytes; %s in %s\n", name, stat.Size(), strings.Join(shown, ", "), strings.Join(names, ", "))
	return nil
}
