package containers

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// trial runs clients while a fault is caused, and then checks all promises.
type trial struct {
	*Cluster
	load    *checker.Load
	journal *checker.Journal
	from    time.Time // of the current fault
	known   int       // exports accepted before it
	// takeovers are requests whose worker was killed while nothing else was broken.
	takeovers []string
	results   []result
}

// result is a line of the table of faults.
type result struct {
	fault                                                   string
	accepted, ready, failed, other, attempts, lost, doubled int
	served, corrupt                                         int
	took                                                    time.Duration
}

const (
	rate       = 2.0 // exports requested each second, by all clients together
	calmBefore = 1 * time.Second
	drainLimit = 2 * time.Minute
	// recovery is how long after the end of a fault things may still take longer.
	recovery = 20 * time.Second
)

func newTrial(t *testing.T, c *Cluster) *trial {
	t.Helper()
	if err := checker.WatchHistory(t.Context(), c.DB); err != nil {
		t.Fatal(err)
	}
	tr := &trial{Cluster: c, journal: checker.NewJournal(io.Discard),
		load: &checker.Load{DB: c.DB, Ledger: checker.NewLedger(), Readings: checker.NewReadings(), People: people(t, c, 4), Rate: rate}}
	tr.load.Bulk.Store(c.images == current)
	return tr
}

// fault runs a subtest: clients ask for exports while cause breaks something and heals it
// again; then the queue must drain and every promise must hold.
func (tr *trial) fault(t *testing.T, name string, cause func(t *testing.T, ctx context.Context)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		start := time.Now()
		tr.known = len(tr.load.Ledger.Order)
		asking, stopAsking := context.WithCancel(t.Context())
		following, stopFollowing := context.WithCancel(t.Context())
		tr.load.Start(asking, following, uint64(start.UnixNano()))
		checker.Pause(asking, calmBefore)
		tr.from = time.Now()
		func() {
			ctx, cancel := context.WithTimeout(asking, 2*time.Minute)
			defer cancel()
			defer stopAsking() // also if cause ends the test
			cause(t, ctx)
		}()
		tr.journal.Broke(tr.from, time.Now().Add(recovery))
		tr.journal.Disturbed(tr.from, time.Now().Add(2*time.Second))
		tr.load.Asking.Wait()
		tr.drain(t, stopFollowing)
		tr.judge(t, name, time.Since(start))
	})
}

// drain waits until the queue is empty, ends the clients, and waits until everything is
// announced and what has expired is swept.
func (tr *trial) drain(t *testing.T, stopFollowing func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), drainLimit)
	defer cancel()
	until := func(what, count string) {
		left := 1
		for left > 0 && checker.Pause(ctx, 200*time.Millisecond) {
			// A sweep that could not reach the file store is repeated after five minutes.
			_, err := tr.DB.Exec(ctx, "UPDATE export_request SET sweep_until = now() WHERE sweep_until > now()")
			if err == nil {
				err = tr.DB.QueryRow(ctx, count).Scan(&left)
			}
			if err != nil {
				left = 1 // the database is starting
			}
		}
		if left > 0 {
			t.Errorf("%d requests are left after %s: %s", left, drainLimit, what)
		}
	}
	until("not finished", "SELECT count(*) FROM export_request WHERE status IN ('queued', 'rendering')")
	stopFollowing()
	tr.load.Following.Wait()
	until("not announced, or not swept", `SELECT count(*) FROM export_request
		WHERE announced IS DISTINCT FROM status OR status = 'ready' AND expires_at < now()`)
}

// more is fault, left out of a short run because another one is much like it or harder.
func (tr *trial) more(t *testing.T, name string, cause func(t *testing.T, ctx context.Context)) {
	t.Helper()
	if !short() {
		tr.fault(t, name, cause)
	}
}

func short() bool { return os.Getenv("CLUSTER_SHORT") != "" }

