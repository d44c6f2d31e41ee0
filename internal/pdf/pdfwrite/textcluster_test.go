package pdfwrite

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

// composed returns a content stream as the writer composes its clusters. Font F4 has
// ten glyphs half as wide as the size, but glyph 2, a mark; glyph 5 stands for two letters, of which the
// second is a mark.
func composed(t *testing.T, content string) (string, *textFont) {
	t.Helper()
	glyph := make([]byte, 12) // a box from 100, 0 to 400, 700
	for i, v := range []int{1, 100, 0, 400, 700} {
		binary.BigEndian.PutUint16(glyph[2*i:], uint16(v))
	}
	o := &outlines{program: &object{}, glyphs: 10, units: 1000, offsets: []int{0}}
	for range o.glyphs {
		o.glyf = append(o.glyf, glyph...)
		o.offsets = append(o.offsets, len(o.glyf))
	}
	f := &textFont{part: &object{body: []byte("<<>>")}, usual: 500, outlines: o, several: true,
		texts: map[int]string{1: "0E17", 2: "0E35", 3: "0627", 4: "0020", 5: "0E170E35"}, spans: map[int]span{}}
	f.setWidth(2, 0)
	j := &joiner{spans: true, letters: true, doc: &parsedFile{scratch: new(scratch)}, fonts: map[int]*textFont{4: f}}
	out := &object{body: []byte("<<>>")}
	if err := j.rewrite(out, appendLines(nil, []byte(content))); err != nil {
		t.Fatal(err)
	}
	return string(j.doc.inflate(out)), f
}

func TestCompose(t *testing.T) {
	t.Parallel()
	const begin = "BT\n/F4 10 Tf\n1 0 0 -1 0 20 Tm\n"
	const reversed = "BT\n/ReversedChars BMC\n/F4 10 Tf\n1 0 0 -1 0 20 Tm\n"
	for name, c := range map[string]struct {
		content, want string
		texts         []string // of the added glyphs, from code 10
	}{
		"mark above":     {begin + "/Span<</ActualText <feff0e170e35> >> BDC\n<0001> Tj\n2 3 Td <0002> Tj\nEMC\n3 -3 Td <0001> Tj\nET\n", begin + "<000a000b0001> Tj\nET\n", []string{"0E17", "0E35"}},
		"several":        {begin + "/Span<</ActualText <feff09150937> >> BDC\n<0001> Tj\n5 0 Td <0002> Tj\nEMC\nET\n", begin + "<000a> Tj\nET\n", []string{"09150937"}},
		"known already":  {begin + "/Span<</ActualText <feff0e17> >> BDC\n<0001> Tj\nEMC\nET\n", begin + "<0001> Tj\nET\n", nil},
		"another text":   {begin + "/Span<</ActualText <feff0e18> >> BDC\n<0001> Tj\nEMC\n5 0 Td <0001> Tj\nET\n", begin + "<000a0001> Tj\nET\n", []string{"0E18"}},
		"right to left":  {reversed + "/Span<</ActualText <feff06350651> >> BDC\n4 3 Td <0002> Tj\n-2 -3 Td <0001> Tj\nEMC\n5 0 Td <0003> Tj\nEMC\nET\n", strings.Replace(reversed, "1 0 0 -1 0 20 Tm", "1 0 0 -1 2 20 Tm", 1) + "[<000a>-28<000b0003>] TJ\nEMC\nET\n", []string{"0651", "0635"}},
		"ligature":       {reversed + "/Span<</ActualText <feff06440627> >> BDC\n<0001> Tj\nEMC\nEMC\nET\n", reversed + "[<000a>-28<000b>] TJ\nEMC\nET\n", []string{"0627", "0644"}},
		"listed by font": {begin + "/Span<</ActualText <feff0e17> >> BDC\n<0001> Tj\nEMC\n5 0 Td <0005> Tj\nET\n", begin + "<0001000a000b> Tj\nET\n", []string{"0E17", "0E35"}},
		"kerned mark":    {begin + "/Span<</ActualText <feff0e17> >> BDC\n<0001> Tj\nEMC\n5 0 Td <0005> Tj\n4.8 0 Td <0001> Tj\nET\n", begin + "[<0001000a>20<000b0001>] TJ\nET\n", []string{"0E17", "0E35"}},
		"wide blank":     {begin + "/Span<</ActualText <feff2002> >> BDC\n<0004> Tj\nEMC\n5 0 Td <0001> Tj\nET\n", begin + "<00040001> Tj\nET\n", nil},
		"two fonts":      {begin + "/Span<</ActualText <feff0e170e35> >> BDC\n<0001> Tj\n/F4 9 Tf\n<0002> Tj\nEMC\nET\n", begin + "/Span<</ActualText <feff0e170e35> >> BDC\n<0001> Tj\n/F4 9 Tf\n<0002> Tj\nEMC\nET\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, f := composed(t, c.content)
			if got = strings.ToLower(got); got != strings.ToLower(c.want) {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			var texts []string
			for code := f.outlines.glyphs; code < len(f.outlines.offsets)-1; code++ {
				texts = append(texts, f.texts[code])
			}
			if !slices.Equal(texts, c.texts) {
				t.Errorf("the glyphs stand for %q, want %q", texts, c.texts)
			}
		})
	}
}

// TestCompose_SharesGlyphs: equal clusters are one glyph.
func TestCompose_SharesGlyphs(t *testing.T) {
	t.Parallel()
	const span = "/Span<</ActualText <feff09150937> >> BDC\n<0001> Tj\n5 0 Td <0002> Tj\nEMC\n"
	_, f := composed(t, "BT\n/F4 10 Tf\n1 0 0 -1 0 20 Tm\n"+span+"5 0 Td <0001> Tj\nET\nBT\n/F4 10 Tf\n1 0 0 -1 0 40 Tm\n"+span+"5 0 Td <0001> Tj\nET\n")
	if n := len(f.outlines.offsets) - 1 - f.outlines.glyphs; n != 1 {
		t.Errorf("%d glyphs were added", n)
	}
}

func TestAdd(t *testing.T) {
	t.Parallel()
	_, f := composed(t, "BT\nET\n")
	o := f.outlines
	code, ok := o.add([]part{{code: 1}, {code: 2, dx: 300, dy: -50}}, 800)
	if !ok || code != 10 {
		t.Fatalf("code %d, %v", code, ok)
	}
	glyph := o.glyf[o.offsets[10]:o.offsets[11]]
	var header []int
	for i := range 5 {
		header = append(header, int(int16(binary.BigEndian.Uint16(glyph[2*i:]))))
	}
	if want := []int{-1, 100, -50, 700, 700}; !slices.Equal(header, want) {
		t.Errorf("the header is %d, want %d", header, want)
	}
	if plain, ok := appendGlyph(nil, glyph); !ok || len(plain) != glyphHeader+16 {
		t.Errorf("the glyph has %d bytes: %v", len(plain), ok)
	}
	if code, ok = o.add(nil, 0); !ok || o.offsets[code] != o.offsets[code+1] {
		t.Errorf("a blank has an outline: %v", ok)
	}
	for name, parts := range map[string][]part{"of an added glyph": {{code: 10}}, "far away": {{code: 1, dx: 40000}}} {
		if _, ok := o.add(parts, 500); ok {
			t.Errorf("a glyph %s was added", name)
		}
	}
}
