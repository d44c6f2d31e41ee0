package render

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"slices"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
)

// A look is one page as squares of blockSize pixels at lookDPI, 2.8 mm wide: the
// brightness of each square and its red and blue components. Text has almost no colour,
// so the colour of a rule is visible there whatever text surrounds it.
type look struct {
	width, height int // in squares
	planes        [3][]uint8
}

const (
	lookDPI   = 36
	blockSize = 4
	neutral   = 128 // of the planes of colour
)

var planeNames = [3]string{"brightness", "redness", "blueness"}

// tolerances are the largest differences of two looks of the same page, in 255ths: on
// average over the page, and in the worst square.
//
// On the machine that made the golden files there is no difference. The tolerances
// permit another version of poppler that smooths slightly differently, or of a browser
// that positions glyphs a few hundredths of a pixel differently: another way to draw
// thin lines (pdftoppm -thinlinemode) changes brightness by 0.5 and 32. They do not
// permit visible changes: a margin 1 mm wider gives 2.0 and 70, a missing line 55 at its
// position, a hairline of another tint 5 in the colours
// (TestGoldenFiles_NoticeSmallChange). A program that draws all glyphs differently
// (mutool) differs by 3 to 5 on average and cannot be used.
var tolerances = [3]struct{ mean, most float64 }{{0.6, 32}, {0.1, 3}, {0.1, 3}}

// brightnessStep is the unit that brightness is rounded to, which halves the file size.
const brightnessStep = 8

// looksOf returns the look of every page of a PDF.
func looksOf(t *testing.T, path string) []look {
	t.Helper()
	var looks []look
	rest := []byte(tool(t, "pdftoppm", "-r", fmt.Sprint(lookDPI), path))
	for len(rest) > 0 {
		var width, height int
		if _, err := fmt.Sscanf(string(rest[:min(len(rest), 40)]), "P6\n%d %d\n255\n", &width, &height); err != nil {
			t.Fatalf("reading what pdftoppm drew of %s: %v", path, err)
		}
		head := len(fmt.Sprintf("P6\n%d %d\n255\n", width, height))
		if len(rest) < head+3*width*height {
			t.Fatalf("what pdftoppm drew of %s is cut off", path)
		}
		looks = append(looks, newLook(rest[head:head+3*width*height], width, height))
		rest = rest[head+3*width*height:]
	}
	return looks
}

// newLook averages the squares of a picture with three bytes per pixel.
func newLook(pixels []byte, width, height int) look {
	l := emptyLook((width+blockSize-1)/blockSize, (height+blockSize-1)/blockSize)
	for y := range l.height {
		for x := range l.width {
			var sum [3]int
			n := 0
			for py := y * blockSize; py < min(height, (y+1)*blockSize); py++ {
				for px := x * blockSize; px < min(width, (x+1)*blockSize); px++ {
					for c := range sum {
						sum[c] += int(pixels[3*(py*width+px)+c])
					}
					n++
				}
			}
			bright := (299*sum[0] + 587*sum[1] + 114*sum[2]) / (1000 * n)
			at := y*l.width + x
			l.planes[0][at] = uint8(min(255, (bright+brightnessStep/2)/brightnessStep*brightnessStep))
			l.planes[1][at] = leaning(sum[0]/n - bright)
			l.planes[2][at] = leaning(sum[2]/n - bright)
		}
	}
	return l
}

// leaning encodes a difference for a plane; 0 becomes the middle value.
func leaning(d int) uint8 { return uint8(max(0, min(255, neutral+d))) }

func emptyLook(width, height int) look {
	l := look{width: width, height: height}
	for p := range l.planes {
		l.planes[p] = make([]uint8, width*height)
	}
	return l
}

// brightness returns the brightness of a square; squares outside of the page are dark.
func (l look) brightness(x, y int) uint8 {
	if x >= l.width || y >= l.height {
		return 0
	}
	return l.planes[0][y*l.width+x]
}

