package portrait

import (
	"bytes"
	"errors"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"sync"
)

// The size of a portrait in pixels: 35 × 45 mm, larger than in any template, at 300
// dots per inch. Cameras give ten times that along an edge.
const (
	portraitWidth  = 35 * 300 / 25.4
	portraitHeight = 45 * 300 / 25.4
)

const (
	jpegQuality = 88
	// largePNG is the size from which on an opaque PNG becomes a JPEG. A PDF contains a
	// JPEG as it is, but a PNG pixel by pixel. Smaller PNGs are usually drawings.
	largePNG = 48 << 10
)

// decoding lets one picture be decoded at a time: one takes up to maxDecoded.
var decoding sync.Mutex

// fit returns the picture upright, with no more pixels than are printed, as a PNG or
// JPEG. One that needs no change is returned without metadata. ok is false for one that
// cannot be decoded. ink means that its colors are those of printers, which not all
// viewers show.
func (f format) fit(data []byte, width, height int, ink bool) (p Picture, ok bool) {
	turned := 1
	switch f.name {
	case jpegName:
		turned = orientation(data)
	case tiffName:
		turned = tiffOrientation(data)
	}
	w, h := float64(width), float64(height)
	if turned >= 5 && turned <= 8 {
		w, h = h, w
	}
	// Both edges stay long enough to fill the frame.
	scale := min(1, max(portraitWidth/w, portraitHeight/h))
	decoding.Lock()
	defer decoding.Unlock()
	picture, err := f.decode(bytes.NewReader(data))
	// Word ignores the orientation that Exif states, browsers do not.
	if scale == 1 && turned == 1 {
		_, rare := errors.AsType[jpeg.UnsupportedError](err) // browsers know more kinds of JPEG
		switch {
		case f.name == jpegName && (!ink || rare):
			return Picture{"jpeg", withoutNotes(data), width, height}, err == nil || rare
		case f.name == pngName && len(data) <= largePNG:
			return Picture{"png", data, width, height}, err == nil
		}
	}
	if err != nil {
		return Picture{}, false
	}
	return f.encode(turn(shrink(picture, scale), turned))
}

// encode returns a picture as a JPEG; as a PNG if it has transparent parts, or is a
// drawing.
func (f format) encode(small *image.RGBA) (p Picture, ok bool) {
	var out bytes.Buffer
	opaque := small.Opaque()
	if drawing := f.name == "GIF" || f.name == "BMP"; !opaque || drawing {
		if err := png.Encode(&out, small); err != nil {
			return Picture{}, false
		}
		if !opaque || out.Len() <= largePNG {
			return Picture{"png", out.Bytes(), small.Rect.Dx(), small.Rect.Dy()}, true
		}
		out.Reset()
	}
	err := jpeg.Encode(&out, small, &jpeg.Options{Quality: jpegQuality})
	return Picture{"jpeg", out.Bytes(), small.Rect.Dx(), small.Rect.Dy()}, err == nil
}

// shrink averages the pixels that become one, row by row, to hold only the picture
// and a row in memory.
func shrink(src image.Image, scale float64) *image.RGBA {
	b := src.Bounds()
	w, h := max(1, int(math.Round(float64(b.Dx())*scale))), max(1, int(math.Round(float64(b.Dy())*scale)))
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	row := image.NewRGBA(image.Rect(0, 0, b.Dx(), 1))
	columns, rows := spread(b.Dx(), w), spread(b.Dy(), h)
	sums := make([]float32, 4*w)
	for y := range h {
		clear(sums)
		for _, r := range rows[y] {
			draw.Draw(row, row.Rect, src, image.Pt(b.Min.X, b.Min.Y+r.from), draw.Src)
			for x := range w {
				sum := sums[4*x : 4*x+4]
				for _, c := range columns[x] {
					weight, pixel := r.weight*c.weight, row.Pix[4*c.from:4*c.from+4]
					sum[0] += weight * float32(pixel[0])
					sum[1] += weight * float32(pixel[1])
					sum[2] += weight * float32(pixel[2])
					sum[3] += weight * float32(pixel[3])
				}
			}
		}
		for i, sum := range sums {
			dst.Pix[y*dst.Stride+i] = uint8(min(255, sum+.5))
		}
	}
	return dst
}

// part is the share of an old pixel in a new one, along one edge.
type part struct {
	from   int
	weight float32
}

// spread returns the parts of each of n pixels that an edge of old pixels is reduced
// to.
func spread(old, n int) [][]part {
	parts := make([][]part, n)
	per := float64(old) / float64(n)
	for i := range parts {
		from, to := float64(i)*per, float64(i+1)*per
		for j := int(from); j < old && float64(j) < to; j++ {
			if w := min(to, float64(j+1)) - max(from, float64(j)); w > 1e-6 {
				parts[i] = append(parts[i], part{j, float32(w / per)})
			}
		}
	}
	return parts
}

// turn rotates and flips a picture from one of Exif's orientations. 1 is upright; from
// 5 on width and height are swapped.
func turn(src *image.RGBA, orientation int) *image.RGBA {
	if orientation <= 1 || orientation > 8 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	dst := image.NewRGBA(size)
	for y := range size.Dy() {
		for x := range size.Dx() {
			sx, sy := x, y
			if orientation >= 5 {
				sx, sy = y, x
			}
			if orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8 {
				sx = w - 1 - sx
			}
			if orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7 {
				sy = h - 1 - sy
			}
			dst.SetRGBA(x, y, src.RGBAAt(sx, sy))
		}
	}
	return dst
}
