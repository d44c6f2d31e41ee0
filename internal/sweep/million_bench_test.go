package sweep

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// BenchmarkMillion sweeps a backlog of a million rows, a smaller one with files,
// and forgets a million rows:
//
//	go test ./internal/sweep -run '^$' -bench Million -benchtime 1x
//
// It reports rows a second, how long the database worked on a batch, and what
// the heap grew by. -short divides the backlogs by twenty.
func BenchmarkMillion(b *testing.B) {
	rows, withFiles := 1_000_000, 50_000
	if testing.Short() {
		rows, withFiles = rows/20, withFiles/20
	}
	b.Run("rows", func(b *testing.B) { backlog(b, rows, 0, "failed") })
	b.Run("files", func(b *testing.B) { backlog(b, withFiles, withFiles, "ready") })
	b.Run("purge", func(b *testing.B) { backlog(b, rows, 0, "expired") })
}

// backlog sweeps so many rows of the status, of which the first so many have files.
func backlog(b *testing.B, rows, files int, status string) {
	for range b.N {
		b.StopTimer()
		url := testenv.Database(b)
		store := testenv.Open(b, url, postgres.Options{})
		bytes, err := blob.Open(b.Context(), b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		insert(b, url, rows, status)
		if files > 0 {
			putNamed(b, url, bytes)
		}
		testenv.Exec(b, url, "VACUUM ANALYZE export_request")
		timed := &timedStore{Store: store}
		s, err := New(Config{Store: timed, Files: bytes})
		if err != nil {
			b.Fatal(err)
		}
		before := heap()
		b.StartTimer()
		start := time.Now()
		res, err := s.Pass(b.Context())
		took := time.Since(start)
		b.StopTimer()
		if err != nil || res.Failed > 0 || res.Files != int64(files) || res.Purged != int64(rows) {
			b.Fatalf("%+v, %v", res, err)
		}
		b.ReportMetric(float64(res.Expired+res.Purged)/took.Seconds(), "rows/s")
		timed.report(b)
		b.ReportMetric(float64(before)/1e6, "MB-before")
		b.ReportMetric(float64(heap())/1e6, "MB-after")
		b.ReportMetric(0, "ns/op")
		if err := bytes.Close(); err != nil {
			b.Error(err)
		}
		store.Close()
	}
}

// insert adds rows that expired long ago, a millisecond after one another.
func insert(b *testing.B, url string, rows int, status string) {
	b.Helper()
	testenv.Exec(b, url, `INSERT INTO "user" (id, first_name) SELECT 'user_' || n, 'N' FROM generate_series(0, 999) n`)
	const atOnce = 50_000
	for first := 1; first <= rows; first += atOnce {
		testenv.Exec(b, url, `
			INSERT INTO export_request (id, user_id, resume_id, format, template, paper, status, announced, max_attempts, attempt,
			    failure_code, failure_message, blob_key, size, sha256, pages, filename, created_at, finished_at, expires_at)
			SELECT id, 'user_' || n % 1000, 'rsm_' || n % 1000, 'pdf', 'classic', 'a4', $3::export_status, $3::export_status, 3, 1,
			    CASE $3 WHEN 'failed' THEN 'internal' END, CASE $3 WHEN 'failed' THEN 'M' END,
			    CASE $3 WHEN 'ready' THEN 'exports/' || right(id::text, 2) || '/' || id || '.' || gen_random_uuid() || '.pdf' END,
			    1, sha256(''), 1, 'a.pdf', now() - interval '400 d', now() - interval '400 d', now()::date - 300 + n * interval '1 ms'
			FROM (SELECT n, (lpad(to_hex(n), 12, '0') || '70008000' || lpad(to_hex(n * 2654435761 % (1::bigint << 47)), 12, '0'))::uuid AS id
			      FROM generate_series($1::bigint, $2::bigint) n) x`, first, min(first+atOnce-1, rows), status)
	}
}

// putNamed stores a file for every row that names one.
func putNamed(b *testing.B, url string, files *blob.Store) {
	b.Helper()
	var group errgroup.Group
	group.SetLimit(32) // the disk takes many together
	for _, key := range testenv.Values(b, url, "SELECT blob_key FROM export_request WHERE blob_key IS NOT NULL") {
		group.Go(func() error { return files.Put(b.Context(), key, content, "application/pdf") })
	}
	if err := group.Wait(); err != nil {
		b.Fatal(err)
	}
}

// heap returns the size of the live heap.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what the first one's finalizers let go
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// timedStore notes how long each statement took.
type timedStore struct {
	Store
	took []time.Duration
}

func (s *timedStore) note(start time.Time) { s.took = append(s.took, time.Since(start)) }

func (s *timedStore) MarkToSweep(ctx context.Context, since time.Time, hold time.Duration, limit int) (export.SweepBatch, error) {
	defer s.note(time.Now())
	return s.Store.MarkToSweep(ctx, since, hold, limit)
}

func (s *timedStore) FinishSweep(ctx context.Context, ids []string) (int64, error) {
	defer s.note(time.Now())
	return s.Store.FinishSweep(ctx, ids)
}

func (s *timedStore) PurgeExports(ctx context.Context, since time.Time, retention time.Duration, limit int) (export.SweepBatch, error) {
	defer s.note(time.Now())
	return s.Store.PurgeExports(ctx, since, retention, limit)
}

func (s *timedStore) report(b *testing.B) {
	slices.Sort(s.took)
	for name, at := range map[string]float64{"p50": 0.5, "p99": 0.99, "max": 1} {
		b.ReportMetric(s.took[int(float64(len(s.took)-1)*at)].Seconds()*1e3, fmt.Sprintf("%s-ms", name))
	}
}
