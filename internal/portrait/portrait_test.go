package portrait

import (
	"bytes"
	"encoding/base64"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
)

// halves is a picture of 60 × 80 pixels, blue on the left and beige on the right.
func halves() *image.RGBA {
	p := image.NewRGBA(image.Rect(0, 0, 60, 80))
	for y := range 80 {
		for x := range 60 {
			c := color.RGBA{0x20, 0x40, 0x60, 0xff}
			if x >= 30 {
				c = color.RGBA{0xe0, 0xc0, 0x80, 0xff}
			}
			p.SetRGBA(x, y, c)
		}
	}
	return p
}

// encoded returns what an encoder writes.
func encoded(t *testing.T, write func(b *bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t *testing.T, p image.Image) []byte {
	return encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, p) })
}

func file(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func dataURI(kind string, data []byte) string {
	return "data:image/" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)
}

// Every format becomes a PNG or JPEG, whatever its label says.
func TestRead_Formats(t *testing.T) {
	t.Parallel()
	palette := image.NewPaletted(image.Rect(0, 0, 60, 80), color.Palette{color.RGBA{0x20, 0x40, 0x60, 0xff}, color.RGBA{0xe0, 0xc0, 0x80, 0xff}})
	for y := range 80 {
		for x := range 30 {
			palette.SetColorIndex(30+x, y, 1)
		}
	}
	still := encoded(t, func(b *bytes.Buffer) error { return gif.Encode(b, palette, nil) })
	moving := encoded(t, func(b *bytes.Buffer) error {
		blank := image.NewPaletted(palette.Rect, palette.Palette)
		return gif.EncodeAll(b, &gif.GIF{Image: []*image.Paletted{palette, blank, blank}, Delay: []int{9, 9, 9}})
	})
	for name, c := range map[string]struct {
		data []byte
		kind string
	}{
		"PNG":                {asPNG(t, halves()), "png"},
		"JPEG":               {encoded(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, halves(), nil) }), "jpeg"},
		"progressive JPEG":   {progressive(t, 60, 80, 1), "jpeg"},
		"GIF":                {still, "png"},
		"moving GIF":         {moving, "png"},
		"BMP":                {encoded(t, func(b *bytes.Buffer) error { return bmp.Encode(b, halves()) }), "png"},
		"BMP with a palette": {encoded(t, func(b *bytes.Buffer) error { return bmp.Encode(b, palette) }), "png"},
		"TIFF":               {encoded(t, func(b *bytes.Buffer) error { return tiff.Encode(b, halves(), nil) }), "jpeg"},
		"compressed TIFF": {encoded(t, func(b *bytes.Buffer) error {
			return tiff.Encode(b, halves(), &tiff.Options{Compression: tiff.Deflate, Predictor: true})
		}), "jpeg"},
		"lossy WebP":                {file(t, "lossy.webp"), "jpeg"},
		"lossless WebP":             {file(t, "lossless.webp"), "jpeg"},
		"lossy transparent WebP":    {file(t, "lossy-alpha.webp"), "png"},
		"lossless transparent WebP": {file(t, "lossless-alpha.webp"), "png"},
	} {
		for _, label := range []string{"png", "jpeg", "webp", "x-unknown"} {
			p, err := Read(dataURI(label, c.data))
			if err != nil {
				t.Fatalf("%s as %s: %v", name, label, err)
			}
			got, kind, err := image.Decode(bytes.NewReader(p.Data))
			if err != nil || kind != c.kind || kind != p.Kind || p.Width != 60 || p.Height != 80 || got.Bounds().Dx() != 60 || got.Bounds().Dy() != 80 {
				t.Fatalf("%s as %s: a %s, said to be a %s of %d × %d: %v", name, label, kind, p.Kind, p.Width, p.Height, err)
			}
			if name == "progressive JPEG" {
				continue // it is gray all over
			}
			left, right := color.GrayModel.Convert(got.At(8, 40)).(color.Gray).Y, color.GrayModel.Convert(got.At(45, 40)).(color.Gray).Y
			if left > 0x50 || right < 0xa0 {
				t.Errorf("%s: gray %d on the left and %d on the right", name, left, right)
			}
			_, _, _, alpha := got.At(59, 0).RGBA()
			if through := strings.Contains(name, "transparent"); through != (alpha == 0) {
				t.Errorf("%s: alpha %d in the corner", name, alpha)
			}
		}
	}
}

