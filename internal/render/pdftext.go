package render

import (
	"math"

	"github.com/letrazapp/letraz-export/internal/pdf"
)

// textMetrics has the sizes and positions of a document's text that a fit needs, in
// points. It is zero if the first page has no text.
type textMetrics struct {
	body     float64 // size of most of the text on the first page
	smallest float64 // on the first and the last page
	// Baselines, measured from the bottom of the page: the first and the last one of the
	// first page, and the last one of the last page.
	top, bottom, end float64
}

// measureText returns the metrics of a file with the given number of pages.
func measureText(data []byte, pages int) (textMetrics, error) {
	f, err := pdf.Open(data)
	if err != nil {
		return textMetrics{}, err
	}
	text, err := f.Text()
	if err != nil {
		return textMetrics{}, err
	}
	return metricsOf(text, pages), nil
}

// metricsOf returns the metrics of the text on the first and the last page.
func metricsOf(text []pdf.Cluster, pages int) textMetrics {
	l := textMetrics{smallest: math.Inf(1), top: math.Inf(-1), bottom: math.Inf(1)}
	end := math.Inf(1)
	sizes := map[float64]int{} // bytes of text on the first page
	for _, c := range text {
		if c.Page != 0 && c.Page != pages-1 {
			continue
		}
		size := math.Round(100*c.Size) / 100
		l.smallest = min(l.smallest, size)
		if c.Page == 0 {
			sizes[size] += len(c.Text)
			l.top, l.bottom = max(l.top, c.Y), min(l.bottom, c.Y)
		}
		if c.Page == pages-1 {
			end = min(end, c.Y)
		}
	}
	most := 0
	for size, n := range sizes {
		if n > most || n == most && size > l.body {
			l.body, most = size, n
		}
	}
	if len(sizes) == 0 {
		return textMetrics{}
	}
	l.end = l.top // nothing on the last page
	if !math.IsInf(end, 1) {
		l.end = end
	}
	return l
}
