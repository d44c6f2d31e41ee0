package render

import (
	"context"
	"math"

	"github.com/letrazapp/letraz-export/internal/export"
)

// tightness is a setting of a document: factors on the template's spacing, line height
// and size.
type tightness struct{ space, leading, size float64 }

// Lower bounds of a fit, for legibility. The caller's minimum size does not change them.
const (
	minSpace   = .5
	minLeading = .9
	// smallestPt is the bound for text smaller than the body, such as notes.
	smallestPt = 7
)

// tightenings returns the steps of a fit, from the template's own setting to the
// tightest: first the spacing, then the line height, then the size decreases, in
// whole percents and not below floor.
func tightenings(floor float64) []tightness {
	t := tightness{1, 1, 1}
	steps := []tightness{t}
	for _, t.space = range []float64{.83, .67, minSpace} {
		steps = append(steps, t)
	}
	for _, t.leading = range []float64{.97, .93, minLeading} {
		steps = append(steps, t)
	}
	minPercent := int(math.Ceil(100*floor - 1e-6))
	for percent := 98; percent > minPercent-2; percent -= 2 {
		t.size = float64(max(percent, minPercent)) / 100
		if t.size < 1 {
			steps = append(steps, t)
		}
	}
	return steps
}

// floor returns the smallest factor on the size with which the body has minPt points.
func (l textMetrics) floor(minPt float64) float64 {
	if l.body == 0 {
		return 1
	}
	return max(minPt/l.body, smallestPt/l.smallest)
}

// height estimates the height of a document with this setting, as a factor. A smaller
// size also puts more words on a line.
func (t tightness) height() float64 {
	const gaps = .15 // the part of a page that is spacing, in most resumes
	return (gaps*t.space + (1-gaps)*t.leading) * math.Pow(t.size, 1.3)
}

// fit prints the document again until it has few enough pages, no tighter than
// necessary. A document that has too many pages even at the tightest setting is left
// as designed.
func (d Draft) fit(ctx context.Context, p Printer, whole printedPDF) (printedPDF, export.FitReport, error) {
	asked := d.options.Fit
	report := func(p printedPDF, t tightness, fitted bool) export.FitReport {
		return export.FitReport{Fitted: fitted, Pages: p.pages, Space: t.space, Leading: t.leading, Size: t.size, BodyFontPt: math.Round(20*p.text.body) / 20}
	}
	asDesigned := tightness{1, 1, 1}
	if err := whole.measure(); err != nil {
		return whole, export.FitReport{}, err
	}
	if whole.pages <= asked.MaxPages {
		return whole, report(whole, asDesigned, true), nil
	}
	steps := tightenings(whole.text.floor(asked.MinFontPt))
	s := search{room: float64(asked.MaxPages), steps: steps, fits: len(steps), tooTall: 0, height: whole.height(whole), power: 1, maxTries: d.tries}
	if s.hopeless() || s.maxTries == 0 {
		return whole, report(whole, asDesigned, false), nil
	}
	var best, last printedPDF
	err := s.run(func(n int) (height float64, fits bool, err error) {
		if last, err = d.printTight(ctx, p, steps[n]); err != nil {
			return 0, false, err
		}
		if fits = last.pages <= asked.MaxPages; fits {
			best = last
		}
		return last.height(whole), fits, nil
	})
	if err != nil {
		return whole, export.FitReport{}, err
	}
	if s.fits == len(steps) {
		r := report(whole, asDesigned, false)
		r.TightestPages = last.pages
		return whole, r, nil
	}
	return best, report(best, steps[s.fits], true), nil
}

// search finds the first step at which a document fits. It estimates the document's
// height and corrects the estimate with every print, so that few prints suffice.
type search struct {
	room     float64 // pages
	steps    []tightness
	tooTall  int     // the last step that is known not to fit
	height   float64 // of the document at that step, in pages
	fits     int     // the first step that is known to fit; len(steps) if none is
	full     bool    // at that step the room is nearly used up
	power    float64 // exponent that corrects the estimated height
	tries    int
	maxTries int
}

// hopeless reports whether the document would not fit at the tightest step even if
// it shrank far more than estimated.
func (s *search) hopeless() bool {
	return s.height*math.Pow(s.steps[len(s.steps)-1].height(), 1.5) > s.room
}

// goodTries is the number of prints after which the best one so far is taken.
const goodTries = 4

// run tries steps until it knows the first one that fits, or one near to it, or that even the
// last step does not fit.
func (s *search) run(try func(step int) (height float64, fits bool, err error)) error {
	for s.fits-s.tooTall > 1 {
		n := s.next()
		height, fits, err := try(n)
		if err != nil {
			return err
		}
		s.learn(n, height, fits)
		if s.fits < len(s.steps) && (s.full || s.tries >= goodTries) || s.tries >= s.maxTries {
			return nil
		}
	}
	return nil
}

// next returns the step to try: the first that is expected to fit.
func (s *search) next() int {
	if s.tries == s.maxTries-1 && s.fits == len(s.steps) {
		return s.fits - 1 // the last try finds out whether it fits at all
	}
	if s.tries >= goodTries-1 {
		return (s.tooTall + s.fits) / 2
	}
	n := s.tooTall + 1
	for n < s.fits-1 && s.height*math.Pow(s.steps[n].height()/s.steps[s.tooTall].height(), s.power) > s.room {
		n++
	}
	return n
}

// learn updates the search with the result of a try.
func (s *search) learn(n int, height float64, fits bool) {
	s.tries++
	estimated := math.Log(s.steps[n].height() / s.steps[s.tooTall].height())
	s.power = min(max(math.Log(height/s.height)/estimated, .6), 1.6)
	if fits {
		s.fits, s.full = n, height > s.room-.03
		return
	}
	s.tooTall, s.height = n, height
}

// printTight prints the document with this setting and measures it.
func (d Draft) printTight(ctx context.Context, p Printer, t tightness) (printedPDF, error) {
	document := d.document
	html, err := d.tighter(t.space, t.leading)
	if err != nil {
		return printedPDF{}, export.Fail(export.Internal, "rendering HTML: %w", err)
	}
	document.HTML, document.Scale = html, t.size
	out, err := d.printPDF(ctx, p, document)
	if err == nil {
		err = out.measure()
	}
	return out, err
}
