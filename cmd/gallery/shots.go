package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/render"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// shot is one sample in one template.
type shot struct {
	Template, Sample string
	Pages            int    // set by take
	First            string // file with a small picture of the first page; set by take

	doc      []byte // JSON Resume
	allPages bool   // whether pictures of all pages are made
}

// printed is the date in the files, so that repeated runs give the same files.
var printed = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// take prints the shots and makes their pictures: DIR/TEMPLATE/SAMPLE.pdf, first pages of this
// width in DIR/first/, and, if all pages are wanted, SAMPLE-1.png and so on beside the file.
func take(ctx context.Context, browser render.Printer, list []*shot, dir string, width int) error {
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(runtime.GOMAXPROCS(0))
	for _, s := range list {
		work.Go(func() error {
			if err := s.take(ctx, browser, dir, width); err != nil {
				return fmt.Errorf("%s in %s: %w", s.Sample, s.Template, err)
			}
			return nil
		})
	}
	return work.Wait()
}

func (s *shot) take(ctx context.Context, browser render.Printer, dir string, width int) error {
	r, err := resume.ParseJSONResume(s.doc)
	if err != nil {
		return err
	}
	r.UpdatedAt = printed
	a, err := render.Render(ctx, browser, r, render.Options{Format: export.PDF, Template: s.Template, Paper: export.A4})
	if err != nil {
		return err
	}
	base := filepath.Join(dir, s.Template, s.Sample)
	first := filepath.Join(dir, "first", s.Template+"-"+s.Sample)
	for _, name := range []string{base, first} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return fmt.Errorf("making a directory: %w", err)
		}
	}
	if err := os.WriteFile(base+".pdf", a.Data, 0o644); err != nil {
		return fmt.Errorf("writing the file: %w", err)
	}
	s.Pages, s.First = a.Pages, first+".png"
	if err := toPNG(ctx, base+".pdf", first, "-singlefile", "-scale-to-x", fmt.Sprint(width*sharpness), "-scale-to-y", "-1"); err != nil {
		return err
	}
	page, err := readPNG(s.First)
	if err != nil {
		return err
	}
	if err := writePNG(s.First, shrunk(page, sharpness)); err != nil {
		return err
	}
	if s.allPages {
		return toPNG(ctx, base+".pdf", base, "-r", "80")
	}
	return nil
}

func readPNG(name string) (image.Image, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("reading a picture: %w", err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("reading the picture %s: %w", name, err)
	}
	return img, nil
}

func writePNG(name string, img image.Image) error {
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	if err := enc.Encode(&b, img); err != nil {
		return fmt.Errorf("writing the picture %s: %w", name, err)
	}
	if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("writing a picture: %w", err)
	}
	return nil
}

// toPNG makes pictures of a PDF's pages.
func toPNG(ctx context.Context, pdf, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, "pdftoppm", append(args, "-png", pdf, name)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	err := cmd.Run()
	if errors.Is(err, exec.ErrNotFound) {
		return errors.New("pdftoppm is missing: install the package poppler-utils (make gallery does)")
	}
	if err != nil {
		return fmt.Errorf("making pictures of %s: %w\n%s", pdf, err, stderr.String())
	}
	return nil
}
