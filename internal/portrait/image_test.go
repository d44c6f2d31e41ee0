package portrait

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	picture := image.NewGray(image.Rect(0, 0, 3, 4))
	var asPNG, asJPEG, wide bytes.Buffer
	if err := png.Encode(&asPNG, picture); err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(&asJPEG, picture, nil); err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(&wide, image.NewGray(image.Rect(0, 0, maxImageDim+1, 1))); err != nil {
		t.Fatal(err)
	}
	webp := []byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x03\x00\x00")
	uri := func(kind string, data []byte) string {
		return "data:image/" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)
	}
	good := map[string]string{
		"png": uri("png", asPNG.Bytes()), "jpeg": uri("jpeg", asJPEG.Bytes()), "jpg": uri("jpg", asJPEG.Bytes()),
		"webp": uri("webp", webp), "upper case": strings.Replace(uri("png", asPNG.Bytes()), "image/png", "IMAGE/PNG", 1),
	}
	for name, in := range good {
		if Read(in).URI() == "" {
			t.Errorf("%s: left out", name)
		}
	}
	bad := map[string]string{
		"nothing": "", "an address": "https://example.com/a.png", "svg": uri("svg+xml", []byte("<svg/>")),
		"other kind": uri("png", asJPEG.Bytes()), "broken base64": "data:image/png;base64,%%%", "not base64": "data:image/png,abc",
		"not a picture": uri("png", []byte("hello")), "empty webp": uri("webp", nil), "too many pixels": uri("png", wide.Bytes()),
		"too large": uri("png", append(asPNG.Bytes(), make([]byte, maxImageURI)...)), "html": "data:text/html;base64,AAAA",
	}
	for name, in := range bad {
		if got := Read(in).URI(); got != "" {
			t.Errorf("%s: shown as %.60s", name, got)
		}
	}
}
