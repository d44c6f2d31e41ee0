package main

import (
	"image"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/document/html"
	"github.com/letrazapp/letraz-export/internal/samples"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestMain(m *testing.M) { os.Exit(testenv.Main(m)) }

func TestSheet(t *testing.T) {
	s, err := samples.Get("nearly-empty")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var list []*shot
	for _, tm := range html.Templates() {
		list = append(list, &shot{Template: tm.Name, Sample: s.Slug, doc: s.JSON, allPages: true})
	}
	browser := testenv.Engine(t)
	if err := take(t.Context(), browser, list, dir, 200); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "sheet.png")
	if err := sheet(t.Context(), browser, list, sheetOptions{columns: len(list), width: 200}, name); err != nil {
		t.Fatal(err)
	}
	img := decoded(t, name)
	for i, s := range list {
		if s.Pages != 1 {
			t.Errorf("%s has %d pages", s.Template, s.Pages)
		}
		page := decoded(t, filepath.Join(dir, s.Template, s.Sample+"-1.png"))
		if size := page.Bounds().Size(); size.X < 600 || size.Y < size.X {
			t.Errorf("the picture of a page is %v", size)
		}
		// Where sheet puts the picture: its middle is white, its name is not, and the
		// surroundings are gray.
		left, top := 24+i*(200+16), 24+22
		if c := at(img, left+100, top+150); c != white {
			t.Errorf("%s: the middle of the page is %v", s.Template, c)
		}
		if !dark(img, image.Rect(left, top, left+200, top+40)) {
			t.Errorf("%s: nothing stands at the head of the page", s.Template)
		}
		if !dark(img, image.Rect(left, top-22, left+200, top)) {
			t.Errorf("%s: there is no label above the page", s.Template)
		}
		if c := at(img, left-8, top+150); c != (color.RGBA{0xdd, 0xdd, 0xdd, 0xff}) {
			t.Errorf("%s: beside the page is %v", s.Template, c)
		}
	}
}

func TestRun_UnknownTemplate(t *testing.T) {
	var stdout, stderr strings.Builder
	if code := run([]string{"--template", "baroque", "--out", t.TempDir()}, &stdout, &stderr); code != 1 || !strings.Contains(stderr.String(), "baroque") {
		t.Errorf("it ended with %d and said %q", code, stderr.String())
	}
}

func TestPalette(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for y := range 64 {
		for x := range 64 {
			img.Set(x, y, color.RGBA{uint8(4 * x), uint8(4 * y), 128, 255})
		}
	}
	for x := range 64 {
		img.Set(x, 63, white) // no other color is as frequent
	}
	got := paletted(img)
	if len(got.Palette) != 256 || at(got, 5, 63) != white {
		t.Errorf("the palette has %d colours, and white is %v", len(got.Palette), at(got, 5, 63))
	}
	for y := range 64 {
		for x := range 64 {
			want, have := at(img, x, y), at(got, x, y)
			if far(want.R, have.R) || far(want.G, have.G) || far(want.B, have.B) {
				t.Fatalf("at %d, %d: %v became %v", x, y, want, have)
			}
		}
	}
	small := shrunk(img, 2)
	if size := small.Bounds().Size(); size != (image.Point{32, 32}) || at(small, 31, 0) != (color.RGBA{250, 2, 128, 255}) {
		t.Errorf("half the picture is %v and has %v in its corner", size, at(small, 31, 0))
	}
}

var white = color.RGBA{255, 255, 255, 255}

func at(img image.Image, x, y int) color.RGBA {
	return color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
}

func far(a, b uint8) bool { return max(a, b)-min(a, b) > 17 }

// dark reports whether there are letters.
func dark(img image.Image, area image.Rectangle) bool {
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			if at(img, x, y).G < 128 {
				return true
			}
		}
	}
	return false
}

func decoded(t *testing.T, name string) image.Image {
	t.Helper()
	img, err := readPNG(name)
	if err != nil {
		t.Fatal(err)
	}
	return img
}
