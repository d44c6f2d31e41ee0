// Package portrait reads the picture of a resume's person. The input is hostile; the
// result is a picture of the size that is printed, upright and without metadata, in a
// format that every document can contain.
package portrait

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image/color"
)

// Bounds of a portrait. Pictures of cameras and phones are within them, and decoding
// one takes little time.
const (
	maxImageURI = 12 << 20 // bytes of the data: URI
	maxImageDim = 8000     // pixels along an edge
	maxPixels   = 25_000_000
)

// Picture is a portrait that can be shown. The zero value is none.
type Picture struct {
	Kind          string // "png" or "jpeg"
	Data          []byte
	Width, Height int // pixels
}

// URI returns the picture as a data: URI, or "".
func (p Picture) URI() string {
	if p.Data == nil {
		return ""
	}
	return "data:image/" + p.Kind + ";base64," + base64.StdEncoding.EncodeToString(p.Data)
}

// Unusable is the error of a picture that cannot be shown. Its texts are for the
// author of the resume.
type Unusable struct {
	Message string // says why, without a full stop
	Hint    string // says what to do
}

// Error returns the message.
func (u *Unusable) Error() string { return u.Message }

// embed is the hint for pictures of which another copy can be used.
const embed = "embed it as a data: URI of a PNG or JPEG (data:image/jpeg;base64,…)"

// Read returns the portrait in a data: URI, or in bare base64: a PNG, JPEG, GIF, BMP,
// TIFF or WebP of bounded size, whichever the URI says it is, with no more pixels than
// are printed. An empty text gives the zero Picture. All errors are of type *Unusable.
func Read(s string) (Picture, error) {
	if s == "" {
		return Picture{}, nil
	}
	if len(s) > maxImageURI {
		return Picture{}, &Unusable{fmt.Sprintf("the picture has more than %d MB", maxImageURI>>20), "use a smaller one, such as 600 × 800 pixels"}
	}
	data, err := payload(s)
	if err != nil {
		return Picture{}, err
	}
	f, err := formatOf(data)
	if err != nil {
		return Picture{}, err
	}
	config, err := f.config(bytes.NewReader(data))
	if err != nil || config.Width <= 0 || config.Height <= 0 {
		return Picture{}, damaged(f)
	}
	if config.Width > maxImageDim || config.Height > maxImageDim || config.Width*config.Height > maxPixels {
		return Picture{}, &Unusable{
			fmt.Sprintf("the picture has %d × %d pixels, and at most %d million and %d along an edge are possible", config.Width, config.Height, maxPixels/1_000_000, maxImageDim),
			"use a smaller one, such as 600 × 800 pixels",
		}
	}
	if !f.decodable(data, config) {
		return Picture{}, &Unusable{"decoding the picture takes too much memory or time", embed}
	}
	p, ok := f.fit(data, config.Width, config.Height, config.ColorModel == color.CMYKModel)
	if !ok {
		return Picture{}, damaged(f)
	}
	return p, nil
}

// damaged returns the error of a picture that its decoder refuses.
func damaged(f format) error {
	return &Unusable{"the picture, of the format " + f.name + ", is damaged or of a rare kind and cannot be decoded", embed}
}
