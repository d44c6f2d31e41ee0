package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/outage"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// testIntake opens the intake of one slot.
func testIntake(t *testing.T, q Queue, retries permits, shared *turns) *intake {
	t.Helper()
	in, err := openIntake(t.Context(), q, retries, shared, outage.New(slog.New(slog.DiscardHandler), outage.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(in.stop)
	return in
}

// taken takes messages and returns their lanes, by their first letter.
func taken(t *testing.T, q *lanes, n int, intakes ...*intake) string {
	t.Helper()
	var order strings.Builder
	for i := range n {
		before := map[export.Lane]int{}
		for lane, held := range q.held {
			before[lane] = held
		}
		_, done, err := intakes[i%len(intakes)].next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		done()
		for lane, held := range q.held {
			if held != before[lane] {
				order.WriteString(string(lane[:1]))
			}
		}
	}
	return order.String()
}

func TestIntake_BulkShare(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		held  map[export.Lane]int
		slots int
		want  string
	}{
		"interactive saturated":            {map[export.Lane]int{export.Interactive: 1000, export.Bulk: 1000}, 1, "iiiiiiiiibiiiiiiiiibiiiiiiiiib"},
		"several slots share the turns":    {map[export.Lane]int{export.Interactive: 1000, export.Bulk: 1000}, 4, "iiiiiiiiibiiiiiiiiibiiiiiiiiib"},
		"retries do not count as bulk":     {map[export.Lane]int{export.Retries: 1000, export.Bulk: 1000}, 1, "rrrrrrrrrbrrrrrrrrrb"},
		"no bulk waits":                    {map[export.Lane]int{export.Interactive: 1000}, 1, "iiiiiiiiiiiiiiiiiiii"},
		"interactive first, then the pile": {map[export.Lane]int{export.Interactive: 3, export.Bulk: 1000}, 1, "iiibbbbbbbbb"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q, shared := &lanes{held: tc.held}, &turns{}
			var slots []*intake
			for range tc.slots {
				slots = append(slots, testIntake(t, q, retryPermits(4), shared))
			}
			if got := taken(t, q, len(tc.want), slots...); got != tc.want {
				t.Errorf("taken %s, want %s", got, tc.want)
			}
		})
	}
}

// An interactive export that comes while a pile of bulk ones waits is the next one taken,
// or the one after it.
func TestIntake_InteractiveBeforePile(t *testing.T) {
	t.Parallel()
	q := &lanes{held: map[export.Lane]int{export.Bulk: 1000}}
	in := testIntake(t, q, retryPermits(4), &turns{})
	for range 50 {
		taken(t, q, 7, in)
		q.held[export.Interactive] = 1
		if got := taken(t, q, 2, in); !strings.Contains(got, "i") {
			t.Fatalf("an interactive export waits, and %s is taken", got)
		}
	}
}

// Real messages of both lanes, received by two slots.
func TestIntake_LanesOfStream(t *testing.T) {
	t.Parallel()
	q := testenv.Queue(t, testenv.NATS(t, ""))
	lane := map[string]export.Lane{}
	for i := range 60 {
		r := export.Request{ID: uuid.Must(uuid.NewV7()).String(), Lane: export.Bulk, DispatchGen: 1}
		if i < 40 {
			r.Lane = export.Interactive
		}
		if err := q.PublishRequest(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		lane[r.ID] = r.Lane
	}
	shared := &turns{}
	slots := []*intake{testIntake(t, workerQueue{q}, retryPermits(2), shared), testIntake(t, workerQueue{q}, retryPermits(2), shared)}
	var order []export.Lane
	for i := range 60 {
		d, done, err := slots[i%2].next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		m, err := d.Message()
		if err != nil {
			t.Fatal(err)
		}
		order = append(order, lane[m.ExportID])
		if err := d.Ack(t.Context()); err != nil {
			t.Fatal(err)
		}
		done()
	}
	for i := 0; i+export.BulkShare <= 40; i++ {
		if window := order[i : i+export.BulkShare]; !slices.Contains(window, export.Bulk) {
			t.Fatalf("from %d on, none of %d messages is bulk: %v", i, export.BulkShare, order)
		}
	}
	bulk := 0
	for _, l := range order[:40] {
		if l == export.Bulk {
			bulk++
		}
	}
	if bulk != 4 || order[59] != export.Bulk {
		t.Errorf("%d of the first 40 messages are bulk, want 4: %v", bulk, order)
	}
}

// Streams of an earlier version have no consumer for the lane bulk.
func TestIntake_WithoutBulkConsumer(t *testing.T) {
	t.Parallel()
	n := testenv.NATS(t, "")
	q := testenv.Queue(t, n)
	testenv.DeleteConsumer(t, n, "EXPORTS", "workers-bulk")
	if _, err := q.Receive(t.Context(), export.Bulk); !errors.Is(err, queue.ErrNoConsumer) || !strings.Contains(err.Error(), "letraz-export migrate") {
		t.Errorf("receiving without a consumer: %v", err)
	}
	interactive, bulk := export.Request{ID: uuid.Must(uuid.NewV7()).String(), Lane: export.Interactive, DispatchGen: 1}, export.Request{ID: uuid.Must(uuid.NewV7()).String(), Lane: export.Bulk, DispatchGen: 1}
	for _, r := range []export.Request{bulk, interactive} {
		if err := q.PublishRequest(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	var log strings.Builder
	missing := outage.New(slog.New(slog.NewTextHandler(&log, nil)), outage.Options{Fault: "no consumer", Over: "it is there"})
	in, err := openIntake(t.Context(), workerQueue{q}, retryPermits(1), &turns{}, missing)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(in.stop)
	takes(t, in, interactive.ID)
	if n, err := q.Pending(t.Context()); err != nil || n > 1 {
		t.Errorf("%d messages are pending, %v", n, err)
	}
	if made, err := q.Restore(t.Context()); err != nil || fmt.Sprint(made) != "[workers-bulk]" {
		t.Fatalf("restored %v, %v", made, err)
	}
	in.reopenAt = time.Now() // instead of waiting
	takes(t, in, bulk.ID)    // the message was kept
	if got := log.String(); strings.Count(got, "no consumer") < 1 || !strings.Contains(got, "it is there") {
		t.Errorf("log: %s", got)
	}
}

// takes takes a message and checks whose it is.
func takes(t *testing.T, in *intake, id string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	d, done, err := in.next(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	if m, err := d.Message(); err != nil || m.ExportID != id {
		t.Errorf("took %+v, %v; want %s", m, err, id)
	}
	if err := d.Ack(t.Context()); err != nil {
		t.Error(err)
	}
}
