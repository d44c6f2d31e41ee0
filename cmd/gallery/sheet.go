package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"strings"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/render"
)

//go:embed sheet.gohtml
var sheetHTML string

// sheetOptions determine how pictures are arranged.
type sheetOptions struct {
	columns int
	width   int  // of a picture, in pixels
	rows    bool // a row for each template, with its name at the left; otherwise each picture has a label
}

// cell is a picture with its label.
type cell struct {
	*shot
	Picture string // PNG in base64
}

// sheet arranges the shots in rows on one picture. The browser lays it out, because it draws
// text better than Go's packages.
func sheet(ctx context.Context, browser render.Printer, list []*shot, o sheetOptions, name string) error {
	const gap, label, margin = 16, 22, 24
	height := o.width*297/210 + 1
	rows := (len(list) + o.columns - 1) / o.columns
	page := struct {
		Columns, Width, Height, Gap, Label, Margin int
		SheetWidth, SheetHeight                    int
		Rows                                       bool
		Cells                                      []cell
	}{Columns: o.columns, Width: o.width, Height: height, Gap: gap, Label: label, Margin: margin, Rows: o.rows}
	page.SheetWidth = 2*margin + o.columns*(o.width+gap) - gap
	page.SheetHeight = 2*margin + rows*(label+height+gap) - gap
	for _, s := range list {
		data, err := os.ReadFile(s.First)
		if err != nil {
			return fmt.Errorf("reading a picture: %w", err)
		}
		page.Cells = append(page.Cells, cell{s, base64.StdEncoding.EncodeToString(data)})
	}
	tmpl, err := template.New("sheet").Parse(sheetHTML)
	if err != nil {
		return fmt.Errorf("parsing the sheet's HTML: %w", err)
	}
	var b bytes.Buffer
	if err := tmpl.Execute(&b, page); err != nil {
		return fmt.Errorf("filling in the sheet's HTML: %w", err)
	}
	pdf, err := browser.Print(ctx, chrome.Document{
		HTML:  b.Bytes(),
		Paper: chrome.Paper{Width: float64(page.SheetWidth) / 96, Height: float64(page.SheetHeight) / 96},
	})
	if err != nil {
		return fmt.Errorf("printing the sheet: %w", err)
	}
	return picture(ctx, pdf, name)
}

// picture converts the sheet's PDF to a PNG.
func picture(ctx context.Context, pdf []byte, name string) error {
	dir, err := os.MkdirTemp("", "gallery")
	if err != nil {
		return fmt.Errorf("making a place for the sheet: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "sheet.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		return fmt.Errorf("writing the sheet: %w", err)
	}
	if err := toPNG(ctx, file, strings.TrimSuffix(file, ".pdf"), "-singlefile", "-r", "96"); err != nil {
		return err
	}
	img, err := readPNG(filepath.Join(dir, "sheet.png"))
	if err != nil {
		return err
	}
	return writePNG(name, paletted(img))
}
