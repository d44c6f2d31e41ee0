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

// fitPortrait returns a picture that is upright and has no more pixels than are
// printed, and its kind. A picture that needs no change is returned without metadata.
// ok is false for one that cannot be decoded.
func fitPortrait(kind string, data []byte, width, height int) (newKind string, newData []byte, ok bool) {
	turned := 1
	if kind == "jpeg" {
		turned = orientation(data)
	}
	w, h := float64(width), float64(height)
	if turned >= 5 {
		w, h = h, w
	}
	// Both edges stay long enough to fill the frame.
	scale := min(1, max(portraitWidth/w, portraitHeight/h))
	decoding.Lock()
	defer decoding.Unlock()
	picture, _, err := image.Decode(bytes.NewReader(data))
	// Word ignores the orientation that Exif states, browsers do not.
	if scale == 1 && turned == 1 && (kind != "png" || len(data) <= largePNG) {
		if kind == "jpeg" {
			data = withoutNotes(data)
		}
		_, rare := errors.AsType[jpeg.UnsupportedError](err) // browsers know more kinds of JPEG
		return kind, data, err == nil || rare
	}
	if err != nil {
		return kind, data, false
	}
	small := turn(shrink(picture, scale), turned)
	var out bytes.Buffer
	if small.Opaque() {
		kind, err = "jpeg", jpeg.Encode(&out, small, &jpeg.Options{Quality: jpegQuality})
	} else {
		kind, err = "png", png.Encode(&out, small)
	}
	return kind, out.Bytes(), err == nil
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
