package sweep

import (
	"context"
	"iter"
	"testing"
	"time"

	_ "gocloud.dev/blob/memblob" // the mem:// scheme: a bucket

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// everywhere runs a test over a directory and over a bucket.
func everywhere(t *testing.T, test func(t *testing.T, p *fixture)) {
	t.Helper()
	t.Parallel()
	for name, location := range map[string]func(*testing.T) string{
		"directory": func(t *testing.T) string { return t.TempDir() },
		"bucket":    func(*testing.T) string { return "mem://" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, setupWith(t, location(t)))
		})
	}
}

// later is a file store that reports all files as older than they are.
type later struct {
	Files
	by time.Duration
}

func (f later) List(ctx context.Context, under string) iter.Seq2[export.StoredFile, error] {
	return func(yield func(export.StoredFile, error) bool) {
		for file, err := range f.Files.List(ctx, under) {
			file.Modified = file.Modified.Add(-f.by)
			if !yield(file, err) {
				return
			}
		}
	}
}

// afterAges returns a sweeper for which every file is old enough to be an orphan.
func (p *fixture) afterAges(t *testing.T, changes ...func(*Config)) *Sweeper {
	t.Helper()
	return p.sweeper(t, func(c *Config) {
		for _, change := range changes {
			change(c)
		}
		c.Files = later{c.Files, 2 * DefaultOrphanAge}
	})
}

// rendering claims an export.
func (p *fixture) rendering(t *testing.T) export.Request {
	t.Helper()
	r, err := p.store.ClaimExport(t.Context(), export.Message{ExportID: testenv.Request(t, p.store, user, p.resumeID).ID}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// put stores bytes under a key.
func (p *fixture) put(t *testing.T, key string) string {
	t.Helper()
	if err := p.files.Put(t.Context(), key, content, "application/pdf"); err != nil {
		t.Fatal(err)
	}
	return key
}

// rescued lets the lease of a request run out, as when its worker was killed.
func (p *fixture) rescued(t *testing.T, r export.Request) {
	t.Helper()
	testenv.Exec(t, p.url, "UPDATE export_request SET lease_until = now() - interval '1 s' WHERE id = $1", r.ID)
	if _, err := p.store.RescueExports(t.Context(), 100); err != nil {
		t.Fatal(err)
	}
}

func (p *fixture) want(t *testing.T, what, key string, there bool) {
	t.Helper()
	if got := p.has(t, key); got != there {
		t.Errorf("%s: the file is there: %t, want %t", what, got, there)
	}
}

// interrupted is a store that calls a function between its steps.
type interrupted struct {
	Store
	before, after, purged func()
}

func (s interrupted) FilesInUse(ctx context.Context, ids []string) ([]export.FileInUse, error) {
	if s.before != nil {
		s.before()
	}
	used, err := s.Store.FilesInUse(ctx, ids)
	if s.after != nil {
		s.after()
	}
	return used, err
}

func (s interrupted) PurgeExports(ctx context.Context, since time.Time, retention time.Duration, limit int) (export.SweepBatch, error) {
	if s.purged != nil {
		s.purged()
	}
	return s.Store.PurgeExports(ctx, since, retention, limit)
}

// silent is a store that does not report the files in use.
type silent struct{ Store }

func (silent) FilesInUse(context.Context, []string) ([]export.FileInUse, error) { return nil, errDead }

// unlisted is a file store that cannot list its files.
type unlisted struct{ Files }

func (unlisted) List(context.Context, string) iter.Seq2[export.StoredFile, error] {
	return func(yield func(export.StoredFile, error) bool) { yield(export.StoredFile{}, errDead) }
}
