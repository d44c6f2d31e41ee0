// Package portrait reads the picture of a resume's person. The input is hostile; the
// result is a picture of the size that is printed, upright and without metadata.
package portrait

import (
	"bytes"
	"encoding/base64"
	"image"
	"strings"
)

// Bounds of a portrait. Pictures of cameras and phones are within them, and decoding
// one takes little time.
const (
	maxImageURI = 12 << 20 // bytes of the data: URI
	maxImageDim = 8000     // pixels along an edge
	maxPixels   = 25_000_000
	// A WebP picture is not decoded here, and the browser puts all of its pixels into
	// the PDF.
	maxWebPPixels = 1_000_000
)

// Picture is a portrait that can be shown. The zero value is none.
type Picture struct {
	Kind          string // "png", "jpeg" or "webp"
	Data          []byte
	Width, Height int // pixels
}

// URI is the picture as a data: URI, or empty.
func (p Picture) URI() string {
	if p.Data == nil {
		return ""
	}
	return "data:image/" + p.Kind + ";base64," + base64.StdEncoding.EncodeToString(p.Data)
}

// Read returns the portrait in a data: URI: a PNG, JPEG or WebP of bounded size, with
// no more pixels than are printed. Anything else gives the zero Picture, since no
// picture is better than a failed export.
func Read(s string) Picture {
	if len(s) > maxImageURI {
		return Picture{}
	}
	head, payload, ok := strings.Cut(s, ",")
	if !ok {
		return Picture{}
	}
	kind, ok := strings.CutPrefix(strings.ToLower(head), "data:image/")
	if !ok {
		return Picture{}
	}
	kind, ok = strings.CutSuffix(kind, ";base64")
	if !ok {
		return Picture{}
	}
	if kind == "jpg" {
		kind = "jpeg"
	}
	data, err := base64.StdEncoding.DecodeString(payload)
	if err != nil {
		return Picture{}
	}
	width, height := imageSize(kind, data)
	if width <= 0 || height <= 0 || width > maxImageDim || height > maxImageDim || width*height > maxPixels {
		return Picture{}
	}
	if kind != "webp" {
		kind, data, ok = fitPortrait(kind, data, width, height)
	} else {
		ok = width*height <= maxWebPPixels
	}
	if !ok {
		return Picture{}
	}
	width, height = imageSize(kind, data)
	return Picture{Kind: kind, Data: data, Width: width, Height: height}
}

// imageSize is the size in pixels of what begins as a picture of that kind; zero for
// anything else, and for one that takes too much to decode.
func imageSize(kind string, data []byte) (width, height int) {
	switch kind {
	case "webp":
		return webpSize(data)
	case "png", "jpeg":
		config, format, err := image.DecodeConfig(bytes.NewReader(data))
		if err != nil || format != kind || !decodable(kind, data, config) {
			return 0, 0
		}
		return config.Width, config.Height
	}
	return 0, 0
}
