package chrome

import (
	"slices"
	"sync"
	"testing"
	"time"
)

// BenchmarkRecycle keeps two slots busy while every browser is replaced after some
// 25 documents, and compares the prints during which one started or was ended with
// the others. A start takes CPU time from concurrent prints; waits/op counts prints
// that waited for a start.
//
//	go test ./internal/chrome -run '^$' -bench Recycle -benchtime 2000x
func BenchmarkRecycle(b *testing.B) {
	e := setup(b, func(o *Options) { o.Logger = nil; o.Slots = 2; o.RecycleAfter = 25 })
	d := Document{HTML: resume(), Tagged: true}
	warm(b, e, d)
	var mu sync.Mutex
	var beside, apart []time.Duration
	waits := 0
	before := e.Stats().Recycles
	b.ResetTimer()
	b.SetParallelism(1) // on each of GOMAXPROCS
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			slot, err := e.Acquire(b.Context())
			if err != nil {
				b.Error(err)
				return
			}
			began := time.Now()
			busy, recycles, ready := changing(e)
			_, err = slot.Print(b.Context(), d)
			took := time.Since(began)
			stillBusy, recyclesNow, _ := changing(e)
			slot.Release()
			if err != nil {
				b.Error(err)
				return
			}
			mu.Lock()
			if !ready {
				waits++
			}
			if busy || stillBusy || recycles != recyclesNow {
				beside = append(beside, took)
			} else {
				apart = append(apart, took)
			}
			mu.Unlock()
		}
	})
	b.StopTimer()
	b.ReportMetric(float64(e.Stats().Recycles-before), "recycles")
	b.ReportMetric(float64(waits)/float64(b.N), "waits/op")
	for name, took := range map[string][]time.Duration{"beside": beside, "apart": apart} {
		if len(took) == 0 {
			continue
		}
		slices.Sort(took)
		for at, unit := range map[int]string{50: "p50", 99: "p99", 100: "max"} {
			ms := took[min(len(took)*at/100, len(took)-1)].Seconds() * 1000
			b.ReportMetric(ms, name+"-"+unit+"-ms")
		}
		b.ReportMetric(float64(len(took)), name+"-prints")
	}
}

// changing reports whether a browser is being started, how many were retired, and
// whether one is ready for a document.
func changing(e *Engine) (starting bool, recycles int64, ready bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.starting > 0, e.stats.Recycles, len(e.ready) > 0
}