// differences describes where two looks of a page differ by more than the tolerances.
func (l look) differences(want look) []string {
	if l.width != want.width || l.height != want.height {
		return []string{fmt.Sprintf("it has %d × %d squares instead of %d × %d", l.width, l.height, want.width, want.height)}
	}
	var found []string
	for p, allowed := range tolerances {
		var sum, most float64
		at := 0
		for i := range l.planes[p] {
			d := float64(l.planes[p][i]) - float64(want.planes[p][i])
			d = max(d, -d)
			sum += d
			if d > most {
				most, at = d, i
			}
		}
		mean := sum / float64(len(l.planes[p]))
		if mean > allowed.mean || most > allowed.most {
			const mm = blockSize * 25.4 / lookDPI
			found = append(found, fmt.Sprintf("its %s differs by %.2f on average (%.2f are allowed) and by %.0f at most (%.0f), %.0f mm from the left and %.0f mm from the top",
				planeNames[p], mean, allowed.mean, most, allowed.most, mm*float64(at%l.width), mm*float64(at/l.width)))
		}
	}
	return found
}

// A sheet is a sample in a template: for each paper three rows of small
// pictures, one for each plane, and in them a column for each page.
type sheet map[export.Paper][]look

// cell returns the size of the area of a picture in the file: the larger width and height of
// the papers.
func cell() image.Point {
	var p image.Point
	for _, paper := range export.Papers() {
		size := squares(paper)
		p.X, p.Y = max(p.X, size.X+1), max(p.Y, size.Y+1)
	}
	return p
}

// squares returns the number of squares of a paper. Chrome's pages are whole CSS pixels,
// and pdftoppm rounds up.
func squares(paper export.Paper) image.Point {
	width, height := paper.Size()
	up := func(inches float64) int { return (int(inches*lookDPI+0.99) + blockSize - 1) / blockSize }
	return image.Pt(up(width), up(height))
}

// encode encodes a sheet as a file.
func (s sheet) encode() ([]byte, error) {
	pages := 0
	for _, looks := range s {
		pages = max(pages, len(looks))
	}
	c := cell()
	picture := image.NewGray(image.Rect(0, 0, c.X*pages, c.Y*len(planeNames)*len(export.Papers())))
	for row, paper := range export.Papers() {
		for column, l := range s[paper] {
			for p, plane := range l.planes {
				corner := corner(row, p, column)
				for i, v := range plane {
					picture.SetGray(corner.X+i%l.width, corner.Y+i/l.width, color.Gray{Y: v})
				}
			}
		}
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, picture); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// readSheet reads the file of a sheet.
func readSheet(path string) (*image.Gray, error) {
	data, err := readGolden(path)
	if err != nil {
		return nil, err
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	grey, ok := picture.(*image.Gray)
	if !ok {
		return nil, errors.New("reading " + path + ": it is not in grey")
	}
	return grey, nil
}

// cut returns the look of a page, counted from 0, on a paper from a sheet.
func cut(picture *image.Gray, paper export.Paper, page int) look {
	size := squares(paper)
	l := emptyLook(size.X, size.Y)
	row := slices.Index(export.Papers(), paper)
	for p := range l.planes {
		corner := corner(row, p, page)
		for i := range l.planes[p] {
			l.planes[p][i] = picture.GrayAt(corner.X+i%l.width, corner.Y+i/l.width).Y
		}
	}
	return l
}

// corner returns the position of a picture in a sheet.
func corner(row, plane, column int) image.Point {
	c := cell()
	return image.Pt(column*c.X, (row*len(planeNames)+plane)*c.Y)
}

// magnified is the size in pixels of a square in a picture for viewing.
const magnified = 6

// sideBySide draws the golden pages, the current pages and their difference, one below
// the other.
func sideBySide(golden *image.Gray, paper export.Paper, looks []look) ([]byte, error) {
	c := cell()
	picture := image.NewGray(image.Rect(0, 0, 3*c.X*magnified, len(looks)*c.Y*magnified))
	for page, now := range looks {
		was := cut(golden, paper, page)
		for y := range now.height {
			for x := range now.width {
				a, b := was.brightness(x, y), now.brightness(x, y)
				for i, v := range []uint8{a, b, 255 - max(a, b) + min(a, b)} {
					at := image.Pt((x+i*c.X)*magnified, (y+page*c.Y)*magnified)
					draw.Draw(picture, image.Rectangle{Min: at, Max: at.Add(image.Pt(magnified, magnified))}, image.NewUniform(color.Gray{Y: v}), image.Point{}, draw.Src)
				}
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
