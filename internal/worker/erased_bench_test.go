package worker

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// BenchmarkErasedQueue measures how long two slots need for the messages of 2,000 exports that
// were erased while they waited, since other exports wait behind them.
func BenchmarkErasedQueue(b *testing.B) {
	const erased = 2000
	url := testenv.Database(b)
	store := testenv.Open(b, url, postgres.Options{})
	nats := testenv.NATS(b, "")
	q := testenv.Queue(b, nats)
	for b.Loop() {
		b.StopTimer()
		for range erased {
			r := testenv.NewExport(user, "rsm_gone")
			if err := q.PublishRequest(b.Context(), export.Request{ID: r.ID, Lane: export.Lanes()[0], DispatchGen: 1}); err != nil {
				b.Fatal(err)
			}
		}
		w := New(Config{Store: store, Queue: workerQueue{q}, Engine: idleSlots{}, Files: noFiles{}, Slots: 2, Logger: slog.New(slog.DiscardHandler)})
		ctx, cancel := context.WithCancel(b.Context())
		done := make(chan struct{})
		b.StartTimer()
		go func() {
			defer close(done)
			w.Run(ctx)
		}()
		tick := time.NewTicker(5 * time.Millisecond)
		for n := 1; n > 0; <-tick.C {
			var err error
			if n, err = q.Messages(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
		tick.Stop()
		b.StopTimer()
		cancel()
		<-done
		b.StartTimer()
	}
	b.ReportMetric(float64(erased)*float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}

// noFiles is a file store without faults.
type noFiles struct{ Files }

func (noFiles) Probe(context.Context, int) error { return nil }

// idleSlots is an engine whose slots never print.
type idleSlots struct{ Engine }

func (idleSlots) Acquire(context.Context) (Slot, error) { return idleSlot{}, nil }

type idleSlot struct{ Slot }

func (idleSlot) Release() {}
