package chrome

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

func TestPrint(t *testing.T) {
	t.Parallel()
	e := setup(t, nil)
	if !strings.Contains(e.Version(), "Chrome/") {
		t.Errorf("version is %q", e.Version())
	}
	for _, c := range []struct {
		name     string
		document Document
		size     string
		pages    string
	}{
		{"default", Document{}, "595.92 x 841.92 pts (A4)", "1"},
		{"letter", Document{Paper: Letter()}, "612 x 792 pts (letter)", "1"},
		{"own size", Document{Paper: Paper{4, 2}, Margin: Margin{Top: 0.5}}, "288 x 144 pts", "1"},
		{"css size ignored", Document{HTML: []byte("<style>@page{size:5in 5in}</style>")}, "595.92 x 841.92 pts (A4)", "1"},
		{"css size", Document{HTML: []byte("<style>@page{size:5in 5in}</style>"), PreferCSSPageSize: true}, "360 x 360 pts", "1"},
		{"pages", Document{HTML: []byte("<style>p{break-after:page}</style><p>1<p>2")}, "595.92 x 841.92 pts (A4)", "3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.document.HTML = append([]byte("<!doctype html><title>The title ☺</title>"), append(c.document.HTML, "<p>Zoë & 名前"...)...)
			pdf := mustPrint(t, e, c.document)
			if got := strings.Fields(text(t, pdf)); !strings.HasSuffix(strings.Join(got, " "), "Zoë & 名前") {
				t.Errorf("text is %q", got)
			}
			if got := info(t, pdf, "Page size"); got != c.size {
				t.Errorf("page size is %q, want %q", got, c.size)
			}
			if got := info(t, pdf, "Pages"); got != c.pages {
				t.Errorf("%s pages, want %s", got, c.pages)
			}
			if got := info(t, pdf, "Title"); got != "The title ☺" {
				t.Errorf("title is %q", got)
			}
		})
	}
}

func TestPrintOptions(t *testing.T) {
	t.Parallel()
	e := setup(t, nil)
	for _, on := range []bool{true, false} {
		d := html("<h1>One</h1><h2>Two</h2>")
		d.Tagged, d.Outline = on, on
		pdf := mustPrint(t, e, d)
		if got := info(t, pdf, "Tagged") == "yes"; got != on {
			t.Errorf("Tagged %v gives tagged %v", on, got)
		}
		if got := bytes.Contains(pdf, []byte("/Outlines")); got != on {
			t.Errorf("Outline %v gives an outline %v", on, got)
		}
	}
	d := html("<p>body")
	d.Margin = Margin{Top: 1, Bottom: 1}
	if got := text(t, mustPrint(t, e, d)); strings.TrimSpace(got) != "body" {
		t.Errorf("without header and footer the text is %q", got)
	}
	d.Footer = `<span style="font-size:9px">page <b class=pageNumber></b> of <b class=totalPages></b></span>`
	if got := text(t, mustPrint(t, e, d)); !strings.Contains(got, "page 1 of 1") || strings.Contains(got, "about:") {
		t.Errorf("with a footer the text is %q", got)
	}
}

// TestDataURLs prints pictures and fonts seen for the first time: they must be
// decoded in time although nothing waits for them.
func TestDataURLs(t *testing.T) {
	t.Parallel()
	font, err := os.ReadFile(someFont(t))
	if err != nil {
		t.Fatal(err)
	}
	e := setup(t, nil)
	for i := range 20 {
		var b strings.Builder
		// Trailing bytes make each font another one; a font program ends by itself.
		fmt.Fprintf(&b, `<!doctype html><style>@font-face{font-family:F;src:url(data:font/ttf;base64,%s)}p{font-family:F,serif}</style><p>set in F`,
			base64.StdEncoding.EncodeToString(append(bytes.Clone(font), byte(i), 0, 0, 0)))
		for range 5 {
			fmt.Fprintf(&b, "<img width=40 src='data:image/png;base64,%s'>", base64.StdEncoding.EncodeToString(noise(t, 50+10*i)))
		}
		pdf := mustPrint(t, e, Document{HTML: []byte(b.String())})
		if got := run(t, pdf, "pdffonts", "FILE"); !strings.Contains(got, "Lato") || strings.Contains(got, "Serif") {
			t.Errorf("round %d: fonts are\n%s", i, got)
		}
		if got := pictures(t, pdf); got != 5 {
			t.Errorf("round %d: %d of 5 pictures", i, got)
		}
	}
}

// pictures counts the pictures in the PDF, each once however often it is drawn.
func pictures(t *testing.T, pdf []byte) int {
	objects := map[string]bool{}
	for line := range strings.Lines(run(t, pdf, "pdfimages", "-list", "FILE")) {
		if fields := strings.Fields(line); len(fields) > 11 && fields[2] == "image" {
			objects[fields[10]] = true
		}
	}
	return len(objects)
}

// someFont returns a font file that is no default font.
func someFont(t *testing.T) string {
	const file = "/usr/share/fonts/truetype/lato/Lato-Regular.ttf"
	if _, err := os.Stat(file); err != nil {
		t.Fatalf("this test needs a font: apt-get install fonts-lato: %v", err)
	}
	return file
}

