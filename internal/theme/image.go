package theme

import (
	"bytes"
	"encoding/base64"
	"html/template"
	"image"
	_ "image/jpeg" // the formats a portrait may have
	_ "image/png"
	"strings"
)

// Bounds of a portrait: beyond them the file would be turned away by the
// portals it is meant for, or the browser would need minutes and gigabytes.
const (
	maxImageURI = 2 << 20 // bytes of the data: URI
	maxImageDim = 6000    // pixels along an edge
)

// imageURI is the portrait if it can be shown: a data: URI of a PNG, JPEG or
// WebP of bounded size whose bytes are what they claim to be. Anything else is
// left out, since no picture is better than a failed export.
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
	data, err := base64.StdEncoding.DecodeString(payload)
	if err != nil || !validImage(kind, data) {
		return ""
	}
	if kind == "jpg" {
		kind = "jpeg"
	}
	return template.URL("data:image/" + kind + ";base64," + base64.StdEncoding.EncodeToString(data))
}

// validImage reports whether data begins as a picture of that kind and of sane
// dimensions.
func validImage(kind string, data []byte) bool {
	width, height := 0, 0
	switch kind {
	case "webp":
		width, height = webpSize(data)
	case "png", "jpeg", "jpg":
		config, format, err := image.DecodeConfig(bytes.NewReader(data))
		if err != nil || format != strings.Replace(kind, "jpg", "jpeg", 1) {
			return false
		}
		width, height = config.Width, config.Height
	}
	return width > 0 && height > 0 && width <= maxImageDim && height <= maxImageDim
}
