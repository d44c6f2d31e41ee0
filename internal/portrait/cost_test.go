package portrait

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// progressive is a JPEG of this size, of three components sampled alike, with empty scans
// after the one that the picture is in.
func progressive(t *testing.T, width, height, scans int) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("\xff\xd8\xff\xc2")
	frame := []byte{8, byte(height >> 8), byte(height), byte(width >> 8), byte(width), 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0}
	b.Write(binary.BigEndian.AppendUint16(nil, uint16(len(frame)+2)))
	b.Write(frame)
	b.WriteString("\xff\xdb\x00\x43\x00" + string(bytes.Repeat([]byte{1}, 64)))   // quantization
	b.WriteString("\xff\xc4\x00\x14\x00\x01" + string(make([]byte, 15)) + "\x00") // Huffman, DC: one code, no difference
	b.WriteString("\xff\xc4\x00\x14\x10\x01" + string(make([]byte, 15)) + "\xe0") // AC: an end of 2^14 blocks
	for range scans {
		b.WriteString("\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00") // DC of the first component
		b.Write(make([]byte, (width/8+1)*(height/8+1)/8+1))
	}
	b.WriteString("\xff\xd9")
	return b.Bytes()
}

func TestRead_LeavesOutWhatTakesTooMuchToDecode(t *testing.T) {
	t.Parallel()
	uri := func(kind string, data []byte) string {
		return "data:image/" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)
	}
	deep := func(w, h int) []byte {
		// Only the header: 16 bits a channel.
		var b bytes.Buffer
		if err := png.Encode(&b, image.NewNRGBA64(image.Rect(0, 0, 1, 1))); err != nil {
			t.Fatal(err)
		}
		data := b.Bytes()
		binary.BigEndian.PutUint32(data[16:], uint32(w))
		binary.BigEndian.PutUint32(data[20:], uint32(h))
		return data
	}
	for _, tc := range []struct {
		name, kind string
		data       []byte
		want       bool
	}{
		{"progressive with ten scans", "jpeg", progressive(t, 2000, 2000, 10), true},
		{"a thousand scans", "jpeg", progressive(t, 4000, 4000, 1000), false},
		{"many scans of a small picture", "jpeg", progressive(t, 64, 64, 2000), true},
		{"progressive without subsampling", "jpeg", progressive(t, 5000, 5000, 1), false},
	} {
		config, _, err := image.DecodeConfig(bytes.NewReader(tc.data))
		if err != nil {
			t.Fatalf("%s: %v", tc.name, err)
		}
		if got := decodable(tc.kind, tc.data, config); got != tc.want {
			t.Errorf("%s: decodable is %t", tc.name, got)
		}
		if got := Read(uri(tc.kind, tc.data)).URI(); !tc.want && got != "" {
			t.Errorf("%s: shown", tc.name)
		}
	}
	for _, tc := range []struct {
		w, h  int
		model color.Model
		want  bool
	}{
		{5000, 5000, color.NRGBAModel, true}, {5000, 5000, color.RGBA64Model, true}, {5300, 5000, color.NRGBA64Model, false}, {8000, 3000, color.Gray16Model, true},
	} {
		if got := decodable("png", deep(tc.w, tc.h), image.Config{Width: tc.w, Height: tc.h, ColorModel: tc.model}); got != tc.want {
			t.Errorf("a PNG of %d × %d: decodable is %t", tc.w, tc.h, got)
		}
	}
	var camera bytes.Buffer
	if err := jpeg.Encode(&camera, image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420), nil); err != nil {
		t.Fatal(err)
	}
	if Read(uri("jpeg", camera.Bytes())).URI() == "" {
		t.Error("a photograph of twelve million pixels is left out")
	}
}
