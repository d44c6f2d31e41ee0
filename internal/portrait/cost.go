package portrait

import (
	"encoding/binary"
	"image"
	"image/color"
)

const (
	// maxDecoded bounds the memory that decoding takes. A photograph of 24 million
	// pixels takes 40 to 190 MB, depending on how its JPEG is coded.
	maxDecoded = 200 << 20
	// maxScanned bounds the pixels of all scans of a JPEG together: each goes over the
	// whole picture, and 12 MB have room for a million of them. Cameras write one,
	// programs ten.
	maxScanned = 20 * maxPixels
)

// decodable reports whether decoding the picture takes bounded time and memory. config
// is what its header says.
func (f format) decodable(data []byte, config image.Config) bool {
	pixels := config.Width * config.Height
	switch f.name {
	case jpegName:
		memory, scans := jpegCost(data, pixels)
		return memory <= maxDecoded && scans*pixels <= maxScanned
	case tiffName:
		// The decoder reads up to eight bytes a pixel of a strip, whatever the pixels
		// are, into a buffer that doubles.
		return pixels*(16+pixelBytes(config.ColorModel)) <= maxDecoded
	case webpName:
		return pixels*8 <= maxDecoded // color, and an alpha channel that is decoded as color
	}
	return pixels*pixelBytes(config.ColorModel) <= maxDecoded
}

// pixelBytes returns the memory of a pixel that is decoded to this color model.
func pixelBytes(m color.Model) int {
	switch m {
	case color.NRGBA64Model, color.RGBA64Model:
		return 8
	case color.NRGBAModel, color.RGBAModel:
		return 4
	case color.Gray16Model:
		return 2
	}
	return 1 // gray, or a palette
}

// jpegCost returns the memory that decoding a JPEG takes, and its number of scans (ITU-T T.81,
// B.2). Decoding a progressive one keeps each coefficient in four bytes until the last scan.
func jpegCost(data []byte, pixels int) (memory, scans int) {
	for at := 2; at+4 <= len(data); {
		if data[at] != 0xff {
			at++ // within the data of a scan
			continue
		}
		marker := data[at+1]
		if marker == 0 || marker == 0xff || marker >= 0xd0 && marker <= 0xd8 { // no segment
			at++
			continue
		}
		if marker == 0xd9 { // what follows is no part of the picture
			break
		}
		length := int(binary.BigEndian.Uint16(data[at+2:]))
		segment := data[at+4 : max(at+4, min(at+2+length, len(data)))]
		switch marker {
		case 0xc0, 0xc1:
			memory = jpegSamples(segment, pixels)
		case 0xc2:
			memory = 5 * jpegSamples(segment, pixels)
		case 0xda:
			scans++
		}
		at += 2 + length
	}
	return memory, scans
}

// jpegSamples returns the number of samples of all components of a frame.
func jpegSamples(frame []byte, pixels int) int {
	if len(frame) < 6 {
		return 0
	}
	most, all := 1, 0
	for c := frame[6:]; len(c) >= 3; c = c[3:] {
		n := int(c[1]>>4) * int(c[1]&15)
		most, all = max(most, n), all+n
	}
	return pixels / most * all
}
