package bench

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/letrazapp/letraz-export/internal/chrome"
)

// Modes are the ways of printing. Warm is the service's own and is always measured.
const (
	Warm    = "warm"
	NewTab  = "newtab"  // a new tab for each document in one running browser
	Process = "process" // a browser for each document
)

// processShare is the number of documents for each one that is printed by a new browser. That
// takes so much longer that a few are enough.
const processShare = 20

// way is another way of printing the same document.
type way struct {
	name      string
	print     func(context.Context, chrome.Document) ([]byte, error)
	documents int // in a round
	rates     []float64
	ratios    []float64 // to the limit of the same round
	one       samplesMS
}

// ways starts what the other ways need.
func (b *Pipeline) ways(ctx context.Context, slots int) (list []*way, stop func() error, err error) {
	if !slices.Contains(b.Modes, NewTab) && !slices.Contains(b.Modes, Process) {
		return nil, func() error { return nil }, nil
	}
	plain, err := chrome.StartPlain(ctx, b.Browser)
	if err != nil {
		return nil, nil, err
	}
	if slices.Contains(b.Modes, NewTab) {
		list = append(list, &way{name: NewTab, print: plain.PrintInTab, documents: b.Documents})
	}
	if slices.Contains(b.Modes, Process) {
		list = append(list, &way{name: Process, print: plain.PrintInProcess, documents: max(b.Documents/processShare, slots)})
	}
	return list, plain.Close, nil
}

// single prints the documents of one turn one at a time.
func (w *way) single(ctx context.Context, s *Service) error {
	n := 10
	if w.name == Process {
		n = 1
	}
	for range n {
		start := time.Now()
		if _, err := w.print(ctx, s.Resume.Document); err != nil {
			return fmt.Errorf("printing (%s): %w", w.name, err)
		}
		w.one.add(time.Since(start))
	}
	return nil
}

// round prints as many at the same time as there are slots, in a round with that limit.
func (w *way) round(ctx context.Context, s *Service, limit float64) error {
	start := time.Now()
	err := spread(ctx, w.documents, s.Slots, func(ctx context.Context) error {
		_, err := w.print(ctx, s.Resume.Document)
		return err
	})
	if err != nil {
		return fmt.Errorf("printing (%s): %w", w.name, err)
	}
	rate := perSecond(w.documents, time.Since(start))
	w.rates, w.ratios = append(w.rates, rate), append(w.ratios, rate/limit)
	return nil
}

// WayReport is what another way of printing costs.
type WayReport struct {
	PerS  float64   `json:"per_s"`    // as many at the same time as slots
	One   Quantiles `json:"one_ms"`   // one at a time
	Ratio float64   `json:"to_limit"` // median over the rounds
}

func (w *way) report() WayReport {
	return WayReport{PerS: median(w.rates), One: w.one.quantiles(), Ratio: median(w.ratios)}
}
