package render

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/jpeg"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
)

// TestPortrait_Pixels: a photograph in camera resolution is reduced.
func TestPortrait_Pixels(t *testing.T) {
	t.Parallel()
	photo := image.NewGray(image.Rect(0, 0, 3000, 4000))
	for i := range photo.Pix {
		photo.Pix[i] = uint8(i*i/977 + i/131)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, photo, nil); err != nil {
		t.Fatal(err)
	}
	r := sample(t, "german")
	r.Person.Image = ""
	without := renderPDF(t, r, export.A4)
	r.Person.Image = "data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(b.Bytes())
	with := renderPDF(t, r, export.A4)
	if grown := len(with.Data) - len(without.Data); grown > 150<<10 || b.Len() < 1<<20 {
		t.Errorf("a photograph of %d bytes makes the file %d bytes larger", b.Len(), grown)
	}
	list := tool(t, "pdfimages", "-list", saved(t, with.Data))
	if strings.Count(list, "jpeg") != 1 || !strings.Contains(list, " 413 ") {
		t.Errorf("the file's pictures are:\n%s", list)
	}
	// A damaged picture is left out; the file is still made.
	r.Person.Image = r.Person.Image[:len(r.Person.Image)/2/4*4+3]
	if damaged := renderPDF(t, r, export.A4); damaged.Pages != without.Pages || len(damaged.Data) > len(with.Data) {
		t.Errorf("with a damaged picture: %d pages, %d bytes", damaged.Pages, len(damaged.Data))
	}
}
