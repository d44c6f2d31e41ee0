package theme

import (
	"bytes"
	"encoding/base64"
	"html/template"
	"image"
	"strings"
)

// Bounds of a portrait: what cameras and telephones give, and no more than this
// program decodes in a moment.
const (
	maxImageURI = 12 << 20 // bytes of the data: URI
	maxImageDim = 8000     // pixels along an edge
	maxPixels   = 25_000_000
	// A WebP picture is not decoded here, so that the browser puts every pixel of it
	// into the PDF.
	maxWebPPixels = 1_000_000
)

// imageURI is the portrait if it can be shown: a data: URI of a PNG, JPEG or
// WebP of bounded size whose bytes are what they claim to be, in no more pixels than
// are printed. Anything else is left out, since no picture is better than a failed
// export.
func imageURI(s string) template.URL {
	if len(s) > maxImageURI {
		return ""
	}
	head, payload, ok := strings.Cut(s, ",")
	if !ok {
		return ""
	}
	kind, ok := strings.CutPrefix(strings.ToLower(head), "data:image/")
	if !ok {
		return ""
	}
	kind, ok = strings.CutSuffix(kind, ";base64")
	if !ok {
		return ""
	}
	if kind == "jpg" {
		kind = "jpeg"
	}
	data, err := base64.StdEncoding.DecodeString(payload)
	if err != nil {
		return ""
	}
	width, height := imageSize(kind, data)
	if width <= 0 || height <= 0 || width > maxImageDim || height > maxImageDim || width*height > maxPixels {
		return ""
	}
	if kind != "webp" {
		kind, data, ok = fitPortrait(kind, data, width, height)
	} else {
		ok = width*height <= maxWebPPixels
	}
	if !ok {
		return ""
	}
	return template.URL("data:image/" + kind + ";base64," + base64.StdEncoding.EncodeToString(data))
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
