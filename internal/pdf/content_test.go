package pdf

import (
	"slices"
	"testing"
)

// drawn returns the left and right ends of the glyphs of a content stream. Its font has glyphs
// half as wide as the size, which is 10.
func drawn(t *testing.T, content string) (ends [][2]float64, err error) {
	t.Helper()
	r := &reader{file: &File{known: newKnown()}, ctm: identity, line: identity, at: identity, stretch: 1, size: 10,
		font: &font{bytes: 1, usual: 0.5, text: cmap{1: "a", 2: " "}}}
	err = r.draw(&stream{raw: []byte(content)})
	for _, c := range r.out {
		ends = append(ends, [2]float64{c.X0, c.X1})
	}
	return ends, err
}

// Tz stretches glyphs and adjustments, but not moves.
func TestText_HorizontalScaling(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		content string
		want    [][2]float64
	}{
		"none":        {"BT <01> Tj <01> Tj ET", [][2]float64{{0, 5}, {5, 10}}},
		"stretched":   {"BT <01> Tj 300 Tz <02> Tj 100 Tz <01> Tj ET", [][2]float64{{0, 5}, {5, 20}, {20, 25}}},
		"narrowed":    {"BT 50 Tz <0101> Tj ET", [][2]float64{{0, 2.5}, {2.5, 5}}},
		"adjustments": {"BT 200 Tz [<01> -100 <01>] TJ ET", [][2]float64{{0, 10}, {12, 22}}},
		"moves":       {"BT 200 Tz <01> Tj 20 0 Td <01> Tj ET", [][2]float64{{0, 10}, {20, 30}}},
		"next text":   {"BT 200 Tz <01> Tj ET BT <01> Tj ET", [][2]float64{{0, 10}, {0, 10}}}, // it lasts: only q and Q end it
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := drawn(t, c.content); err != nil || !slices.Equal(got, c.want) {
				t.Errorf("got %v, %v; want %v", got, err, c.want)
			}
		})
	}
	for _, content := range []string{"Tz", "/A Tz", "1 2 Tz"} {
		if _, err := drawn(t, content); err == nil {
			t.Errorf("no error from %q", content)
		}
	}
}
