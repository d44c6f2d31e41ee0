package chrome

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// TestPrint_Scale checks the assumption of fit-to-pages: the scale applies exactly to
// everything on the page, and not to the paper and its margins.
func TestPrint_Scale(t *testing.T) {
	t.Parallel()
	e := setup(t, nil)
	type box struct{ left, top, right, bottom float64 }
	look := func(scale float64) box {
		d := Document{HTML: []byte("<style>@page{size:A4;margin:20mm 25mm}*{margin:0;padding:0}p{font-size:30pt}</style><p>word"), PreferCSSPageSize: true, Scale: scale}
		pdf := mustPrint(t, e, d)
		if got := info(t, pdf, "Page size"); got != "595.92 x 841.92 pts (A4)" && got != "594.96 x 841.92 pts (A4)" {
			t.Errorf("scale %g: the page size is %s", scale, got)
		}
		_, words, _ := strings.Cut(run(t, pdf, "pdftotext", "-bbox", "FILE", "-"), "<word ")
		var b box
		if _, err := fmt.Sscanf(words, `xMin="%f" yMin="%f" xMax="%f" yMax="%f"`, &b.left, &b.top, &b.right, &b.bottom); err != nil {
			t.Fatalf("scale %g: %v in %.100s", scale, err, words)
		}
		return b
	}
	whole := look(0)
	if whole != look(1) {
		t.Error("no scale is another than 1")
	}
	for _, scale := range []float64{.872, .878, .5} {
		b := look(scale)
		if got := (b.bottom - b.top) / (whole.bottom - whole.top); math.Abs(got-scale) > .001 {
			t.Errorf("scale %g: the word is %.4f of its height", scale, got)
		}
		if got := (b.right - b.left) / (whole.right - whole.left); math.Abs(got-scale) > .01 {
			t.Errorf("scale %g: the word is %.4f of its width", scale, got)
		}
		if math.Abs(b.left-whole.left) > 1 || math.Abs(b.top-whole.top) > 7 {
			t.Errorf("scale %g: the word begins at %g, %g; unscaled at %g, %g", scale, b.left, b.top, whole.left, whole.top)
		}
	}
}
