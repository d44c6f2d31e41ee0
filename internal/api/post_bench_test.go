package api_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/auth"
	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// BenchmarkCreate creates one export after the other, with NATS up and down, with
// an Idempotency-Key, and with every limit of fair use.
func BenchmarkCreate(b *testing.B) {
	for _, c := range []struct {
		name    string
		up, key bool
		limits  api.Limits
	}{{"up", true, false, api.Limits{}}, {"down", false, false, api.Limits{}}, {"up with a key", true, true, api.Limits{}},
		{"up with limits", true, false, api.Limits{User: api.Rate{Requests: 1 << 30, Per: time.Minute}, UserWaiting: 1000}}} {
		b.Run(c.name, func(b *testing.B) {
			database := testenv.Database(b)
			store := testenv.Open(b, database, postgres.Options{})
			nats := testenv.NATS(b, "")
			queue := testenv.Queue(b, nats)
			resume := testenv.ImportSample(b, store, ana, "first-job")
			files, err := blob.Open(b.Context(), b.TempDir())
			if err != nil {
				b.Fatal(err)
			}
			tokens, err := auth.NewSecret(secret, auth.Parties{})
			if err != nil {
				b.Fatal(err)
			}
			bearer, err := auth.Sign(secret, ana, time.Hour, auth.Parties{})
			if err != nil {
				b.Fatal(err)
			}
			log := slog.New(slog.DiscardHandler)
			server := httptest.NewServer(api.Handler(api.Config{Store: store, Publisher: queue, Files: files, Tokens: tokens,
				Templates: []api.Template{{Name: "classic"}}, Health: &api.Health{Logger: log}, MaxAttempts: 3, Logger: log, Limits: c.limits}))
			defer server.Close()
			if !c.up {
				if err := nats.Close(); err != nil {
					b.Fatal(err)
				}
				testenv.Eventually(b, "the connection is lost", func() bool { return queue.Ping(b.Context()) != nil })
			}
			var took []time.Duration
			for n := 0; b.Loop(); n++ {
				if c.limits.UserWaiting > 0 && n%900 == 899 { // as if workers had rendered them
					b.StopTimer()
					testenv.Exec(b, database, `UPDATE export_request SET status = 'canceled', announced = 'canceled', finished_at = now() WHERE status = 'queued'`)
					b.StartTimer()
				}
				req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, server.URL+"/v1/exports", strings.NewReader(`{"resume_id":"`+resume+`"}`))
				if err != nil {
					b.Fatal(err)
				}
				req.Header.Set("Authorization", "Bearer "+bearer)
				req.Header.Set("Content-Type", "application/json")
				if c.key {
					req.Header.Set("Idempotency-Key", time.Now().Format("150405.000000000"))
				}
				start := time.Now()
				res, err := server.Client().Do(req)
				if err != nil {
					b.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, res.Body)
				_ = res.Body.Close()
				took = append(took, time.Since(start))
				if res.StatusCode != http.StatusAccepted {
					b.Fatal(res.Status)
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}
