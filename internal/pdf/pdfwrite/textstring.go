package pdfwrite

import (
	"bytes"
	"encoding/hex"
	"strings"
	"unicode/utf16"
)

// hexText returns a text string (ISO 32000-1, 7.9.2.2) as UTF-16 in hexadecimal, as
// ToUnicode maps have it. It reads what Chrome writes: UTF-16 with a byte order mark, or
// ASCII.
func hexText(v []byte) (string, bool) {
	data, ok := stringBytes(v)
	if !ok {
		return "", false
	}
	if utf, found := bytes.CutPrefix(data, []byte{0xfe, 0xff}); found {
		return strings.ToUpper(hex.EncodeToString(utf)), len(utf)%2 == 0
	}
	var b strings.Builder
	for _, c := range data {
		if c >= 0x80 {
			return "", false
		}
		b.WriteString(hexUnit(uint16(c)))
	}
	return b.String(), true
}

// hexUnit returns four hexadecimal digits.
func hexUnit(u uint16) string {
	const digits = "0123456789ABCDEF"
	return string([]byte{digits[u>>12], digits[u>>8&15], digits[u>>4&15], digits[u&15]})
}

// runesOf returns the characters of UTF-16 in hexadecimal.
func runesOf(text string) []rune {
	data, err := hex.DecodeString(text)
	if err != nil || len(data)%2 != 0 {
		return nil
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = uint16(data[2*i])<<8 | uint16(data[2*i+1])
	}
	return utf16.Decode(units)
}

// stringBytes returns the bytes of a string in parentheses or in hexadecimal.
func stringBytes(v []byte) ([]byte, bool) {
	if len(v) < 2 {
		return nil, false
	}
	inner := v[1 : len(v)-1]
	if v[0] == '<' && v[len(v)-1] == '>' {
		data, err := hex.DecodeString(string(inner))
		return data, err == nil
	}
	if v[0] != '(' || v[len(v)-1] != ')' {
		return nil, false
	}
	var out []byte
	for i := 0; i < len(inner); i++ {
		c := inner[i]
		if c != '\\' {
			out = append(out, c)
			continue
		}
		if i++; i == len(inner) {
			return nil, false
		}
		switch c = inner[i]; c {
		case 'n', 'r', 't', 'b', 'f':
			out = append(out, "\n\r\t\b\f"[strings.IndexByte("nrtbf", c)])
		case '0', '1', '2', '3', '4', '5', '6', '7':
			n := 0
			for end := i + 3; i < end && i < len(inner) && inner[i] >= '0' && inner[i] <= '7'; i++ {
				n = 8*n + int(inner[i]-'0')
			}
			i--
			out = append(out, byte(n))
		default:
			out = append(out, c)
		}
	}
	return out, true
}
