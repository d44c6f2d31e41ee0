package pdfwrite

import (
	"bytes"
	"testing"
)

func TestAppendGlyph(t *testing.T) {
	t.Parallel()
	box := []byte{0, 1, 0, 2, 0, 3, 0, 4}
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	for name, tc := range map[string]struct{ in, want []byte }{
		"two contours": {
			join([]byte{0, 2}, box, []byte{0, 3, 0, 7}, []byte{0, 3, 9, 9, 9}, []byte("points")),
			join([]byte{0, 2}, box, []byte{0, 3, 0, 7}, []byte{0, 0}, []byte("points")),
		},
		"no instructions": {
			join([]byte{0, 1}, box, []byte{0, 3}, []byte{0, 0}, []byte("points")),
			join([]byte{0, 1}, box, []byte{0, 3}, []byte{0, 0}, []byte("points")),
		},
		"of two others": {
			join([]byte{255, 255}, box, []byte{1, 0x21, 0, 5, 1, 2, 3, 4}, []byte{1, 0x08, 0, 6, 1, 2, 64, 0}, []byte{0, 2, 9, 9}),
			join([]byte{255, 255}, box, []byte{0, 0x21, 0, 5, 1, 2, 3, 4}, []byte{0, 0x08, 0, 6, 1, 2, 64, 0}),
		},
	} {
		got, ok := appendGlyph(nil, tc.in)
		if !ok || !bytes.Equal(got, tc.want) {
			t.Errorf("%s: %v became %v, %v; want %v", name, tc.in, got, ok, tc.want)
		}
		for n := range tc.in[:len(tc.in)-len("points")] {
			_, _ = appendGlyph(nil, tc.in[:n]) // no panic
		}
	}
}

func TestAppendNumber(t *testing.T) {
	t.Parallel()
	for v, want := range map[int][]byte{
		0: {139}, 107: {246}, -107: {32}, 108: {247, 0}, 1131: {250, 255}, -108: {251, 0}, -1131: {254, 255},
		1132: {28, 4, 108}, -1132: {28, 251, 148}, 16384: {28, 64, 0},
	} {
		if got := appendNumber(nil, v); !bytes.Equal(got, want) {
			t.Errorf("%d is %v, want %v", v, got, want)
		}
	}
}
