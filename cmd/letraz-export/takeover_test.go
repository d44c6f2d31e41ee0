package main

import (
	"flag"
	"fmt"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/client"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

var (
	takeovers     = flag.Int("takeovers", 10, "workers that are killed in TestTakeover_Worker")
	takeoverLease = flag.Duration("takeover-lease", 5*time.Second, "lease of the workers that are killed")
)

// afterLease is the maximum time from the end of a lease to the next attempt.
const afterLease = 2 * time.Second

// perExport is the number of workers killed while they have the same export: the first takeover
// is that of a first attempt, the others those of retries.
const perExport = 5

// When a worker is killed during an attempt, an idle one begins the next attempt.
func TestTakeover_Worker(t *testing.T) {
	dir := dataDir(t)
	database := testenv.EmptyDatabase(t)
	servers := []string{"--database-url", database, "--nats-url", testenv.NATS(t, "").URL()}
	must(t, append([]string{"migrate"}, servers...)...)
	start(t, "the dispatcher is ready", append([]string{"dispatch"}, servers...)...)
	files := append([]string{"--blob-url", madeDir(t, dir+"/files")}, servers...)
	secret := strings.Repeat("s", 32)
	api := start(t, "the API is ready", append([]string{"api", "--listen", "127.0.0.1:0", "--jwt-secret", secret, "--data-dir", dir,
		"--max-attempts", strconv.Itoa(perExport + 1)}, files...)...)
	worker := func() *program {
		return start(t, "the worker is ready", append([]string{"worker", "--slots", "1", "--lease", takeoverLease.String()}, files...)...)
	}
	id, _, _ := strings.Cut(must(t, "import", "--user", "user_1", "--database-url", database, sampleFile(t, "first-job")), "\t")
	caller := client.New(logged(t, api, "url="), strings.TrimSpace(must(t, "token", "user_1", "--jwt-secret", secret)))

	holder := worker()
	for done := 0; done < *takeovers; {
		unlock := testenv.Locked(t, database, "experience") // blocks the worker after its claim
		a, err := caller.Create(t.Context(), client.CreateRequest{ResumeID: id})
		if err != nil {
			t.Fatal(err)
		}
		wantAttempt(t, database, a.ID, 1)
		for attempt := 2; attempt <= perExport+1 && done < *takeovers; attempt++ {
			next := worker()
			holder.stop(t, syscall.SIGKILL)
			holder = next
			wantTakeover(t, database, a.ID, attempt)
			done++
		}
		unlock()
		if _, err := caller.Wait(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
}

// When serve is killed and started again, it continues the export.
func TestTakeover_Serve(t *testing.T) {
	dir := dataDir(t)
	serve := func() *program {
		return start(t, ready, "serve", "--data-dir", dir, "--listen", "127.0.0.1:0", "--slots", "1", "--lease", takeoverLease.String())
	}
	running := serve()
	id, _, _ := strings.Cut(must(t, "import", "--user", "user_1", "--data-dir", dir, sampleFile(t, "first-job")), "\t")
	token := strings.TrimSpace(must(t, "token", "user_1", "--data-dir", dir))
	for _, attempt := range []string{"1", "2"} {
		unlock := testenv.Locked(t, databaseOf(t, dir), "experience")
		a, err := client.New(serveURL(t, dir), token).Create(t.Context(), client.CreateRequest{ResumeID: id})
		if err != nil {
			t.Fatal(err)
		}
		wantAttempt(t, databaseOf(t, dir), a.ID, 1)
		testenv.Exec(t, databaseOf(t, dir), "UPDATE export_request SET attempt = $2::int WHERE id = $1", a.ID, attempt)
		inTime := time.Now().Add(*takeoverLease)
		running.stop(t, syscall.SIGKILL)
		unlock()
		running = serve()
		if now := time.Now(); now.After(inTime) {
			inTime = now
		}
		within(t, *takeoverLease+time.Minute, "the next attempt begins", func() bool {
			return testenv.Value(t, databaseOf(t, dir), "SELECT attempt FROM export_request WHERE id = $1", a.ID) > attempt
		})
		late := time.Since(inTime)
		t.Logf("attempt %s was taken over %s after the lease, or the start", attempt, late.Round(time.Millisecond))
		if late > afterLease {
			t.Errorf("attempt %s was taken over %s after the lease, or the start; want at most %s", attempt, late, afterLease)
		}
		if _, err := client.New(serveURL(t, dir), token).Wait(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
}

// wantAttempt waits until this attempt of the export has begun.
func wantAttempt(t *testing.T, database, id string, attempt int) {
	t.Helper()
	within(t, *takeoverLease+time.Minute, fmt.Sprintf("attempt %d begins", attempt), func() bool {
		return testenv.Value(t, database, "SELECT attempt FROM export_request WHERE id = $1", id) == strconv.Itoa(attempt)
	})
}

// wantTakeover waits for the attempt and checks that it began within afterLease of the end of
// the previous lease.
func wantTakeover(t *testing.T, database, id string, attempt int) {
	t.Helper()
	until := testenv.Value(t, database, "SELECT lease_until FROM export_request WHERE id = $1 AND attempt = $2::int", id, strconv.Itoa(attempt-1))
	if until == "" {
		t.Fatalf("attempt %d began before its time, or the export is not rendering", attempt)
	}
	wantAttempt(t, database, id, attempt)
	took := testenv.Value(t, database, "SELECT extract(epoch FROM status_at - $2::timestamptz)::numeric(8,3) FROM export_request WHERE id = $1", id, until)
	seconds, err := strconv.ParseFloat(took, 64)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("attempt %d began %s s after the lease", attempt, took)
	if seconds > afterLease.Seconds() {
		t.Errorf("attempt %d began %s s after the lease of the killed worker, want at most %s", attempt, took, afterLease)
	}
}

// within waits until the condition holds, longer than testenv.Eventually does.
func within(t *testing.T, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(limit)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline:
			t.Fatalf("timed out waiting for: %s", what)
		case <-tick.C:
		}
	}
}