// The frame of a GIF may be smaller than the picture.
func TestRead_SmallFrame(t *testing.T) {
	t.Parallel()
	frame := image.NewPaletted(image.Rect(20, 30, 40, 50), color.Palette{color.RGBA{0x20, 0x40, 0x60, 0xff}})
	data := encoded(t, func(b *bytes.Buffer) error {
		return gif.EncodeAll(b, &gif.GIF{Image: []*image.Paletted{frame}, Delay: []int{0}, Config: image.Config{Width: 60, Height: 80, ColorModel: frame.Palette}})
	})
	p, err := Read(dataURI("gif", data))
	if err != nil || p.Width != 60 || p.Height != 80 || p.Kind != "png" {
		t.Fatalf("a %s of %d × %d, %v", p.Kind, p.Width, p.Height, err)
	}
	got, err := png.Decode(bytes.NewReader(p.Data))
	if err != nil {
		t.Fatal(err)
	}
	_, _, _, outside := got.At(10, 10).RGBA()
	if _, _, _, inside := got.At(30, 40).RGBA(); outside != 0 || inside != 0xffff {
		t.Errorf("alpha %d outside of the frame, %d inside", outside, inside)
	}
}

// inked is a JPEG with the four colors of printers, all of one tone.
func inked(width, height int) []byte {
	var b bytes.Buffer
	b.WriteString("\xff\xd8\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00")
	b.WriteString("\xff\xdb\x00\x43\x00" + strings.Repeat("\x01", 64))            // quantization
	b.WriteString("\xff\xc4\x00\x14\x00\x01" + string(make([]byte, 15)) + "\x00") // Huffman, DC: one code, no difference
	b.WriteString("\xff\xc4\x00\x14\x10\x01" + string(make([]byte, 15)) + "\x00") // AC: one code, the end of the block
	b.Write([]byte{0xff, 0xc0, 0, 20, 8, byte(height >> 8), byte(height), byte(width >> 8), byte(width), 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0})
	b.WriteString("\xff\xda\x00\x0e\x04\x01\x00\x02\x00\x03\x00\x04\x00\x00\x3f\x00")
	b.Write(make([]byte, (width/8+1)*(height/8+1))) // two bits a block and color
	b.WriteString("\xff\xd9")
	return b.Bytes()
}

func TestRead_InkColors(t *testing.T) {
	t.Parallel()
	data := inked(60, 80)
	if config, err := jpeg.DecodeConfig(bytes.NewReader(data)); err != nil || config.ColorModel != color.CMYKModel {
		t.Fatalf("color model %v, %v", config.ColorModel, err)
	}
	p, err := Read(dataURI("jpeg", data))
	if err != nil {
		t.Fatal(err)
	}
	if config, err := jpeg.DecodeConfig(bytes.NewReader(p.Data)); err != nil || config.ColorModel == color.CMYKModel {
		t.Errorf("color model %v, %v", config.ColorModel, err)
	}
}

func TestRead_Orientation_TIFF(t *testing.T) {
	t.Parallel()
	data := encoded(t, func(b *bytes.Buffer) error { return tiff.Encode(b, halves(), nil) })
	// The decoder does not need the number of samples (277, a SHORT); it becomes the
	// orientation (274).
	turned := bytes.Replace(data, []byte("\x15\x01\x03\x00\x01\x00\x00\x00\x04"), []byte("\x12\x01\x03\x00\x01\x00\x00\x00\x06"), 1)
	if p := read(dataURI("tiff", turned)); p.Width != 80 || p.Height != 60 {
		t.Errorf("%d × %d pixels", p.Width, p.Height)
	}
}

