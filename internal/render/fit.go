package render

import (
	"context"
	"math"

	"github.com/letrazapp/letraz-export/internal/export"
)

// tightness is a setting of a document: factors on the template's spacing, line height
// and size.
type tightness struct{ space, leading, size float64 }

// Lower bounds of a fit, for legibility, whatever size the caller allows.
const (
	leastSpace   = .5
	leastLeading = .9
	// smallestPt is the bound for text smaller than the body, such as notes.
	smallestPt = 7
)

// tightenings returns the steps of a fit, from the template's own setting to the
// tightest: first the spacing, then the line height, then the size decreases, in
// whole percents and not below floor.
func tightenings(floor float64) []tightness {
	t := tightness{1, 1, 1}
	steps := []tightness{t}
	for _, t.space = range []float64{.83, .67, leastSpace} {
		steps = append(steps, t)
	}
	for _, t.leading = range []float64{.97, .93, leastLeading} {
		steps = append(steps, t)
	}
	least := int(math.Ceil(100*floor - 1e-6))
	for percent := 98; percent > least-2; percent -= 2 {
		t.size = float64(max(percent, least)) / 100
		if t.size < 1 {
			steps = append(steps, t)
		}
	}
	return steps
}

// floor returns the smallest factor on the size with which the body has minPt points.
func (l textLook) floor(minPt float64) float64 {
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
func (d Draft) fit(ctx context.Context, p Printer, whole printout) (printout, export.FitReport, error) {
	asked := d.options.Fit
	report := func(at printout, t tightness, fitted bool) export.FitReport {
		return export.FitReport{Fitted: fitted, Pages: at.pages, Space: t.space, Leading: t.leading, Size: t.size, BodyFontPt: math.Round(20*at.text.body) / 20}
	}
	asDesigned := tightness{1, 1, 1}
	if err := whole.measure(); err != nil {
		return whole, export.FitReport{}, err
	}
	if whole.pages <= asked.MaxPages {
		return whole, report(whole, asDesigned, true), nil
	}
	steps := tightenings(whole.text.floor(asked.MinFontPt))
	s := search{room: float64(asked.MaxPages), steps: steps, fits: len(steps), spills: 0, height: whole.height(whole), power: 1, most: d.tries}
	if s.outOfReach() || s.most == 0 {
		return whole, report(whole, asDesigned, false), nil
	}
	var best, last printout
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
	room   float64 // pages
	steps  []tightness
	spills int     // the last step that is known not to fit
	height float64 // of the document at that step, in pages
	fits   int     // the first step that is known to fit; len(steps) when none is
	full   bool    // at that step the room is nearly used up
	power  float64 // exponent that corrects the estimated height
	tries  int
	most   int // tries
}

// outOfReach reports whether the document would not fit at the tightest step even if
// it shrank far more than estimated.
func (s *search) outOfReach() bool {
	return s.height*math.Pow(s.steps[len(s.steps)-1].height(), 1.5) > s.room
}

// enough is the number of prints after which the best one so far is taken.
const enough = 4

// run tries steps until the first one that fits is known, or one near to it, or the
// last step does not fit.
func (s *search) run(try func(step int) (height float64, fits bool, err error)) error {
	for s.fits-s.spills > 1 {
		n := s.next()
		height, fits, err := try(n)
		if err != nil {
			return err
		}
		s.learn(n, height, fits)
		if s.fits < len(s.steps) && (s.full || s.tries >= enough) || s.tries >= s.most {
			return nil
		}
	}
	return nil
}

// next returns the step to try: the first that is expected to fit.
func (s *search) next() int {
	if s.tries == s.most-1 && s.fits == len(s.steps) {
		return s.fits - 1 // the last try tells whether it fits at all
	}
	if s.tries >= enough-1 {
		return (s.spills + s.fits) / 2
	}
	n := s.spills + 1
	for n < s.fits-1 && s.height*math.Pow(s.steps[n].height()/s.steps[s.spills].height(), s.power) > s.room {
		n++
	}
	return n
}

// learn updates the search with the result of a try.
func (s *search) learn(n int, height float64, fits bool) {
	s.tries++
	foretold := math.Log(s.steps[n].height() / s.steps[s.spills].height())
	s.power = min(max(math.Log(height/s.height)/foretold, .6), 1.6)
	if fits {
		s.fits, s.full = n, height > s.room-.03
		return
	}
	s.spills, s.height = n, height
}

// printTight prints the document with this setting and measures it.
func (d Draft) printTight(ctx context.Context, p Printer, t tightness) (printout, error) {
	document := d.document
	html, err := d.tighter(t.space, t.leading)
	if err != nil {
		return printout{}, export.Fail(export.Internal, "rendering HTML: %w", err)
	}
	document.HTML, document.Scale = html, t.size
	at, err := d.print(ctx, p, document)
	if err == nil {
		err = at.measure()
	}
	return at, err
}
