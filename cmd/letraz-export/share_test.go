package main

import (
	"flag"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/client"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

var shared = flag.Int("shared-exports", 300, "exports that four workers share in TestWorkers_ShareEvenly")

// A worker takes one message for each free slot only, so no message waits in one worker while
// another is idle: each of four workers does at most 35 % of the exports.
func TestWorkers_ShareEvenly(t *testing.T) {
	dir := dataDir(t)
	database := testenv.EmptyDatabase(t)
	servers := []string{"--database-url", database, "--nats-url", testenv.NATS(t, "").URL()}
	must(t, append([]string{"migrate"}, servers...)...)
	// On a busy machine the API leaves some messages to the dispatcher.
	start(t, "the dispatcher is ready", append([]string{"dispatch"}, servers...)...)
	servers = append(servers, "--blob-url", madeDir(t, dir+"/files"))
	secret := strings.Repeat("s", 32)
	api := start(t, "the API is ready", append([]string{"api", "--listen", "127.0.0.1:0", "--jwt-secret", secret, "--data-dir", dir}, servers...)...)
	workers := make([]*program, 4)
	for i := range workers {
		workers[i] = start(t, "the worker is ready", append([]string{"worker", "--slots", "1", "--no-reuse"}, servers...)...)
	}

	id, _, _ := strings.Cut(must(t, "import", "--user", "user_1", "--database-url", database, sampleFile(t, "first-job")), "\t")
	caller := client.New(logged(t, api, "url="), strings.TrimSpace(must(t, "token", "user_1", "--jwt-secret", secret)))
	group, ctx := errgroup.WithContext(t.Context())
	group.SetLimit(8)
	for range *shared {
		group.Go(func() error {
			a, err := caller.Create(ctx, client.CreateRequest{ResumeID: id})
			if err == nil {
				_, err = caller.Wait(ctx, a)
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	all := 0
	for i, w := range workers {
		done := strings.Count(w.output(), `msg="export ready"`)
		all += done
		t.Logf("worker %d: %d exports, %.1f %%", i+1, done, 100*float64(done)/float64(*shared))
		if done*100 > *shared*35 {
			t.Errorf("worker %d did %d of %d exports", i+1, done, *shared)
		}
	}
	if all != *shared {
		t.Errorf("%d exports were done, want %d", all, *shared)
	}
}
