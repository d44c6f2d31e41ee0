package chrome

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/go-rod/rod/lib/proto"
)

// photo returns a document of one color with a bar at the bottom of the page.
func photo(c color.RGBA, width int) Document {
	d := html(fmt.Sprintf(`<style>html{background:%s}div{position:absolute;bottom:0;left:0;width:100vw;height:10vh;background:#000}
		@media screen{html{background:#fff}}</style><p>&nbsp;<div></div>`, hex(c)))
	d.PictureWidth = width
	return d
}

func hex(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

func decoded(t testing.TB, data []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// at returns the color at a point given in percent of the picture.
func at(img image.Image, x, y int) string {
	size := img.Bounds().Size()
	return hex(color.RGBAModel.Convert(img.At(size.X*x/100, size.Y*y/100)).(color.RGBA))
}

func TestPicture(t *testing.T) {
	t.Parallel()
	e := setup(t, nil)
	green := color.RGBA{0, 160, 80, 255}
	for _, paper := range []Paper{A4(), Letter(), {4, 2}} {
		for _, width := range []int{64, 333, 800, 2048} {
			d := photo(green, width)
			d.Paper = paper
			img := decoded(t, mustPrint(t, e, d))
			size := img.Bounds().Size()
			if dx, dy := size.X-width, size.Y-d.pictureHeight(); dx < 0 || dx > 1 || dy < 0 || dy > 1 {
				t.Errorf("a picture of %v pixels, want %d × %d", size, width, d.pictureHeight())
			}
			for _, place := range []struct {
				x, y int
				want string
			}{{1, 1, "#00a050"}, {98, 1, "#00a050"}, {50, 85, "#00a050"}, {1, 95, "#000000"}, {98, 98, "#000000"}} {
				if got := at(img, place.x, place.y); got != place.want {
					t.Errorf("%d pixels of %v: at %d, %d it is %s", width, paper, place.x, place.y, got)
				}
			}
		}
	}
}

// TestPicture_Data takes pictures of pictures seen for the first time: they must be
// decoded in time although nothing waits for them.
func TestPicture_Data(t *testing.T) {
	t.Parallel()
	e := setup(t, nil)
	for i := range 20 {
		shown := image.NewRGBA(image.Rect(0, 0, 700, 900))
		for p := range shown.Pix {
			shown.Pix[p] = 200 + byte((p*31+i)%40)
		}
		var data bytes.Buffer
		if err := png.Encode(&data, shown); err != nil {
			t.Fatal(err)
		}
		d := html(fmt.Sprintf(`<img style="position:absolute;left:0;top:0;width:100%%;height:100%%" src="data:image/png;base64,%s">`, base64.StdEncoding.EncodeToString(data.Bytes())))
		d.PictureWidth = 300
		img := decoded(t, mustPrint(t, e, d))
		for _, place := range [][2]int{{5, 5}, {50, 50}, {95, 95}} {
			if got := at(img, place[0], place[1]); got == "#ffffff" {
				t.Errorf("round %d: at %v the picture is empty", i, place)
			}
		}
	}
}

// TestPicture_NoRequestLeavesBrowser takes many pictures, each in another color, with
// prints in between: none shows the color of another.
func TestPicture_NoRequestLeavesBrowser(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) { o.Slots = 2; o.RecycleAfter = 25 })
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for i := range 40 {
				c := color.RGBA{uint8(rand.IntN(256)), uint8(rand.IntN(256)), uint8(1 + rand.IntN(255)), 255}
				data, err := e.Print(t.Context(), photo(c, 64+i))
				if err != nil {
					t.Errorf("printing: %v", err)
					return
				}
				img, err := png.Decode(bytes.NewReader(data))
				if err != nil {
					t.Error(err)
					return
				}
				for _, y := range []int{2, 20, 40, 60, 85} {
					if got := at(img, y, y); got != hex(c) {
						t.Errorf("a picture of %s is %s at %d", hex(c), got, y)
					}
				}
				if i%3 == 0 {
					mustPrintAsync(t, e, html("between"))
				}
			}
		})
	}
	wg.Wait()
}