func noise(t *testing.T, size int) []byte {
	m := image.NewGray(image.Rect(0, 0, size, size))
	for i := range m.Pix {
		m.Pix[i] = byte(rand.Uint32())
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPrint_OddInput(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) { o.NoStandby, o.PrintTimeout, o.TotalTimeout = true, 4*patience, 5*patience })
	for name, body := range map[string]string{
		"empty":         "",
		"NUL":           "a\x00b\x00",
		"invalid UTF-8": "a\xff\xfe\xc3(b\xed\xa0\x80",
		"long word":     strings.Repeat("x", 100_000),
		"deep":          strings.Repeat("<b><div>", 500),
		"many":          strings.Repeat("<li>item", 10_000),
		"emoji":         "👩‍👩‍👧‍👦 e\u0301\u0301\u0301 \u202eabc\u202c שלום",
		"broken data":   `<img src="data:image/png;base64,xxxx"><img src="data:"><style>@font-face{font-family:F;src:url(data:font/ttf;base64,AAAA)}*{font-family:F}</style>x`,
		"svg bomb":      `<svg width=9 height=9><defs><g id=a0><path d="M0 0h9"/></g>` + svgBomb(6) + `</defs><use href="#a6"/></svg>`,
		"huge box":      `<div style="width:1e9px;height:1000px;background:red"></div><div style="font-size:1e9px;height:9px;overflow:hidden">x</div>`,
	} {
		t.Run(name, func(t *testing.T) {
			if pages := info(t, mustPrint(t, e, html(body)), "Pages"); pages == "" || pages == "0" {
				t.Errorf("%q pages", pages)
			}
		})
	}
	if s := e.Stats(); s.Crashes > 0 {
		t.Errorf("browsers died: %+v", s)
	}
}

// svgBomb nests references, ten to a level.
func svgBomb(levels int) string {
	var b strings.Builder
	for i := range levels {
		fmt.Fprintf(&b, `<g id=a%d>%s</g>`, i+1, strings.Repeat(fmt.Sprintf(`<use href="#a%d"/>`, i), 3))
	}
	return b.String()
}

func TestPrint_LongDocument(t *testing.T) {
	t.Parallel()
	e := setup(t, nil)
	d := html(strings.Repeat("<p style='break-after:page'>A page of its own.", 999) + "<p>The end.")
	if pages := info(t, mustPrint(t, e, d), "Pages"); pages != "1000" {
		t.Errorf("%s pages", pages)
	}
}

// TestPrint_MaxPages: the limit drops the pages beyond it and changes nothing else.
func TestPrint_MaxPages(t *testing.T) {
	t.Parallel()
	e := setup(t, nil)
	long := html(strings.Repeat("<h2 style='break-after:page'>A page of its own.</h2>", 9) + "<p>The end.")
	long.Tagged, long.Outline = true, true
	whole := mustPrint(t, e, long)
	for limit, want := range map[int]string{1: "1", 9: "9", 10: "10", 11: "10", 1001: "10"} {
		d := long
		d.MaxPages = limit
		pdf := mustPrint(t, e, d)
		if got := info(t, pdf, "Pages"); got != want {
			t.Errorf("%s pages of at most %d, want %s", got, limit, want)
		}
		if limit >= 10 && (len(pdf) != len(whole) || text(t, pdf) != text(t, whole)) {
			t.Errorf("at most %d pages: another document, of %d bytes for %d", limit, len(pdf), len(whole))
		}
	}
}

func TestPrint_Refused(t *testing.T) {
	t.Parallel()
	e := setup(t, func(o *Options) { o.MaxHTML = 50_000; o.MaxPDF = minPDF })
	for _, c := range []struct {
		name string
		d    Document
		want error
	}{
		{"large HTML", Document{HTML: bytes.Repeat([]byte("x"), 50_001)}, ErrTooLarge},
		{"large PDF", html(strings.Repeat("<p style='break-after:page'>x", 300)), ErrTooLarge},
		{"no width", Document{Paper: Paper{Height: 1}}, ErrInvalid},
		{"margins", Document{Margin: Margin{Left: 5, Right: 5}}, ErrInvalid},
		{"not a number", Document{Paper: Paper{math.NaN(), 1}}, ErrInvalid},
		{"infinite", Document{Paper: Paper{math.Inf(1), 1}}, ErrInvalid},
		{"negative", Document{Margin: Margin{Top: -1}}, ErrInvalid},
		{"pages", Document{MaxPages: -1}, ErrInvalid},
		{"scale", Document{Scale: .09}, ErrInvalid},
		{"scale that is none", Document{Scale: math.NaN()}, ErrInvalid},
		{"frameset", html("<frameset><frame></frameset>"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := e.Print(t.Context(), c.d)
			if !errors.Is(err, c.want) {
				t.Errorf("error is %v", err)
			}
			if tooLarge, ok := errors.AsType[*TooLargeError](err); ok && (tooLarge.What == "html") != (c.name == "large HTML") {
				t.Errorf("error is %v", err)
			}
			mustPrint(t, e, html("next"))
		})
	}
}

func TestSlots(t *testing.T) {
	t.Parallel()
	e := setup(t, nil)
	s, err := e.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := s.Print(t.Context(), html("x")); err != nil {
			t.Error(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Acquire(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Acquire with a canceled context: %v", err)
	}
	if got := e.Stats(); got.Busy != 1 {
		t.Errorf("busy %d", got.Busy)
	}
	s.Release()
	s.Release()
	if _, err := s.Print(t.Context(), html("x")); !errors.Is(err, ErrClosed) {
		t.Errorf("printing with a released slot: %v", err)
	}
	mustPrint(t, e, html("x"))
	if err := e.Check(t.Context()); err != nil {
		t.Errorf("check: %v", err)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	if _, err := e.Acquire(t.Context()); !errors.Is(err, ErrClosed) {
		t.Errorf("acquiring from a closed engine: %v", err)
	}
	if err := e.Check(t.Context()); !errors.Is(err, ErrClosed) {
		t.Errorf("checking a closed engine: %v", err)
	}
	if err := e.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
}
