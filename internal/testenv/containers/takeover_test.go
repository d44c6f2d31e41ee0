package containers

import (
	"context"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// takeoverMargin is how long after the end of a killed worker's lease another host may claim
// its request.
const takeoverMargin = 2 * time.Second

// takeover kills a worker with a request in its hands, while nothing else is asked for. A
// worker on another host must claim it within the lease and two seconds, by the database's
// clock.
func (tr *trial) takeover(t *testing.T) {
	t.Helper()
	tr.load.Rate = 1e-6 // only what killBusyWorker asks for
	defer func() { tr.load.Rate = rate }()
	tr.fault(t, "takeover from a lost worker", func(t *testing.T, ctx context.Context) {
		var id string
		var until time.Time
		for try := 0; id == ""; try++ {
			if try == 5 {
				t.Fatal("no killed worker had a request in its hands")
			}
			id, until = tr.killBusyWorker(t, ctx)
		}
		var claimed time.Time
		err := checker.Retry(ctx, func() error {
			err := tr.DB.QueryRow(ctx, "SELECT at FROM chaos.history WHERE id = $1 AND new_status = 'rendering' AND attempt > 1 ORDER BY seq LIMIT 1", id).Scan(&claimed)
			return err
		})
		do(t, err)
		do(t, tr.Node("worker-1").Start(ctx))
		tr.takeovers = append(tr.takeovers, id)
		t.Logf("the request was claimed %.2f s after the end of its lease", claimed.Sub(until).Seconds())
		if claimed.Sub(until) > takeoverMargin {
			t.Errorf("the request was claimed %.2f s after the end of its lease", claimed.Sub(until).Seconds())
		}
	})
}

// killBusyWorker requests exports, one for each slot, and kills the first worker as soon as
// every slot has one. It returns the request that this worker had and the end of its lease;
// if the worker had finished before, it is started again and there is none.
func (tr *trial) killBusyWorker(t *testing.T, ctx context.Context) (id string, until time.Time) {
	t.Helper()
	for i := range Workers * SlotsEach {
		p := tr.load.People[i]
		do(t, p.Edit(ctx, tr.DB, int(time.Now().UnixMilli())))
		if tr.load.Ask(ctx, p, checker.Wish{ResumeID: p.Resume, Format: "pdf", Paper: "a4"}) == nil {
			t.Fatal("the API does not accept an export")
		}
	}
	for busy := 0; busy < Workers*SlotsEach; {
		err := tr.DB.QueryRow(ctx, "SELECT count(*) FROM export_request WHERE status = 'rendering'").Scan(&busy)
		do(t, err)
		if busy < Workers*SlotsEach && tr.idle(ctx) {
			return "", until
		}
	}
	do(t, tr.Node("worker-1").Kill(ctx))
	checker.Pause(ctx, Lease/2) // the other worker's request ends
	err := tr.DB.QueryRow(ctx, "SELECT id::text, lease_until FROM export_request WHERE status = 'rendering' AND attempt = 1 ORDER BY lease_until LIMIT 1").Scan(&id, &until)
	if err != nil {
		do(t, tr.Node("worker-1").Start(ctx))
		checker.Pause(ctx, Lease)
		return "", until
	}
	return id, until
}

// idle reports whether no request is waiting or rendered.
func (tr *trial) idle(ctx context.Context) bool {
	var left int
	err := tr.DB.QueryRow(ctx, "SELECT count(*) FROM export_request WHERE status IN ('queued', 'rendering')").Scan(&left)
	return err == nil && left == 0 || ctx.Err() != nil
}
