package render

import (
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
)

// TestPapers_SamePageCount: Letter is shorter than A4, but no sample has a few lines on an
// additional page because of that.
func TestPapers_SamePageCount(t *testing.T) {
	t.Parallel()
	for _, s := range allSamples(t) {
		t.Run(s.Slug, func(t *testing.T) {
			t.Parallel()
			r := sampleResume(t, s)
			a4, letter := renderPDF(t, r, export.A4).Pages, renderPDF(t, r, export.Letter).Pages
			if a4 != letter {
				t.Errorf("%d pages of A4, %d of Letter", a4, letter)
			}
		})
	}
}
