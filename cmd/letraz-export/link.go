package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/letrazapp/letraz-export/internal/terminal"
)

type linkCmd struct {
	IDs         []string `arg:"" name:"export-id" help:"Exports that are ready."`
	Inline      bool     `help:"Print links that show the file in the browser instead of saving it."`
	clientFlags `embed:""`
}

// Validate is called by kong.
func (l *linkCmd) Validate() error { return l.check() }

// Run prints a line for each export. It fails if one of them has no link.
func (l *linkCmd) Run(e *env) error {
	api, err := l.connect()
	if err != nil {
		return err
	}
	failed := 0
	for _, id := range l.IDs {
		a, err := api.Get(e.ctx, id)
		if err == nil && a.Status != "ready" {
			err = errors.New("is " + a.Status + "; only exports that are ready have a link")
		}
		if err == nil && strings.HasSuffix(a.DownloadURL, "/download") {
			err = errors.New("has no link: start the API with --link-keys")
		}
		if err != nil {
			failed++
			fmt.Fprintf(e.stderr, "%s: %s\n", terminal.Line(id), terminal.Line(err.Error()))
			continue
		}
		url, err := api.URL(a.DownloadURL)
		if err != nil {
			return err
		}
		if l.Inline {
			url += "?inline=true"
		}
		fmt.Fprintln(e.stdout, terminal.Line(url))
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d exports have no link", failed, len(l.IDs))
	}
	return nil
}
