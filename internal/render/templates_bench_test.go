package render

import (
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/theme"
)

// BenchmarkTemplates compares what the templates cost: time for a file and its
// bytes, as multiples of the first template's. They take turns, so that all meet
// the same load. None should be over 1.3.
func BenchmarkTemplates(b *testing.B) {
	for _, slug := range []string{"tailored", "senior-engineer", "arabic", "japanese"} {
		b.Run(slug, func(b *testing.B) {
			r := sample(b, slug)
			list := theme.Templates()
			took, size := make([]time.Duration, len(list)), make([]int, len(list))
			for i, tm := range list { // the faces are loaded now
				size[i] = len(renderIn(b, r, tm.Name, export.A4).Data)
			}
			for b.Loop() {
				for i, tm := range list {
					start := time.Now()
					renderIn(b, r, tm.Name, export.A4)
					took[i] += time.Since(start)
				}
			}
			for i, tm := range list {
				b.ReportMetric(float64(took[i].Milliseconds())/float64(b.N), tm.Name+"-ms")
				b.ReportMetric(float64(size[i]), tm.Name+"-B")
				b.ReportMetric(float64(took[i])/float64(took[0]), tm.Name+"-time-x")
				b.ReportMetric(float64(size[i])/float64(size[0]), tm.Name+"-bytes-x")
			}
		})
	}
}
