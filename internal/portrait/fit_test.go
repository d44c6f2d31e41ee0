package portrait

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
)

// photograph is noise that hardly compresses, darker on the left, opaque or not.
func photograph(w, h int, alpha uint8) *image.NRGBA {
	random := rand.New(rand.NewPCG(1, 2))
	p := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := 0; i < len(p.Pix); i += 4 {
		v := uint8(random.IntN(80))
		if i/4%w >= w/2 {
			v += 160
		}
		p.Pix[i], p.Pix[i+1], p.Pix[i+2], p.Pix[i+3] = v, v, v, alpha
	}
	return p
}

// read is the picture of Read, or none.
func read(uri string) Picture {
	p, err := Read(uri)
	if err != nil {
		return Picture{}
	}
	return p
}

func asJPEG(t *testing.T, p image.Image, exif string) string {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, p, &jpeg.Options{Quality: 80}); err != nil {
		t.Fatal(err)
	}
	data := b.Bytes()
	if exif != "" {
		segment := "Exif\x00\x00" + exif
		data = append([]byte("\xff\xd8\xff\xe1\x00"+string(rune(len(segment)+2))+segment), data[2:]...)
	}
	return "data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(data)
}

// shown decodes what Read made of a picture.
func shown(t *testing.T, uri string) (p image.Image, kind string, size int) {
	t.Helper()
	_, payload, ok := strings.Cut(read(uri).URI(), ",")
	if !ok {
		t.Fatal("the picture was left out")
	}
	data, err := base64.StdEncoding.DecodeString(payload)
	if err != nil {
		t.Fatal(err)
	}
	if p, kind, err = image.Decode(bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	return p, kind, len(data)
}

func TestRead_ShrinksPhotograph(t *testing.T) {
	t.Parallel()
	p, kind, size := shown(t, asJPEG(t, photograph(2400, 3000, 255), ""))
	if b := p.Bounds(); kind != "jpeg" || b.Dx() < 413 || b.Dx() > 440 || b.Dy() < 531 || b.Dy() > 540 || size > 150<<10 {
		t.Errorf("a %s of %v and %d bytes", kind, b, size)
	}
	left, right := color.GrayModel.Convert(p.At(100, 250)).(color.Gray).Y, color.GrayModel.Convert(p.At(330, 250)).(color.Gray).Y
	if left < 30 || left > 50 || right < 190 || right > 210 {
		t.Errorf("the left is %d, the right %d", left, right)
	}
}

func TestRead_KeepsTransparency(t *testing.T) {
	t.Parallel()
	for alpha, want := range map[uint8]string{255: "jpeg", 128: "png"} {
		var b bytes.Buffer
		if err := png.Encode(&b, photograph(1200, 1200, alpha)); err != nil {
			t.Fatal(err)
		}
		p, kind, _ := shown(t, "data:image/png;base64,"+base64.StdEncoding.EncodeToString(b.Bytes()))
		_, _, _, a := p.At(5, 5).RGBA()
		if kind != want || p.Bounds().Dy() > 540 || uint8(a>>8) != alpha {
			t.Errorf("alpha %d: a %s of %v with alpha %d", alpha, kind, p.Bounds(), a>>8)
		}
	}
}

func TestRead_KeepsSmallPicture(t *testing.T) {
	t.Parallel()
	for _, p := range []image.Image{photograph(300, 400, 255), photograph(2000, 90, 255)} {
		in := asJPEG(t, p, "")
		if read(in).URI() != in {
			t.Errorf("a picture of %v was changed", p.Bounds())
		}
	}
}

// A camera held upright writes a picture lying on its side, and how to turn it.
func TestRead_Orientation(t *testing.T) {
	t.Parallel()
	little := func(v string) string {
		return "II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00" + v + "\x00\x00\x00"
	}
	big := func(v string) string {
		return "MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + v + "\x00\x00"
	}
	// Where the dark half is: left, right, top or bottom.
	p, kind, _ := shown(t, asJPEG(t, photograph(300, 200, 255), big("\x06")))
	if b := p.Bounds(); kind != "jpeg" || b.Dx() != 200 || b.Dy() != 300 {
		t.Errorf("of a small picture that lies on its side a %s of %v was made", kind, b)
	}
	for exif, want := range map[string]string{
		"": "left", little("\x01"): "left", little("\x02"): "right", little("\x03"): "right", little("\x04"): "left",
		little("\x05"): "top", big("\x06"): "top", little("\x07"): "bottom", big("\x08"): "bottom",
		little("\x09"): "left", "II*": "left", "MM\x00*\xff\xff\xff\xff": "left",
	} {
		p, _, _ := shown(t, asJPEG(t, photograph(800, 700, 255), exif))
		b := p.Bounds()
		dark := func(x, y int) bool {
			return color.GrayModel.Convert(p.At(x*b.Dx()/8, y*b.Dy()/8)).(color.Gray).Y < 128
		}
		got := "nowhere"
		for side, at := range map[string][4]int{"left": {1, 2, 1, 6}, "right": {7, 2, 7, 6}, "top": {2, 1, 6, 1}, "bottom": {2, 7, 6, 7}} {
			if dark(at[0], at[1]) && dark(at[2], at[3]) {
				got = side
			}
		}
		if sideways := want == "top" || want == "bottom"; got != want || sideways != (b.Dy() > b.Dx()) {
			t.Errorf("%q: dark %s in %v, want %s", exif, got, b, want)
		}
	}
}

// A telephone writes into a photograph where it was taken.
func TestRead_RemovesMetadata(t *testing.T) {
	t.Parallel()
	plain := asJPEG(t, photograph(300, 400, 255), "")
	for _, size := range []int{300, 2000} {
		in := asJPEG(t, photograph(size, 400, 255), "MM\x00*\x00\x00\x00\x08\x00\x00GPS 47.37 8.54")
		_, payload, _ := strings.Cut(read(in).URI(), ",")
		data, err := base64.StdEncoding.DecodeString(payload)
		if err != nil || len(data) == 0 || bytes.Contains(data, []byte("GPS")) {
			t.Errorf("%d pixels: %v, %d bytes, with what was noted", size, err, len(data))
		}
		if size == 300 && read(in).URI() != plain {
			t.Error("more than the notes was changed")
		}
	}
	kept := "\xff\xd8\xff\xe0\x00\x04JF\xff\xe2\x00\x10ICC_PROFILE\x00\x01\x01\xff\xee\x00\x04Ad\xff\xdb\x00\x03q"
	noted := strings.Replace(kept, "\xff\xe2", "\xff\xe1\x00\x03x\xff\xe2\x00\x05MPF\xff\xfe\x00\x02\xff\xe2", 1)
	for in, want := range map[string]string{noted: kept, kept: kept, "\xff\xd8": "\xff\xd8", "\xff\xd8\xff\xe1\xff\xff": "\xff\xd8\xff\xe1\xff\xff"} {
		if got := string(withoutNotes([]byte(in))); got != want {
			t.Errorf("%q became %q", in, got)
		}
	}
}

func TestRead_Undecodable(t *testing.T) {
	t.Parallel()
	whole := asJPEG(t, photograph(1600, 1200, 255), "")
	var wide bytes.Buffer
	if err := png.Encode(&wide, image.NewGray(image.Rect(0, 0, 6000, 5000))); err != nil {
		t.Fatal(err)
	}
	little := asJPEG(t, photograph(160, 120, 255), "")
	var drawing bytes.Buffer
	if err := png.Encode(&drawing, photograph(60, 80, 255)); err != nil {
		t.Fatal(err)
	}
	webp := "RIFF\xff\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x03\x00\x00"
	for name, uri := range map[string]string{
		"half a photograph":       whole[:len(whole)/2/4*4+3],
		"half a small photograph": little[:len(little)/2/4*4+3],
		"half a drawing":          "data:image/png;base64," + base64.StdEncoding.EncodeToString(drawing.Bytes()[:drawing.Len()/2]),
		"half a WebP":             "data:image/webp;base64," + base64.StdEncoding.EncodeToString([]byte(webp)),
		"too many pixels":         "data:image/png;base64," + base64.StdEncoding.EncodeToString(wide.Bytes()),
	} {
		if got := read(uri).URI(); got != "" {
			t.Errorf("%s is shown as %.50s", name, got)
		}
	}
}
