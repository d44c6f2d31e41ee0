package tree

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/letrazapp/letraz-export/internal/note"
)

// UTF8 returns the text of a file in UTF-8 without a byte order mark. UTF-16 is recognised
// by its mark or the zeros between its letters. What is in neither is read as
// Windows-1252, which includes Latin-1. Another encoding than UTF-8 is noted.
func UTF8(data []byte, notes *note.List) []byte {
	if rest, ok := bytes.CutPrefix(data, []byte("\ufeff")); ok {
		data = rest
	}
	const hint = "save the file as UTF-8"
	switch {
	case len(data) < 2:
		return data
	case data[0] == 0xff && data[1] == 0xfe, data[1] == 0 && data[0] != 0:
		notes.Add("", note.Repaired, "the file was read as UTF-16", hint)
		return fromUTF16(data, binary.LittleEndian)
	case data[0] == 0xfe && data[1] == 0xff, data[0] == 0 && data[1] != 0:
		notes.Add("", note.Repaired, "the file was read as UTF-16", hint)
		return fromUTF16(data, binary.BigEndian)
	case utf8.Valid(data):
		return data
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil {
		return data // the parser says where it is not valid
	}
	notes.Add("", note.Repaired, "the file is not UTF-8 and was read as Windows-1252", hint)
	return text
}

func fromUTF16(data []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, 0, len(data)/2)
	for ; len(data) >= 2; data = data[2:] {
		units = append(units, order.Uint16(data))
	}
	if len(units) > 0 && units[0] == 0xfeff {
		units = units[1:]
	}
	return []byte(string(utf16.Decode(units)))
}
