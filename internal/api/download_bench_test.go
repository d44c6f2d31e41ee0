package api_test

import (
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/auth"
	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// BenchmarkDownload downloads files of a common size and of large ones, one after
// the other. The processor time is that of the client, too.
func BenchmarkDownload(b *testing.B) {
	for _, size := range []int{60_000, 1 << 20, 32 << 20} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			store := testenv.Open(b, testenv.Database(b), postgres.Options{})
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
			r, err := store.ClaimExport(b.Context(), testenv.Request(b, store, ana, resume).Message(), time.Minute)
			if err != nil {
				b.Fatal(err)
			}
			data := make([]byte, size)
			a := export.Artifact{BlobKey: export.BlobKey(r), Size: int64(size), SHA256: sha256.Sum256(data), Pages: 1, Filename: "a.pdf"}
			if err := files.Put(b.Context(), a.BlobKey, data, "application/pdf"); err != nil {
				b.Fatal(err)
			}
			if r, err = store.CompleteExport(b.Context(), r, a); err != nil {
				b.Fatal(err)
			}
			log := slog.New(slog.DiscardHandler)
			server := httptest.NewServer(api.Handler(api.Config{Store: store, Files: files, Tokens: tokens,
				Templates: []api.Template{{Name: "classic"}}, Health: &api.Health{Logger: log}, MaxAttempts: 3, Logger: log}))
			defer server.Close()
			b.SetBytes(int64(size))
			before := processorTime()
			for b.Loop() {
				req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, server.URL+"/v1/exports/"+r.ID+"/download", nil)
				if err != nil {
					b.Fatal(err)
				}
				req.Header.Set("Authorization", "Bearer "+bearer)
				res, err := server.Client().Do(req)
				if err != nil {
					b.Fatal(err)
				}
				n, err := io.Copy(io.Discard, res.Body)
				_ = res.Body.Close()
				if err != nil || n != int64(size) {
					b.Fatal(n, err)
				}
			}
			b.ReportMetric(float64(processorTime()-before)/float64(b.N)/1000, "cpu-us/op")
		})
	}
}

// processorTime returns the processor time of this process in nanoseconds.
func processorTime() int64 {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u.Utime.Nano() + u.Stime.Nano()
}
