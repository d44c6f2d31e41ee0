package portrait

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"runtime"
	"slices"
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
		f, err := formatOf(tc.data)
		if err != nil {
			t.Fatalf("%s: %v", tc.name, err)
		}
		config, err := f.config(bytes.NewReader(tc.data))
		if err != nil {
			t.Fatalf("%s: %v", tc.name, err)
		}
		if got := f.decodable(tc.data, config); got != tc.want {
			t.Errorf("%s: decodable is %t", tc.name, got)
		}
		if got := read(uri(tc.kind, tc.data)).URI(); !tc.want && got != "" {
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
		if got := (format{name: pngName}).decodable(deep(tc.w, tc.h), image.Config{Width: tc.w, Height: tc.h, ColorModel: tc.model}); got != tc.want {
			t.Errorf("a PNG of %d × %d: decodable is %t", tc.w, tc.h, got)
		}
	}
	var camera bytes.Buffer
	if err := jpeg.Encode(&camera, image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420), nil); err != nil {
		t.Fatal(err)
	}
	if read(uri("jpeg", camera.Bytes())).URI() == "" {
		t.Error("a photograph of twelve million pixels is left out")
	}
}

// allocated returns how many bytes a function allocates. No other test may run.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Headers of small files that promise large pictures.
func TestRead_Bombs(t *testing.T) {
	uri := func(data []byte) string { return dataURI("png", data) }
	gifOf := func(width, height, frames int) []byte {
		var b bytes.Buffer
		b.WriteString("GIF89a")
		b.Write([]byte{byte(width), byte(width >> 8), byte(height), byte(height >> 8), 0x80, 0, 0, 0, 0, 0, 255, 255, 255})
		for range frames {
			b.Write([]byte{0x2c, 0, 0, 0, 0, byte(width), byte(width >> 8), byte(height), byte(height >> 8), 0, 2, 2, 0x4c, 1, 0})
		}
		b.WriteByte(0x3b)
		return b.Bytes()
	}
	bmpOf := func(width, height int32) []byte {
		b := append([]byte("BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00"), make([]byte, 36)...)
		binary.LittleEndian.PutUint32(b[18:], uint32(width))
		binary.LittleEndian.PutUint32(b[22:], uint32(height))
		b[26], b[28] = 1, 24
		return b
	}
	// tiffOf has the tags of a picture in one strip, or in tiles.
	tiffOf := func(width, height, tile uint32) []byte {
		entries := [][2]uint32{{256, width}, {257, height}, {258, 8}, {259, 8}, {262, 1}, {273, 8}, {278, height}, {279, 12 << 20}}
		if tile > 0 {
			entries = [][2]uint32{{256, width}, {257, height}, {258, 8}, {259, 8}, {262, 1}, {322, tile}, {323, tile}, {324, 8}, {325, 12 << 20}}
		}
		b := []byte("II*\x00\x08\x00\x00\x00")
		b = binary.LittleEndian.AppendUint16(b, uint16(len(entries)))
		for _, e := range entries {
			b = binary.LittleEndian.AppendUint16(b, uint16(e[0]))
			b = append(b, 4, 0, 1, 0, 0, 0)
			b = binary.LittleEndian.AppendUint32(b, e[1])
		}
		return append(b, 0, 0, 0, 0)
	}
	webpOf := func(width, height uint32) []byte {
		b := []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f")
		b = binary.LittleEndian.AppendUint32(b, width-1|(height-1)<<14)
		return append(b, make([]byte, 9)...)
	}
	for name, data := range map[string][]byte{
		"wide GIF":           gifOf(65535, 65535, 1),
		"large GIF":          gifOf(7000, 7000, 1),
		"wide BMP":           bmpOf(2_000_000_000, 1),
		"large BMP":          bmpOf(8000, -8000),
		"BMP of no size":     bmpOf(0, 0),
		"BMP without pixels": bmpOf(5000, 5000),
		"wide TIFF":          tiffOf(1<<31, 1<<31, 0),
		"large TIFF":         tiffOf(5000, 5000, 0),
		"TIFF with one tile": tiffOf(4, 4, 1<<30),
		"TIFF, large tiles":  tiffOf(5000, 5000, 5008),
		"TIFF without data":  tiffOf(100, 100, 0),
		"wide WebP":          webpOf(16384, 16384),
		"large WebP":         webpOf(7900, 7900),
		"WebP without data":  webpOf(100, 100),
	} {
		var p Picture
		var err error
		size := allocated(func() { p, err = Read(uri(data)) })
		if err == nil || p.Data != nil {
			t.Errorf("%s: shown", name)
		}
		if size > maxDecoded {
			t.Errorf("%s: %d MB were allocated", name, size>>20)
		}
	}
}

// Of a GIF with very many frames only the first is decoded.
func TestRead_ManyFrames(t *testing.T) {
	frame := image.NewPaletted(image.Rect(0, 0, 2000, 2000), color.Palette{color.Black, color.White})
	data := encoded(t, func(b *bytes.Buffer) error { return gif.Encode(b, frame, nil) })
	start, end := data[:len(data)-1], data[len(data)-1:]
	again := start[bytes.IndexByte(start, 0x2c):]
	many := dataURI("gif", slices.Concat(start, bytes.Repeat(again, 300), end))
	size := allocated(func() {
		if read(many).Data == nil {
			t.Error("left out")
		}
	})
	if size > 10*2000*2000 {
		t.Errorf("%d MB were allocated", size>>20)
	}
}