// judge compares what the clients were told with the rows and the files.
func (tr *trial) judge(t *testing.T, name string, took time.Duration) {
	t.Helper()
	f, err := tr.facts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found := append(tr.load.Ledger.Violations, checker.Check(f)...)
	tr.load.Ledger.Violations = nil
	r := result{fault: name, took: took}
	for _, v := range found {
		t.Errorf("%s %s: %s", v.Kind, v.ID, v.Text)
		for _, s := range f.History[v.ID] {
			t.Logf("  %s", s)
		}
		switch v.Kind {
		case "lost":
			r.lost++
		case "duplicated", "unfenced":
			r.doubled++
		case "served":
			r.served++
		default:
			r.corrupt++
		}
	}
	for _, id := range tr.load.Ledger.Order[tr.known:] {
		row := f.Rows[id]
		r.accepted++
		r.attempts += row.Attempt
		became := map[string]bool{}
		for _, s := range f.History[id] {
			became[s.New] = true
		}
		switch {
		case became[string(export.Ready)]:
			r.ready++
		case row.Status == string(export.Failed):
			r.failed++
		default:
			r.other++
		}
	}
	if r.accepted == 0 || r.ready == 0 {
		t.Errorf("%d exports were accepted and %d became ready: the fault was not tested", r.accepted, r.ready)
	}
	tr.results = append(tr.results, r)
}

// facts reads the database, the bucket and the logs. Exports go on expiring meanwhile: if a
// file is missing, the rows are read again.
func (tr *trial) facts(ctx context.Context) (checker.Facts, error) {
	f := checker.Facts{Told: tr.load.Ledger.Exports, Poison: map[string]checker.Poison{}, Files: map[string]checker.Stored{},
		Readings: map[string]checker.Reading{}, Certain: tr.journal.Calm, Whole: tr.journal.Whole,
		Damaged: func(string) bool { return false }, Takeovers: tr.takeovers, Lease: Lease, Slots: Workers * SlotsEach}
	for range 3 {
		if err := tr.rows(ctx, &f); err != nil {
			return f, err
		}
		if tr.files(ctx, &f) == 0 {
			break
		}
	}
	var err error
	f.Unrecorded, err = tr.unrecorded(ctx)
	return f, err
}

// rows reads the rows and their history from one snapshot.
func (tr *trial) rows(ctx context.Context, f *checker.Facts) error {
	f.Rows, f.History = map[string]checker.Row{}, map[string][]checker.Step{}
	return pgx.BeginTxFunc(ctx, tr.DB, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, "SELECT now()").Scan(&f.Rest); err != nil {
			return err
		}
		if err := checker.ReadRows(ctx, tx, f.Rows); err != nil {
			return err
		}
		return checker.ReadHistory(ctx, tx, f.History)
	})
}

// files reads the files that rows name, and returns how many are missing. The checks report
// them.
func (tr *trial) files(ctx context.Context, f *checker.Facts) (missing int) {
	for _, row := range f.Rows {
		if _, read := f.Files[row.BlobKey]; read || row.Status != string(export.Ready) || row.BlobKey == "" {
			continue
		}
		data, err := tr.Bucket.Read(ctx, row.BlobKey)
		if err != nil {
			missing++
			continue
		}
		f.Files[row.BlobKey] = checker.Stored{Key: row.BlobKey, Size: int64(len(data)), SHA256: checker.Sum(data)}
		f.Readings[row.BlobKey] = tr.load.Readings.Of(data, row.Format)
	}
	return missing
}

// unrecorded returns, by export, the downloads that the APIs logged as not recorded.
func (tr *trial) unrecorded(ctx context.Context) (map[string]int, error) {
	counts := map[string]int{}
	for _, api := range tr.Role("api") {
		log, err := api.Log(ctx)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(log)) {
			var entry struct {
				Msg      string `json:"msg"`
				ExportID string `json:"export_id"`
			}
			if json.Unmarshal([]byte(line), &entry) == nil && entry.Msg == "a download was not recorded" {
				counts[entry.ExportID]++
			}
		}
	}
	return counts, nil
}

// table writes the results.
func (tr *trial) table(t *testing.T) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "\n%-48s %8s %6s %6s %6s %8s %5s %8s %12s %7s\n", "fault", "accepted", "ready", "failed", "other", "attempts", "lost", "doubled", "served late", "seconds")
	for _, r := range tr.results {
		fmt.Fprintf(&b, "%-48s %8d %6d %6d %6d %8d %5d %8d %12d %7.0f\n", r.fault, r.accepted, r.ready, r.failed, r.other, r.attempts, r.lost, r.doubled, r.served, r.took.Seconds())
	}
	fmt.Fprint(os.Stdout, b.String())
}
