package erase_test

import (
	"log/slog"
	"os"
	"testing"

	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/erase"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestMain(m *testing.M) { os.Exit(testenv.Main(m)) }

// BenchmarkUser erases a user with 10,000 exports in the queue.
func BenchmarkUser(b *testing.B) {
	const waiting = 10_000
	url := testenv.Database(b)
	store := testenv.Open(b, url, postgres.Options{})
	resume := testenv.ImportSample(b, store, "user_1", "nearly-empty")
	files, err := blob.Open(b.Context(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	e := erase.Eraser{Store: store, Files: files, Logger: slog.New(slog.DiscardHandler)}
	for b.Loop() {
		b.StopTimer()
		testenv.Request(b, store, "user_1", resume)
		testenv.Exec(b, url, `INSERT INTO export_request (id, user_id, resume_id, format, template, paper, max_attempts, expires_at)
			SELECT gen_random_uuid(), user_id, resume_id, format, template, paper, max_attempts, now() + interval '1 d'
			FROM export_request, generate_series(1, $1 - 1)`, waiting)
		b.StartTimer()
		res, err := e.User(b.Context(), "user_1", 0)
		if err != nil || res.Requests != waiting || res.Left != 0 {
			b.Fatal(res, err)
		}
	}
	b.ReportMetric(float64(waiting)*float64(b.N)/b.Elapsed().Seconds(), "exports/s")
}
