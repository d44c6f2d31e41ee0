package render

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// picture renders with the real browser.
func picture(t testing.TB, r resume.Resume, o Options) image.Image {
	t.Helper()
	o.Format = export.PNG
	a, err := Render(t.Context(), testenv.Engine(t), r, o)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(a.Data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// firstPage returns the first page of a PDF, drawn by pdftoppm with this resolution.
func firstPage(t testing.TB, pdf []byte, dpi float64) image.Image {
	t.Helper()
	path := saved(t, pdf)
	tool(t, "pdftoppm", "-png", "-r", fmt.Sprint(dpi), "-f", "1", "-singlefile", path, path)
	file, err := os.Open(path + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // it was only read
	img, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// The test compares the means of square blocks of this many pixels. Two programs draw the
// edges of letters differently, but a misplaced word changes a block by far more.
const block = 16

// Measured over all samples: at most 38 and 1.3. A line that breaks elsewhere gives 90
// and more, a page that ends elsewhere 5 on average.
const (
	largestDifference = 60
	meanDifference    = 2.5
)

// differences are, between two pictures of the same scale, the largest and the mean
// difference of a block, in 255ths.
func differences(a, b image.Image) (largest, mean float64, where image.Point) {
	size := a.Bounds().Intersect(b.Bounds())
	ga, gb := grayed(a), grayed(b)
	n := 0
	for y := 0; y+block <= size.Dy(); y += block {
		for x := 0; x+block <= size.Dx(); x += block {
			d := ga.mean(x, y) - gb.mean(x, y)
			d = max(d, -d)
			mean += d
			n++
			if d > largest {
				largest, where = d, image.Pt(x, y)
			}
		}
	}
	return largest, mean / float64(n), where
}

type gray struct{ *image.Gray }

func grayed(img image.Image) gray {
	g := image.NewGray(img.Bounds())
	draw.Draw(g, g.Rect, img, g.Rect.Min, draw.Src)
	return gray{g}
}

// mean returns the mean brightness of a block.
func (g gray) mean(x, y int) float64 {
	total := 0
	for j := range block {
		row := g.Pix[g.PixOffset(x, y+j):]
		for _, v := range row[:block] {
			total += int(v)
		}
	}
	return float64(total) / (block * block)
}

// TestPicture_FirstPage compares pictures with the first page of the PDF, for each
// template and sample on one of the papers.
func TestPicture_FirstPage(t *testing.T) {
	t.Parallel()
	for i, tmpl := range html.Templates() {
		for j, s := range allSamples(t) {
			papers := export.Papers()
			if i > 0 {
				papers = papers[(i+j)%2:][:1]
			}
			for _, paper := range papers {
				t.Run(tmpl.Name+"/"+string(paper)+"/"+s.Slug, func(t *testing.T) {
					t.Parallel()
					r := sampleResume(t, s)
					o := Options{Format: export.PDF, Template: tmpl.Name, Paper: paper}
					a, err := Render(t.Context(), testenv.Engine(t), r, o)
					if err != nil {
						t.Fatal(err)
					}
					width, height := paper.Size()
					got, want := picture(t, r, o), firstPage(t, a.Data, 800/width)
					if size := got.Bounds().Size(); size != image.Pt(800, int(math.Round(800*height/width))) {
						t.Errorf("the picture has %v pixels", size)
					}
					if largest, mean, where := differences(got, want); largest > largestDifference || mean > meanDifference {
						t.Errorf("the picture is another than the page: by %.0f at %v, by %.1f on average", largest, where, mean)
					}
				})
			}
		}
	}
}

func TestPicture_Deterministic(t *testing.T) {
	t.Parallel()
	r := sample(t, "designer")
	o := Options{Format: export.PNG, Template: "classic", Paper: export.Letter}
	first, err := Render(t.Context(), testenv.Engine(t), r, o)
	if err != nil {
		t.Fatal(err)
	}
	r.UpdatedAt = r.UpdatedAt.Add(time.Hour)
	second, err := Render(t.Context(), testenv.Engine(t), r, o)
	if err != nil || !bytes.Equal(first.Data, second.Data) {
		t.Errorf("%d bytes, then %d others: %v", len(first.Data), len(second.Data), err)
	}
	if first.ContentType != "image/png" || !strings.HasSuffix(first.Filename, ".png") || first.Pages != 0 {
		t.Errorf("type %q, file name %q, %d pages", first.ContentType, first.Filename, first.Pages)
	}
	for chunk := range bytes.FieldsFuncSeq(first.Data, func(r rune) bool { return r < 'A' || r > 'z' }) {
		if slices.Contains([]string{"tIME", "tEXt", "iTXt", "zTXt"}, string(chunk)) {
			t.Errorf("the picture has a chunk %s", chunk)
		}
	}
	config, err := png.DecodeConfig(bytes.NewReader(first.Data))
	if err != nil || config.Width != export.DefaultWidth {
		t.Errorf("%d pixels wide: %v", config.Width, err)
	}
}

func TestPicture_Width(t *testing.T) {
	t.Parallel()
	r := sample(t, "nearly-empty")
	for _, width := range []int{export.MinWidth, 333, export.MaxWidth} {
		if got := picture(t, r, Options{Template: "classic", Paper: export.A4, Options: export.Options{Width: width}}).Bounds().Dx(); got != width {
			t.Errorf("%d pixels wide, want %d", got, width)
		}
	}
	for _, width := range []int{-1, 1, export.MinWidth - 1, export.MaxWidth + 1} {
		_, err := Render(t.Context(), noPrinter(t), r, Options{Format: export.PNG, Template: "classic", Paper: export.A4, Options: export.Options{Width: width}})
		if f := export.FailureOf(err); err == nil || f.Code != export.InvalidRequest {
			t.Errorf("%d pixels wide: %v", width, err)
		}
	}
}

// TestContent_Picture: the hash changes with the width, paper and browser, and not with
// options that do not affect the picture.
func TestContent_Picture(t *testing.T) {
	t.Parallel()
	r := sample(t, "german")
	base := Options{Format: export.PNG, Template: "classic", Paper: export.A4}
	same := base
	same.Width = export.DefaultWidth
	want := contentOf(t, r, base, browser)
	if contentOf(t, r, same, browser) != want || want == [32]byte{} {
		t.Error("the usual width is another when it is named")
	}
	later := r
	later.UpdatedAt = later.UpdatedAt.Add(time.Hour)
	if contentOf(t, later, base, browser) != want {
		t.Error("the time is part of a picture")
	}
	wider, pdf, letter := base, base, base
	wider.Width, pdf.Format, letter.Paper = 801, export.PDF, export.Letter
	seen := map[[32]byte]bool{want: true}
	for _, c := range [][32]byte{contentOf(t, r, wider, browser), contentOf(t, r, pdf, browser), contentOf(t, r, letter, browser), contentOf(t, r, base, browser+"0")} {
		if seen[c] {
			t.Errorf("%x is the content of two files", c)
		}
		seen[c] = true
	}
}

func TestPicture_Damaged(t *testing.T) {
	t.Parallel()
	var other bytes.Buffer
	if err := png.Encode(&other, image.NewGray(image.Rect(0, 0, 800, 1133))); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"nothing": nil, "half": other.Bytes()[:other.Len()/2], "another size": other.Bytes()} {
		a, err := Render(t.Context(), printerFunc(func(context.Context, chrome.Document) ([]byte, error) { return data, nil }),
			sample(t, "nearly-empty"), Options{Format: export.PNG, Template: "classic", Paper: export.A4})
		if f := export.FailureOf(err); err == nil || f.Code != export.Internal || f.Code.Permanent() || a.Data != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPaletted: a picture of text, which has few colors, may change invisibly; a
// photograph, which has many, must not change.
func TestPaletted(t *testing.T) {
	t.Parallel()
	ramps, noise := image.NewRGBA(image.Rect(0, 0, 256, 4)), image.NewRGBA(image.Rect(0, 0, 256, 4))
	for x := range 256 {
		v := uint8(x)
		for y, c := range []color.RGBA{{v, v, v, 255}, {v, 255, 255, 255}, {255, v, 255, 255}, {29, 61, 99, 255}} {
			ramps.SetRGBA(x, y, c)
			noise.SetRGBA(x, y, color.RGBA{v * 7, v*13 + uint8(y)*50, v * 29, 255})
		}
	}
	out, ok := paletted(ramps).(*image.Paletted)
	if !ok {
		t.Fatal("some 770 colors of three ramps do not fit a palette")
	}
	for y := range 4 {
		for x := range 256 {
			got, want := color.RGBAModel.Convert(out.At(x, y)).(color.RGBA), ramps.RGBAAt(x, y)
			for _, pair := range [][2]uint8{{got.R, want.R}, {got.G, want.G}, {got.B, want.B}} {
				if d := int(pair[0]) - int(pair[1]); d >= maxStep || d <= -maxStep {
					t.Errorf("%v became %v", want, got)
				}
			}
			if y == 3 && got != want {
				t.Errorf("the most frequent color %v became %v", want, got)
			}
		}
	}
	if same := paletted(noise); same != image.Image(noise) {
		t.Error("a photograph got a palette")
	}
}
