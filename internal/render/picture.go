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

// pictureDocument is the document of a picture of a page.
func pictureDocument(page []byte, o Options) (chrome.Document, error) {
	html, err := html.FirstPage(page, o.Paper)
	if err != nil {
		return chrome.Document{}, export.Fail(export.Internal, "rendering HTML: %w", err)
	}
	w, h := o.Paper.Size()
	return chrome.Document{HTML: html, Paper: chrome.Paper{Width: w, Height: h}, PictureWidth: o.Width}, nil
}

// shot is a picture as it came out of the browser.
type shot struct {
	data     []byte
	document chrome.Document
}

// takePicture has the picture taken. Its errors are those of Print.
func (d Draft) takePicture(ctx context.Context, p Printer) (shot, error) {
	data, err := p.Print(ctx, d.document)
	if err != nil {
		return shot{}, failure(ctx, err)
	}
	return shot{data: data, document: d.document}, nil
}

// finish makes the artifact.
func (s shot) finish(a Artifact) (Artifact, error) {
	data, err := recompressed(s.data, s.document)
	if err != nil {
		return a, export.Fail(export.Internal, "checking the picture: %w", err)
	}
	a.Data = data
	return a, nil
}

// recompressed writes a browser's picture anew: of the size asked for, to the pixel, and
// in little space. The same pixels give the same bytes.
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

// maxStep is how much a channel of a color may change at most, plus one, for the
// picture to fit a palette: nothing an eye can see. A page of text has some 800
// colors, the edges of its letters, and takes a third of the space with 256.
const maxStep = 8

// paletted is the picture with a palette, if that has room for all its colors.
func paletted(img *image.RGBA) image.Image {
	count := map[color.RGBA]int{}
	for from, to := 0, 0; from < len(img.Pix); from = to {
		c := pixel(img, from)
		for to = from + 4; to < len(img.Pix) && pixel(img, to) == c; to += 4 { // most pixels are like the last
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

// pixel is the color at an offset.
func pixel(img *image.RGBA, offset int) color.RGBA {
	p := img.Pix[offset : offset+3 : offset+3]
	return color.RGBA{p[0], p[1], p[2], 255}
}

// reduced is, of each cell of colors, the most frequent one, in a fixed order.
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

// cellOf is a cube of colors that is so many wide.
func cellOf(c color.RGBA, step uint8) color.RGBA {
	return color.RGBA{c.R / step, c.G / step, c.B / step, 255}
}

// before is a fixed order of colors.
func before(a, b color.RGBA) bool {
	return cmp.Or(cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B)) < 0
}
