package portrait

import (
	"bytes"
	"encoding/binary"
)

// orientation returns the orientation of the camera for a JPEG picture (Exif 2.3, tag 0x0112);
// 1, upright, if the picture does not have it.
func orientation(data []byte) int {
	const upright = 1
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		marker, length := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		if marker == 0xda || length < 2 || at+2+length > len(data) { // the picture itself begins
			break
		}
		segment := data[at+4 : at+2+length]
		if tiff, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00")); marker == 0xe1 && ok {
			if v := tiffOrientation(tiff); v >= 1 && v <= 8 {
				return v
			}
			break
		}
		at += 2 + length
	}
	return upright
}

// withoutNotes returns a JPEG picture without the metadata of cameras and programs, which may
// contain a location: Exif, XMP, comments. It keeps what determines the colors: JFIF, a
// profile, and Adobe's marker.
func withoutNotes(data []byte) []byte {
	out := append(make([]byte, 0, len(data)), data[:2]...)
	at := 2
	for at+4 <= len(data) && data[at] == 0xff {
		marker, length := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		if marker == 0xda || length < 2 || at+2+length > len(data) { // the picture itself begins
			break
		}
		segment := data[at : at+2+length]
		profile := bytes.HasPrefix(segment[4:], []byte("ICC_PROFILE\x00"))
		if note := marker == 0xfe || marker > 0xe0 && marker <= 0xef && marker != 0xee && !profile; !note {
			out = append(out, segment...)
		}
		at += len(segment)
	}
	return append(out, data[at:]...)
}

// tiffOrientation reads the first directory of Exif's data; 0 when it does not say.
func tiffOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at > len(tiff)-2 {
		return 0
	}
	const entry = 12
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < entry {
			return 0
		}
		if order.Uint16(entries) == 0x0112 {
			return int(order.Uint16(entries[8:]))
		}
		entries = entries[entry:]
	}
	return 0
}
