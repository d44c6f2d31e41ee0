package postgres_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// loader is a method of loading a resume.
type loader struct {
	name string
	load func(ctx context.Context, id, jobID string) (resume.Resume, error)
}

// loaders returns the store's method and the alternative. Both need one round trip and one
// snapshot.
func loaders(store *postgres.Store) []loader {
	return []loader{{"batch", store.LoadResume}, {"json", store.LoadResumeAsJSON}}
}

func TestLoadBenchmark_SameResult(t *testing.T) {
	t.Parallel()
	store := testenv.Open(t, testenv.Database(t), postgres.Options{})
	for _, slug := range append(benchmarked(), "tailored") {
		id := testenv.ImportSample(t, store, "user_1", slug)
		ways := loaders(store)
		want := must(ways[0].load(t.Context(), id, ""))(t)
		got := must(ways[1].load(t.Context(), id, ""))(t)
		if diff := cmp.Diff(want, got, cmp.Transformer("data", plainData)); diff != "" {
			t.Errorf("%s (-%s +%s):\n%s", slug, ways[0].name, ways[1].name, diff)
		}
	}
}

// benchmarked returns the names of a small, a dense and a large sample.
func benchmarked() []string { return []string{"first-job", "senior-engineer", "academic"} }

// BenchmarkLoadResume compares the ways to load a resume, from the request to the
// domain value. On Linux it also reports the processor time that an operation
// costs here (go) and in the database (pg), which other work on the machine
// disturbs less than the time it takes:
//
//	go test ./internal/postgres -run '^$' -bench LoadResume -count 10
func BenchmarkLoadResume(b *testing.B) {
	const parallel = 4
	url := testenv.Database(b)
	one := testenv.Open(b, url, postgres.Options{MaxConns: 1})
	many := testenv.Open(b, url, postgres.Options{MaxConns: parallel})
	for _, slug := range benchmarked() {
		id := testenv.ImportSample(b, one, "user_"+slug, slug)
		for _, way := range loaders(one) {
			b.Run(slug+"/sequential/"+way.name, func(b *testing.B) {
				servers := serversOf(b, one, 1)
				start := measure(servers)
				for b.Loop() {
					if _, err := way.load(b.Context(), id, ""); err != nil {
						b.Fatal(err)
					}
				}
				start.report(b, servers)
			})
		}
		for _, way := range loaders(many) {
			b.Run(slug+"/parallel/"+way.name, func(b *testing.B) {
				servers := serversOf(b, many, parallel)
				start := measure(servers)
				b.SetParallelism(parallel)
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						if _, err := way.load(b.Context(), id, ""); err != nil {
							b.Error(err)
							return
						}
					}
				})
				start.report(b, servers)
			})
		}
	}
}

// serversOf opens every connection of the store and returns the server processes
// behind them.
func serversOf(b *testing.B, store *postgres.Store, conns int) (pids []string) {
	b.Helper()
	for range conns {
		conn, err := store.Pool().Acquire(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		defer conn.Release()
		pids = append(pids, strconv.FormatUint(uint64(conn.Conn().PgConn().PID()), 10))
	}
	return pids
}

// processorTime is the processor time used so far; zero where it is unknown.
type processorTime struct{ here, servers time.Duration }

func measure(servers []string) (p processorTime) {
	p.here = used("self")
	for _, pid := range servers {
		p.servers += used(pid)
	}
	return p
}

// used reads a process's time from Linux's /proc: for each thread, nanoseconds
// on a processor come first in schedstat.
func used(pid string) (sum time.Duration) {
	threads, err := os.ReadDir("/proc/" + pid + "/task")
	if err != nil {
		return 0
	}
	for _, thread := range threads {
		if stat, err := os.ReadFile(fmt.Sprintf("/proc/%s/task/%s/schedstat", pid, thread.Name())); err == nil {
			if fields := strings.Fields(string(stat)); len(fields) > 0 {
				n, _ := strconv.ParseInt(fields[0], 10, 64)
				sum += time.Duration(n)
			}
		}
	}
	return sum
}

func (p processorTime) report(b *testing.B, servers []string) {
	now := measure(servers)
	if now.here > p.here {
		b.ReportMetric(float64((now.here-p.here).Nanoseconds())/float64(b.N), "go-ns/op")
		b.ReportMetric(float64((now.servers-p.servers).Nanoseconds())/float64(b.N), "pg-ns/op")
	}
}