// TestPicture_LeavesNothingBehind: what is printed after a picture, or photographed after
// a print, is the same as before.
func TestPicture_LeavesNothingBehind(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) { o.NoStandby = true })
	probe := html("<style>@media screen{p{color:red}}@media (max-width:700px){p{margin:3em}}</style><h1>Probe</h1><p style='width:50vw'>" + strings.Repeat("some words ", 300))
	probe.Tagged = true
	shot := probe
	shot.PictureWidth = 500
	window := windowOf(t, e)
	pdf, pic := undated(mustPrint(t, e, probe)), mustPrint(t, e, shot)
	for _, width := range []int{64, 2048} {
		other := photo(color.RGBA{1, 2, 3, 255}, width)
		other.Paper = Paper{Width: 3, Height: 5}
		mustPrint(t, e, other)
		if got := undated(mustPrint(t, e, probe)); !bytes.Equal(got, pdf) {
			t.Errorf("the print is another after a picture of %d pixels", width)
		}
		if got := mustPrint(t, e, shot); !bytes.Equal(got, pic) {
			t.Errorf("the picture is another after one of %d pixels", width)
		}
		// Chrome sizes a window some time after it has said that it did.
		eventually(t, "the window is as it was: "+window, func() bool { return windowOf(t, e) == window })
	}
	if s := e.Stats(); s.Browsers != 1 || s.Starts != 0 {
		t.Errorf("not all in one browser: %+v", s)
	}
}

// windowOf returns the size of the only window, and of its content, which tells the
// medium in use.
func windowOf(t *testing.T, e *Engine) string {
	t.Helper()
	b := browsers(e)[0]
	tab := caller{b.client, t.Context(), b.session}
	content := proto.PageSetDocumentContent{FrameID: b.frame, HTML: "<style>@media print{div{width:5000px;height:5000px}}</style><div>"}
	if err := content.Call(tab); err != nil {
		t.Fatal(err)
	}
	seen, err := proto.PageGetLayoutMetrics{}.Call(tab)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d × %d, content %g × %g", seen.CSSLayoutViewport.ClientWidth, seen.CSSLayoutViewport.ClientHeight, seen.CSSContentSize.Width, seen.CSSContentSize.Height)
}

// printSoon prints a document. On a busy machine even a small one may take longer than
// an engine with a short limit allows, so it is tried again.
func printSoon(t *testing.T, e *Engine, d Document) {
	t.Helper()
	eventually(t, "a small document is printed", func() bool {
		_, err := e.Print(t.Context(), d)
		if err != nil && !errors.Is(err, ErrTimeout) {
			t.Fatal(err)
		}
		return err == nil
	})
}

func TestPicture_Errors(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) {
		o.ContentTimeout, o.PrintTimeout, o.TotalTimeout = 4*patience, soon, 8*patience
		o.MaxPDF = minPDF
	})
	wide := func(d Document, width int) Document { d.PictureWidth = width; return d }
	noisy := html(fmt.Sprintf(`<img style="width:100%%" src="data:image/png;base64,%s">`, base64.StdEncoding.EncodeToString(noise(t, 400))))
	for _, c := range []struct {
		name string
		d    Document
		want error
	}{
		{"negative", wide(html("x"), -1), ErrInvalid},
		{"too wide", wide(html("x"), maxPicture+1), ErrInvalid},
		{"too high", wide(Document{Paper: Paper{1, 100}}, 500), ErrInvalid},
		// Nothing is laid out before the picture is taken: that is in the limit of another stage.
		{"endless", wide(html("<style>@media screen{div{display:none}}</style><div style='columns:1;height:3px'>"+strings.Repeat("<p>word ", 100_000)), 100), ErrTimeout},
		{"crash", wide(poison(), 100), ErrCrashed},
		{"too large", wide(noisy, 2048), ErrTooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := e.Print(t.Context(), c.d)
			if timeout, ok := errors.AsType[*TimeoutError](err); ok && timeout.Stage != "print" || !errors.Is(err, c.want) || errors.Is(c.want, ErrTooLarge) && !strings.Contains(err.Error(), "picture is larger") {
				t.Errorf("error is %v", err)
			}
			printSoon(t, e, html("next"))
			printSoon(t, e, wide(html("next"), 100))
		})
	}
}
