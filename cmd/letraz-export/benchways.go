package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/letrazapp/letraz-export/internal/chrome"
)

// The ways of --mode besides warm, which is the engine's and always measured.
const (
	newTabWay  = "newtab"
	processWay = "process"
)

// processShare is how many documents stand behind one that gets a browser of its
// own: it takes so much longer that few tell enough.
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
func (b *benchPipelineCmd) ways(ctx context.Context) (list []*way, stop func() error, err error) {
	if !slices.Contains(b.Mode, newTabWay) && !slices.Contains(b.Mode, processWay) {
		return nil, func() error { return nil }, nil
	}
	plain, err := chrome.StartPlain(ctx, b.options())
	if err != nil {
		return nil, nil, err
	}
	if slices.Contains(b.Mode, newTabWay) {
		list = append(list, &way{name: newTabWay, print: plain.PrintInTab, documents: b.Documents})
	}
	if slices.Contains(b.Mode, processWay) {
		list = append(list, &way{name: processWay, print: plain.PrintInProcess, documents: max(b.Documents/processShare, b.Slots)})
	}
	return list, plain.Close, nil
}

// single prints the documents of one turn one at a time.
func (w *way) single(ctx context.Context, on *bench) error {
	n := 10
	if w.name == processWay {
		n = 1
	}
	for range n {
		start := time.Now()
		if _, err := w.print(ctx, on.document); err != nil {
			return fmt.Errorf("printing (%s): %w", w.name, err)
		}
		w.one.add(time.Since(start))
	}
	return nil
}

// round prints as many at the same time as there are slots, in a round with that limit.
func (w *way) round(ctx context.Context, on *bench, limit float64) error {
	start := time.Now()
	err := spread(ctx, w.documents, on.slots, func(ctx context.Context) error {
		_, err := w.print(ctx, on.document)
		return err
	})
	if err != nil {
		return fmt.Errorf("printing (%s): %w", w.name, err)
	}
	rate := perSecond(w.documents, time.Since(start))
	w.rates, w.ratios = append(w.rates, rate), append(w.ratios, rate/limit)
	return nil
}

// wayReport is what another way of printing costs.
type wayReport struct {
	PerS  float64   `json:"per_s"`    // as many at the same time as slots
	One   quantiles `json:"one_ms"`   // one at a time
	Ratio float64   `json:"to_limit"` // median over the rounds
}

func (w *way) report() wayReport {
	return wayReport{PerS: median(w.rates), One: w.one.quantiles(), Ratio: median(w.ratios)}
}
