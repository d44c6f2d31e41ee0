package main

import (
	"image"
	"image/color"
	"image/draw"
	"slices"
)

// sharpness is the factor by which pages are drawn larger than they are shown, which improves
// small letters.
const sharpness = 3

// shrunk returns the picture reduced by this factor.
func shrunk(img image.Image, times int) *image.RGBA {
	from := rgba(img)
	to := image.NewRGBA(image.Rect(0, 0, from.Rect.Dx()/times, from.Rect.Dy()/times))
	for y := range to.Rect.Dy() {
		for x := range to.Rect.Dx() {
			for part := range 4 {
				sum := 0
				for dy := range times {
					row := from.Pix[(y*times+dy)*from.Stride+x*times*4+part:]
					for dx := range times {
						sum += int(row[dx*4])
					}
				}
				to.Pix[y*to.Stride+x*4+part] = uint8(sum / (times * times))
			}
		}
	}
	return to
}

// paletted returns the picture with its 256 most frequent colors; other colors become the
// nearest of these. Pages have few colors, and the file is a third as large.
func paletted(img image.Image) *image.Paletted {
	from := rgba(img)
	var counts [1 << 12]int
	for i := 0; i < len(from.Pix); i += 4 {
		counts[coarse(from.Pix[i:])]++
	}
	var colours []int
	for c, n := range counts {
		if n > 0 {
			colours = append(colours, c)
		}
	}
	slices.SortStableFunc(colours, func(a, b int) int { return counts[b] - counts[a] })
	var palette color.Palette
	for _, c := range colours[:min(256, len(colours))] {
		palette = append(palette, full(c))
	}
	var index [1 << 12]uint8
	for _, c := range colours {
		index[c] = uint8(palette.Index(full(c)))
	}
	to := image.NewPaletted(from.Rect, palette)
	for i := range to.Pix {
		to.Pix[i] = index[coarse(from.Pix[4*i:])]
	}
	return to
}

// rgba returns the picture with four bytes per pixel, from 0, 0 and without gaps.
func rgba(img image.Image) *image.RGBA {
	to := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(to, to.Rect, img, img.Bounds().Min, draw.Src)
	return to
}

// coarse rounds each channel of a pixel to 16 steps; white and black do not change.
func coarse(pixel []uint8) int {
	step := func(v uint8) int { return (int(v)*15 + 127) / 255 }
	return step(pixel[0])<<8 | step(pixel[1])<<4 | step(pixel[2])
}

// full returns the color for a coarse one.
func full(c int) color.RGBA {
	return color.RGBA{uint8(c >> 8 * 17), uint8(c >> 4 & 15 * 17), uint8(c & 15 * 17), 255}
}
