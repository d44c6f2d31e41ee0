package sweep

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestMain(m *testing.M) {
	code := testenv.Main(m)
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, "goroutines are left over:", err)
		code = 1
	}
	os.Exit(code)
}

const user = "user_1"

// fixture has the database and the file store of one test.
type fixture struct {
	url      string // of the database
	store    *postgres.Store
	files    *blob.Store
	resumeID string
}

func setup(t *testing.T) *fixture {
	t.Helper()
	return setupWith(t, t.TempDir())
}

// setupWith keeps the files in a directory or bucket.
func setupWith(t *testing.T, location string) *fixture {
	t.Helper()
	p := &fixture{url: testenv.Database(t)}
	p.store = testenv.Open(t, p.url, postgres.Options{})
	files, err := blob.Open(t.Context(), location)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := files.Close(); err != nil {
			t.Error(err)
		}
	})
	p.files = files
	p.resumeID = testenv.ImportSample(t, p.store, user, "nearly-empty")
	return p
}

func (p *fixture) sweeper(t *testing.T, changes ...func(*Config)) *Sweeper {
	t.Helper()
	c := Config{Store: p.store, Files: p.files, Logger: testenv.Logger(t)}
	for _, change := range changes {
		change(&c)
	}
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// pass makes a pass, which must succeed.
func pass(t *testing.T, s *Sweeper) Result {
	t.Helper()
	res, err := s.Pass(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return did(res)
}

// did returns the result without the lag, which depends on time.
func did(res Result) Result {
	res.Lag = export.SweepLag{}
	return res
}

var content = []byte("%PDF-")

// ready records an export with its file.
func (p *fixture) ready(t *testing.T) export.Request {
	t.Helper()
	r := testenv.Request(t, p.store, user, p.resumeID)
	claimed, err := p.store.ClaimExport(t.Context(), export.Message{ExportID: r.ID}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	a := export.Artifact{BlobKey: export.BlobKey(claimed), Size: int64(len(content)), SHA256: sha256.Sum256(content), Pages: 1, Filename: "f.pdf"}
	if err := p.files.Put(t.Context(), a.BlobKey, content, "application/pdf"); err != nil {
		t.Fatal(err)
	}
	done, err := p.store.CompleteExport(t.Context(), claimed, a)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// expire lets the time of every request pass, or of one.
func (p *fixture) expire(t *testing.T, ids ...string) {
	t.Helper()
	testenv.Exec(t, p.url, `UPDATE export_request SET created_at = created_at - interval '1 d', expires_at = now() - interval '1 min'
		WHERE status <> 'expired' AND ($1::uuid[] IS NULL OR id = ANY ($1))`, ids)
}

// status returns the status in the row, without regard to the expiry.
func (p *fixture) status(t *testing.T, id string) string {
	t.Helper()
	return testenv.Value(t, p.url, "SELECT status FROM export_request WHERE id = $1", id)
}

// has reports whether the bytes are there.
func (p *fixture) has(t *testing.T, key string) bool {
	t.Helper()
	r, _, err := p.files.Open(t.Context(), key)
	if errors.Is(err, blob.ErrNotFound) {
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return true
}

// spyFiles is a file store that counts deletions and may refuse them.
type spyFiles struct {
	Files
	refuse map[string]bool
	before func(key string) // called before each deletion, if set

	mu      sync.Mutex
	deletes map[string]int
}

func (f *spyFiles) Delete(ctx context.Context, key string) error {
	if f.before != nil {
		f.before(key)
	}
	f.mu.Lock()
	if f.deletes == nil {
		f.deletes = map[string]int{}
	}
	f.deletes[key]++
	refuse := f.refuse[key]
	f.mu.Unlock()
	if refuse {
		return errors.New("permission denied")
	}
	return f.Files.Delete(ctx, key)
}
