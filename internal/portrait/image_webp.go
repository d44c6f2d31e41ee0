package portrait

import (
	"encoding/binary"
)

// webpSize is the width and height of a WebP picture in pixels, read from its
// first chunk (RFC 9649); zero when data is no WebP, or not all of one.
func webpSize(data []byte) (width, height int) {
	if len(data) < 30 || string(data[:4]) != "RIFF" || string(data[8:12]) != "WEBP" ||
		int64(binary.LittleEndian.Uint32(data[4:]))+8 > int64(len(data)) {
		return 0, 0
	}
	switch string(data[12:16]) {
	case "VP8X": // 24 bits each, less one
		return 1 + int(data[24]) + int(data[25])<<8 + int(data[26])<<16,
			1 + int(data[27]) + int(data[28])<<8 + int(data[29])<<16
	case "VP8L": // 14 bits each, less one, after a signature byte
		bits := uint32(data[21]) | uint32(data[22])<<8 | uint32(data[23])<<16 | uint32(data[24])<<24
		return 1 + int(bits&0x3fff), 1 + int(bits>>14&0x3fff)
	case "VP8 ": // 14 bits each, after the frame tag and start code
		return (int(data[26]) | int(data[27])<<8) & 0x3fff, (int(data[28]) | int(data[29])<<8) & 0x3fff
	}
	return 0, 0
}
