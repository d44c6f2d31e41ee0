package worker

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestHandle_WorkersRaceForOneExport(t *testing.T) {
	t.Parallel()
	p := setup(t)
	for range 5 {
		r := p.request(t)
		first := p.next(t)
		page := &printer{}
		// The same message again and again, as the stream gives it when it thinks that a worker died.
		deliveries := []*delivery{first}
		for range 5 {
			deliveries = append(deliveries, &delivery{Delivery: first.Delivery})
		}
		var workers sync.WaitGroup
		for _, d := range deliveries {
			w := p.worker(t)
			workers.Go(func() { w.handle(t.Context(), page, d, stay) })
		}
		workers.Wait()
		done := p.row(t, r.ID)
		if done.Status != export.Ready || done.Attempt != 1 || page.prints != 1 {
			t.Fatalf("%s after %d attempts and %d prints", done.Status, done.Attempt, page.prints)
		}
		if !slices.Contains(p.stored(t), done.Artifact.BlobKey) {
			t.Errorf("the file %s is missing", done.Artifact.BlobKey)
		}
	}
	if n := len(p.stored(t)); n != 5 {
		t.Errorf("%d files for 5 exports", n)
	}
}

// In each case the row changes while this worker prints.
func TestConclude_LeaseLost(t *testing.T) {
	t.Parallel()
	const other = "01890000-0000-7000-8000-000000000001"
	for name, tc := range map[string]struct {
		meanwhile func(*testing.T, *fixture, string)
		status    export.Status
		end       string
	}{
		"canceled": {func(t *testing.T, p *fixture, id string) {
			if _, err := p.store.CancelExport(t.Context(), id); err != nil {
				t.Error(err)
			}
		}, export.Canceled, "ack"},
		"past its expiry": {func(t *testing.T, p *fixture, id string) {
			testenv.Exec(t, p.url, "UPDATE export_request SET created_at = now() - interval '2 h', expires_at = now() - interval '1 h' WHERE id = $1", id)
		}, export.Expired, "ack"},
		"in another worker's hands": {func(t *testing.T, p *fixture, id string) {
			testenv.Exec(t, p.url, "UPDATE export_request SET lease_token = $2, lease_until = now() + interval '1 h' WHERE id = $1", id, other)
		}, export.Rendering, "return"},
		// The next attempt has a message of its own.
		"rescued": {func(t *testing.T, p *fixture, id string) {
			testenv.Eventually(t, "the lease is lost", func() bool { // unless a heartbeat comes in between
				testenv.Exec(t, p.url, "UPDATE export_request SET lease_until = now() WHERE id = $1", id)
				rescued, err := p.store.RescueExports(t.Context(), 10)
				return err == nil && len(rescued) == 1
			})
		}, export.Queued, "ack"},
	} {
		for _, how := range []string{"stored and then late", "told by the heartbeat", "failed and then late", "stopped and then late"} {
			if tc.status == export.Expired && (how == "failed and then late" || how == "stopped and then late") {
				continue // nobody else holds it: the sweeper ends it whatever else the row says
			}
			t.Run(name+"/"+how, func(t *testing.T) {
				t.Parallel()
				p := setup(t)
				r := p.request(t)
				work, shutdown := context.WithCancelCause(t.Context())
				defer shutdown(nil)
				var before export.Request
				page := &printer{do: func(ctx context.Context) error {
					tc.meanwhile(t, p, r.ID)
					before = p.row(t, r.ID)
					switch how {
					case "told by the heartbeat":
						<-ctx.Done()
						if !errors.Is(context.Cause(ctx), export.ErrFenced) {
							t.Errorf("the attempt ended with %v", context.Cause(ctx))
						}
					case "failed and then late":
						return errors.New("no luck")
					case "stopped and then late":
						shutdown(errShutdown)
					}
					return ctx.Err()
				}}
				d := p.next(t)
				w := p.worker(t, func(c *Config) {
					if how == "told by the heartbeat" {
						c.Lease, c.Deadline = 90*time.Millisecond, 10*time.Second
					}
				})
				w.handle(work, page, d, stay)
				d.ended(t, tc.end)
				after := p.row(t, r.ID)
				if after.Status != tc.status || !reflect.DeepEqual(after, before) {
					t.Errorf("the row changed from %+v to %+v", before, after)
				}
				if files := p.stored(t); len(files) != 0 {
					t.Errorf("remaining files: %q", files)
				}
			})
		}
	}
}

// A worker is frozen past its lease, another one does the work, then the first goes on.
func TestConclude_FrozenWorkerGoesOn(t *testing.T) {
	t.Parallel()
	p := setup(t)
	r := p.request(t)
	d := p.next(t)
	late := &printer{do: func(context.Context) error {
		testenv.Exec(t, p.url, "UPDATE export_request SET lease_until = now()")
		if _, err := p.store.RescueExports(t.Context(), 10); err != nil {
			t.Error(err)
		}
		p.worker(t).handle(t.Context(), &printer{}, p.nextRetry(t), stay)
		return nil
	}}
	p.worker(t).handle(t.Context(), late, d, stay)
	done := p.row(t, r.ID)
	if done.Status != export.Ready || done.Attempt != 2 {
		t.Fatalf("%s after %d attempts", done.Status, done.Attempt)
	}
	if files := p.stored(t); len(files) != 1 || files[0] != done.Artifact.BlobKey {
		t.Errorf("the row has the file %s, files %q", done.Artifact.BlobKey, files)
	}
	p.announcedOnce(t, r, "ready", done.StatusAt, "")
}
