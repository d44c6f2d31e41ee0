package api_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/auth"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/samples"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// BenchmarkPut stores a resume of two pages: a new one, another in its place, and the same
// once more. Beside them are the reading of the file alone, and an export of the resume that
// comes with the request.
func BenchmarkPut(b *testing.B) {
	sample, err := samples.Get("senior-engineer")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			if _, _, err := readResume(sample.JSON, ""); err != nil {
				b.Fatal(err)
			}
		}
	})
	store := testenv.Open(b, testenv.Database(b), postgres.Options{})
	queue := testenv.Queue(b, testenv.NATS(b, ""))
	testenv.ImportSample(b, store, ana, "first-job")
	tokens, err := auth.NewSecret(secret, auth.Parties{})
	if err != nil {
		b.Fatal(err)
	}
	bearer, err := auth.Sign(secret, ana, time.Hour, auth.Parties{})
	if err != nil {
		b.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	server := httptest.NewServer(api.Handler(api.Config{Store: store, Publisher: queue, Tokens: tokens, Templates: []api.Template{{Name: "classic"}},
		ReadResume: readResume, WriteResumes: true, Health: &api.Health{Logger: log}, MaxAttempts: 3, Logger: log}))
	defer server.Close()
	n := 0
	for name, call := range map[string]func() (method, path, body string){
		"create": func() (string, string, string) { return "PUT", "/v1/resumes/r" + strconv.Itoa(n), string(sample.JSON) },
		"replace": func() (string, string, string) {
			return "PUT", "/v1/resumes/r", strings.Replace(string(sample.JSON), "Principal", "Principal "+strconv.Itoa(n), 1)
		},
		"same": func() (string, string, string) { return "PUT", "/v1/resumes/s", string(sample.JSON) },
		"export": func() (string, string, string) {
			return "POST", "/v1/exports", `{"resume":` + string(sample.JSON) + `}`
		},
	} {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				n++
				method, path, body := call()
				req, err := http.NewRequestWithContext(b.Context(), method, server.URL+path, strings.NewReader(body))
				if err != nil {
					b.Fatal(err)
				}
				req.Header.Set("Authorization", "Bearer "+bearer)
				start := time.Now()
				res, err := server.Client().Do(req)
				if err != nil {
					b.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, res.Body)
				_ = res.Body.Close()
				took = append(took, time.Since(start))
				if res.StatusCode/100 != 2 {
					b.Fatal(res.Status)
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}
