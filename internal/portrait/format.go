package portrait

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"
)

// format is a format of pictures that can be decoded.
type format struct {
	name   string // "PNG"
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

// The formats that are kept as they are if possible, since browsers and Word know
// them. The others become one of these.
const (
	pngName  = "PNG"
	jpegName = "JPEG"
	tiffName = "TIFF"
	webpName = "WebP"
)

// formatOf returns the format of a picture, which its first bytes tell. It is an error
// if that cannot be decoded.
func formatOf(data []byte) (format, error) {
	head := string(data[:min(len(data), 16)])
	is := func(prefix string) bool { return strings.HasPrefix(head, prefix) }
	switch {
	case is("\x89PNG\r\n\x1a\n"):
		return format{pngName, png.DecodeConfig, png.Decode}, nil
	case is("\xff\xd8\xff"):
		return format{jpegName, jpeg.DecodeConfig, jpeg.Decode}, nil
	case is("GIF8"):
		return format{"GIF", gif.DecodeConfig, firstFrame}, nil
	case is("RIFF") && len(head) >= 12 && head[8:12] == "WEBP":
		return format{webpName, webp.DecodeConfig, webp.Decode}, nil
	case is("II*\x00"), is("MM\x00*"):
		return format{tiffName, tiff.DecodeConfig, tiff.Decode}, nil
	case is("BM"):
		return format{"BMP", bmp.DecodeConfig, bmp.Decode}, nil
	}
	if name := otherFormat(data); name != "" {
		return format{}, &Unusable{"the picture is of the format " + name + ", which cannot be converted", embed}
	}
	return format{}, &Unusable{"the picture is of an unknown format", embed}
}

// otherFormat returns the name of a format that cannot be decoded, or "".
func otherFormat(data []byte) string {
	head := data[:min(len(data), 1024)]
	if len(head) >= 12 && string(head[4:8]) == "ftyp" {
		if bytes.HasPrefix(head[8:], []byte("avi")) {
			return "AVIF"
		}
		return "HEIC"
	}
	for _, f := range []struct{ prefix, name string }{
		{"\x00\x00\x00\x0cJXL ", "JPEG XL"}, {"\xff\x0a", "JPEG XL"}, {"\x00\x00\x00\x0cjP  ", "JPEG 2000"},
		{"\x00\x00\x01\x00", "ICO"}, {"%PDF", "PDF"}, {"8BPS", "Photoshop"},
	} {
		if bytes.HasPrefix(head, []byte(f.prefix)) {
			return f.name
		}
	}
	if bytes.Contains(bytes.ToLower(head), []byte("<svg")) {
		return "SVG"
	}
	return ""
}

// firstFrame decodes the first frame of a GIF, which may cover only a part of the
// picture.
func firstFrame(r io.Reader) (image.Image, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	config, err := gif.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	frame, err := gif.Decode(bytes.NewReader(data))
	whole := image.Rect(0, 0, config.Width, config.Height)
	if err != nil || frame.Bounds() == whole {
		return frame, err
	}
	return placed{frame, whole}, nil
}

// placed is a picture within larger, transparent bounds.
type placed struct {
	image.Image
	whole image.Rectangle
}

// Bounds returns the larger bounds.
func (p placed) Bounds() image.Rectangle { return p.whole }

// At returns the color of a pixel. A picture with a palette has colors outside of its
// bounds, too.
func (p placed) At(x, y int) color.Color {
	if !image.Pt(x, y).In(p.Image.Bounds()) {
		return color.Transparent
	}
	return p.Image.At(x, y)
}
