package render

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"math"
	"slices"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
)

// pictureDocument returns the document of which the browser takes a picture.
func pictureDocument(page []byte, o Options) (chrome.Document, error) {
	html, err := html.FirstPage(page, o.Paper)
	if err != nil {
		return chrome.Document{}, export.Fail(export.Internal, "rendering HTML: %w", err)
	}
	w, h := o.Paper.Size()
	return chrome.Document{HTML: html, Paper: chrome.Paper{Width: w, Height: h}, PictureWidth: o.Width}, nil
}

// screenshot is a picture as the browser wrote it.
type screenshot struct {
	data     []byte
	document chrome.Document
}

// takeScreenshot takes the picture. Its errors are those of PrintWith.
func (d Draft) takeScreenshot(ctx context.Context, p Printer) (screenshot, error) {
	data, err := p.Print(ctx, d.document)
	if err != nil {
		return screenshot{}, failure(ctx, err)
	}
	return screenshot{data: data, document: d.document}, nil
}

// artifact returns a with the finished picture.
func (s screenshot) artifact(a Artifact) (Artifact, error) {
	data, err := recompressed(s.data, s.document)
	if err != nil {
		return a, export.Fail(export.Internal, "checking the picture: %w", err)
	}
	a.Data = data
	return a, nil
}

// recompressed encodes a browser's picture again: in exactly the requested size, and
// smaller in bytes. The same pixels give the same bytes.
func recompressed(data []byte, d chrome.Document) ([]byte, error) {
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("reading the browser's picture: %w", err)
	}
	size := image.Rect(0, 0, d.PictureWidth, int(math.Round(float64(d.PictureWidth)*d.Paper.Height/d.Paper.Width)))
	// The browser may round a fraction of a pixel up or down.
	if dx, dy := img.Bounds().Dx()-size.Dx(), img.Bounds().Dy()-size.Dy(); max(dx, -dx, dy, -dy) > 1 {
		return nil, fmt.Errorf("the browser's picture is %d × %d pixels instead of %d × %d", img.Bounds().Dx(), img.Bounds().Dy(), size.Dx(), size.Dy())
	}
	sheet := image.NewRGBA(size)
	draw.Draw(sheet, size, image.White, image.Point{}, draw.Src)
	draw.Draw(sheet, size, img, img.Bounds().Min, draw.Over)
	var b bytes.Buffer
	// The best compression takes three times as long for a thirtieth of the size.
	if err := png.Encode(&b, paletted(sheet)); err != nil {
		return nil, fmt.Errorf("writing the picture: %w", err)
	}
	return b.Bytes(), nil
}

// maxStep bounds how much a color channel may change, plus one, for the picture to
// get a palette. The change is invisible. A page of text has some 800 colors, at the
// edges of letters; with 256 it takes a third of the space.
const maxStep = 8

// paletted returns the picture with a palette of 256 colors, if that is enough for its colors
// within maxStep.
func paletted(img *image.RGBA) image.Image {
	count := map[color.RGBA]int{}
	for from, to := 0, 0; from < len(img.Pix); from = to {
		c := pixel(img, from)
		for to = from + 4; to < len(img.Pix) && pixel(img, to) == c; to += 4 { // most pixels have the color of the previous one
		}
		count[c] += (to - from) / 4
	}
	for step := uint8(1); step <= maxStep; step++ {
		palette := reduced(count, step)
		if len(palette) > 256 {
			continue
		}
		out := image.NewPaletted(img.Rect, nil)
		index := map[color.RGBA]uint8{} // by cell
		for i, c := range palette {
			out.Palette = append(out.Palette, c)
			index[cellOf(c, step)] = uint8(i)
		}
		last, at := palette[0], index[cellOf(palette[0], step)]
		for i := range out.Pix {
			if c := pixel(img, 4*i); c != last {
				last, at = c, index[cellOf(c, step)]
			}
			out.Pix[i] = at
		}
		return out
	}
	return img
}

// pixel returns the color at an offset.
func pixel(img *image.RGBA, offset int) color.RGBA {
	p := img.Pix[offset : offset+3 : offset+3]
	return color.RGBA{p[0], p[1], p[2], 255}
}

// reduced returns the most frequent color of each cell, in a fixed order.
func reduced(count map[color.RGBA]int, step uint8) []color.RGBA {
	best := map[color.RGBA]color.RGBA{}
	for c, n := range count {
		k := cellOf(c, step)
		if other, ok := best[k]; !ok || n > count[other] || n == count[other] && before(c, other) {
			best[k] = c
		}
	}
	colors := slices.Collect(maps.Values(best))
	slices.SortFunc(colors, func(a, b color.RGBA) int {
		if before(a, b) {
			return -1
		}
		return 1
	})
	return colors
}

// cellOf returns the cell of a color: a cube with an edge of step.
func cellOf(c color.RGBA, step uint8) color.RGBA {
	return color.RGBA{c.R / step, c.G / step, c.B / step, 255}
}

// before defines an order of colors.
func before(a, b color.RGBA) bool {
	return cmp.Or(cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B)) < 0
}