func TestRead_Spellings(t *testing.T) {
	t.Parallel()
	data := asPNG(t, halves())
	standard := base64.StdEncoding.EncodeToString(data)
	if !strings.ContainsAny(standard, "+/") || !strings.HasSuffix(standard, "=") {
		data = append(data, 0xfb, 0xff, 0xfe, 0xff) // for padding, and letters that differ in alphabets
		standard = base64.StdEncoding.EncodeToString(data)
	}
	lines := strings.Builder{}
	for i, c := range standard {
		if i%76 == 0 {
			lines.WriteString("\r\n  ")
		}
		lines.WriteRune(c)
	}
	for name, in := range map[string]string{
		"usual":                "data:image/png;base64," + standard,
		"upper case":           "DATA:IMAGE/PNG;BASE64," + standard,
		"charset":              "data:image/png;charset=utf-8;base64," + standard,
		"file name":            "data:image/png;name=\"me, at work.png\";base64," + standard,
		"no media type":        "data:;base64," + standard,
		"only a comma":         "data:," + standard,
		"other media type":     "data:application/octet-stream;base64," + standard,
		"no base64":            "data:image/png," + standard,
		"base64 with blanks":   "data:image/png; base64, " + standard,
		"line breaks":          "data:image/png;base64," + lines.String(),
		"percent-encoded":      "data:image/png;base64," + url.QueryEscape(standard),
		"percent line breaks":  "data:image/png;base64," + strings.ReplaceAll(url.PathEscape(lines.String()), "+", "%2B"),
		"alphabet for URLs":    "data:image/png;base64," + base64.URLEncoding.EncodeToString(data),
		"no padding":           "data:image/png;base64," + base64.RawStdEncoding.EncodeToString(data),
		"no padding, for URLs": "data:image/png;base64," + base64.RawURLEncoding.EncodeToString(data),
		"bytes":                "data:image/png," + url.PathEscape(string(data)),
		"bare":                 standard,
		"bare lines":           lines.String(),
		"bare, for URLs":       base64.RawURLEncoding.EncodeToString(data),
		"blanks around":        "\n data:image/png;base64," + standard + "\n",
		"quotes around":        "\"data:image/png;base64," + standard + "\"",
	} {
		if p, err := Read(in); err != nil || p.Kind != "png" || p.Width != 60 {
			t.Errorf("%s: a %q %d pixels wide, %v", name, p.Kind, p.Width, err)
		}
	}
}

func TestRead_Unusable(t *testing.T) {
	t.Parallel()
	iso := func(brand string) []byte { return []byte("\x00\x00\x00\x18ftyp" + brand + "\x00\x00\x00\x00") }
	webp := file(t, "lossless.webp")
	for name, c := range map[string]struct{ in, message string }{
		"address":             {"https://example.com/me.jpg", "fetches nothing"},
		"path":                {"images/me.png", "fetches nothing"},
		"letters only":        {"images", "fetches nothing"},
		"AVIF":                {dataURI("avif", iso("avif")), "AVIF"},
		"HEIC":                {dataURI("jpeg", iso("heic")), "HEIC"},
		"SVG":                 {dataURI("svg+xml", []byte("<?xml version='1.0'?><SVG/>")), "SVG"},
		"SVG as text":         {"data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"},
		"SVG percent-encoded": {"data:image/svg+xml,%3Csvg%20xmlns='x'/%3E", "SVG"},
		"icon":                {dataURI("x-icon", []byte("\x00\x00\x01\x00\x01\x00")), "ICO"},
		"unknown":             {dataURI("png", []byte("hello, world")), "unknown format"},
		"no comma":            {"data:image/png;base64", "no comma"},
		"no base64":           {"data:image/png;base64,%%%", "not valid base64"},
		"half a WebP":         {dataURI("webp", webp[:len(webp)/2]), "WebP, is damaged"},
		"too many pixels":     {dataURI("png", asPNG(t, image.NewGray(image.Rect(0, 0, maxImageDim+1, 1)))), "8001 × 1 pixels"},
		"too many bytes":      {"data:image/png;base64," + strings.Repeat("A", maxImageURI), "12 MB"},
		"HTML":                {"data:text/html;base64,AAAA", "unknown format"},
	} {
		p, err := Read(c.in)
		why, ok := errors.AsType[*Unusable](err)
		if !ok || !strings.Contains(why.Message, c.message) || why.Hint == "" || p.Data != nil {
			t.Errorf("%s: %v, want %q", name, err, c.message)
		}
	}
	if p, err := Read(""); err != nil || p.Data != nil {
		t.Errorf("no picture: %v, %v", p, err)
	}
}
