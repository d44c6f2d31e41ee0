package worker

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/render"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// reusing makes a worker look for files to copy.
func reusing(c *Config) { c.Browser = "Test/1" }

// export lets a worker that may copy files handle one request.
func (p *fixture) export(t *testing.T, page render.Printer, n export.New, changes ...func(*Config)) export.Request {
	t.Helper()
	r, err := p.store.CreateExport(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.queue.PublishRequest(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	p.worker(t, append([]func(*Config){reusing}, changes...)...).handle(t.Context(), page, p.next(t), stay)
	return p.row(t, r.ID)
}

// bytesOf returns the bytes of a ready export, which must match its row.
func (p *fixture) bytesOf(t *testing.T, r export.Request) []byte {
	t.Helper()
	file, size, err := p.files.Open(t.Context(), r.Artifact.BlobKey)
	if err != nil {
		t.Fatalf("%s, attempt %d: %v", r.Status, r.Attempt, err)
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(file)
	if err != nil || size != r.Artifact.Size || int64(len(data)) != size || sha256.Sum256(data) != r.Artifact.SHA256 {
		t.Fatalf("the file of %s has %d bytes, and not those of its row: %v", r.ID, size, err)
	}
	return data
}

// counting counts what a real browser prints.
type counting struct {
	render.Printer
	prints atomic.Int32
}

func (c *counting) Print(ctx context.Context, d chrome.Document) ([]byte, error) {
	c.prints.Add(1)
	return c.Printer.Print(ctx, d)
}

func TestReuse_UnchangedResume(t *testing.T) {
	t.Parallel()
	p := setup(t)
	page := &counting{Printer: testenv.Engine(t)}
	var log bytes.Buffer
	logged := func(c *Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) }
	first := p.export(t, page, testenv.NewExport(user, p.resumeID), logged)
	brief := testenv.NewExport(user, p.resumeID)
	brief.ExpiresIn = export.MinExpiresIn
	second := p.export(t, page, brief, logged)
	third := p.export(t, page, testenv.NewExport(user, p.resumeID))
	if n := page.prints.Load(); n != 1 {
		t.Fatalf("%d prints for one content", n)
	}
	want := p.bytesOf(t, first)
	for _, r := range []export.Request{second, third} {
		a := r.Artifact
		a.BlobKey = first.Artifact.BlobKey
		if r.Status != export.Ready || !reflect.DeepEqual(a, first.Artifact) || !bytes.Equal(p.bytesOf(t, r), want) {
			t.Errorf("artifact of the copy %+v\nof the first %+v", r.Artifact, first.Artifact)
		}
		if r.Artifact.BlobKey == first.Artifact.BlobKey || !strings.Contains(r.Artifact.BlobKey, r.ID) {
			t.Errorf("%s has the file %s", r.ID, r.Artifact.BlobKey)
		}
	}
	if lives := second.ExpiresAt.Sub(second.CreatedAt); lives != export.MinExpiresIn {
		t.Errorf("the copy expires after %s", lives)
	}
	if strings.Count(log.String(), "reused=false") != 1 || strings.Count(log.String(), "reused=true") != 1 {
		t.Errorf("log:\n%s", &log)
	}
	// Deleting one file leaves its copies.
	if err := p.files.Delete(t.Context(), first.Artifact.BlobKey); err != nil {
		t.Fatal(err)
	}
	p.bytesOf(t, second)
	p.bytesOf(t, third)
}

// Each change makes one more print necessary; the export after it, none.
func TestReuse_ChangedContent(t *testing.T) {
	t.Parallel()
	p := setup(t)
	page := &printer{}
	other := testenv.ImportSample(t, p.store, "user_2", "nearly-empty")
	testenv.Exec(t, p.url, `UPDATE resumes SET updated_at = '2026-03-01'`) // so the two owners' pages are equal
	n := testenv.NewExport(user, p.resumeID)
	browser := reusing
	for _, step := range []struct {
		name   string
		change func()
	}{
		{"nothing", func() {}},
		{"the owner", func() { n = testenv.NewExport("user_2", other) }},
		{"the paper", func() { n = testenv.NewExport(user, p.resumeID); n.Paper = export.Letter }},
		{"the time of the last change", func() { testenv.Exec(t, p.url, `UPDATE resumes SET updated_at = '2026-03-02'`) }},
		{"the profile", func() { testenv.Exec(t, p.url, `UPDATE "user" SET first_name = 'Somebody'`) }},
		{"the language", func() { testenv.Exec(t, p.url, `UPDATE resumes SET language = 'de'`) }},
		{"the fit", func() {
			n = testenv.NewExport(user, p.resumeID)
			n.Options.Fit = export.Fit{MaxPages: 3, MinFontPt: 9}
		}},
		{"the least size", func() { n.Options.Fit.MinFontPt = 8 }},
		{"what goes into it", func() { n.Options = export.Options{EmbedSource: true} }},
		{"the browser", func() { browser = func(c *Config) { c.Browser = "Test/2" } }},
	} {
		step.change()
		for round := range 2 {
			before := page.prints
			n.ID = testenv.NewExport("", "").ID
			r := p.export(t, page, n, browser)
			if got := page.prints - before; r.Status != export.Ready || got != 1-round {
				t.Errorf("after a change of %s, export %d: %s with %d prints", step.name, round+1, r.Status, got)
			}
		}
	}
	testenv.Exec(t, p.url, `UPDATE resumes SET title = 'Renamed', base = NOT base`)
	before := page.prints
	n.ID = testenv.NewExport("", "").ID
	if p.export(t, page, n, browser); page.prints != before {
		t.Error("a change that is not shown led to another print")
	}
}

func TestReuse_Filename(t *testing.T) {
	t.Parallel()
	p := setup(t)
	testenv.Exec(t, p.url, `INSERT INTO jobs (id, title, company_name) VALUES ('job_acme', 'T', 'Acme')`)
	page := &printer{}
	p.export(t, page, testenv.NewExport(user, p.resumeID))
	n := testenv.NewExport(user, p.resumeID)
	n.JobID = "job_acme"
	r := p.export(t, page, n)
	if page.prints != 1 || !strings.HasSuffix(r.Artifact.Filename, " - Acme.pdf") {
		t.Errorf("%q after %d prints", r.Artifact.Filename, page.prints)
	}
}

func TestReuse_UnusableBytes(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*testing.T, *fixture, export.Request){
		"expired": func(t *testing.T, p *fixture, r export.Request) {
			testenv.Exec(t, p.url, "UPDATE export_request SET created_at = now() - interval '2 h', expires_at = now() - interval '1 h' WHERE id = $1", r.ID)
		},
		"erased": func(t *testing.T, p *fixture, r export.Request) {
			if _, err := p.store.ExpireExport(t.Context(), r.ID); err != nil {
				t.Fatal(err)
			}
		},
		"lost": func(t *testing.T, p *fixture, r export.Request) {
			if err := os.Remove(filepath.Join(p.fileDir, r.Artifact.BlobKey)); err != nil {
				t.Fatal(err)
			}
		},
		"cut off": func(t *testing.T, p *fixture, r export.Request) {
			if err := os.Truncate(filepath.Join(p.fileDir, r.Artifact.BlobKey), r.Artifact.Size-1); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := setup(t)
			page := &printer{}
			spoil(t, p, p.export(t, page, testenv.NewExport(user, p.resumeID)))
			for range 2 { // the second one copies the first
				r := p.export(t, page, testenv.NewExport(user, p.resumeID))
				p.bytesOf(t, r)
			}
			if page.prints != 2 {
				t.Errorf("%d prints, want the spoiled one and a new one", page.prints)
			}
		})
	}
}

// When reusing fails, the document is printed.
func TestReuse_FaultsCostAPrint(t *testing.T) {
	t.Parallel()
	p := setup(t)
	page := &printer{}
	p.export(t, page, testenv.NewExport(user, p.resumeID))
	broken := errors.New("broken")
	for name, change := range map[string]func(*Config){
		"look-up": func(c *Config) {
			c.Store = faultyStore{Store: p.store, same: func(context.Context, string, [32]byte) (export.Artifact, error) {
				return export.Artifact{}, broken
			}}
		},
		"copy": func(c *Config) {
			c.Files = faultyFiles{Files: p.files, writes: true, copy: func(context.Context, string, string) (int64, error) { return 0, broken }}
		},
		// Erased and swept between look-up and copy.
		"copied bytes": func(c *Config) {
			c.Files = faultyFiles{Files: p.files, writes: true, copy: func(ctx context.Context, from, to string) (int64, error) {
				testenv.Exec(t, p.url, "UPDATE export_request SET expires_at = greatest(now(), created_at + interval '1 microsecond') WHERE blob_key = $1", from)
				if err := p.files.Delete(ctx, from); err != nil {
					t.Error(err)
				}
				return p.files.Copy(ctx, from, to)
			}}
		},
		"wish": func(c *Config) { c.Browser = "" },
	} {
		before := page.prints
		r := p.export(t, page, testenv.NewExport(user, p.resumeID), change)
		if r.Status != export.Ready || page.prints != before+1 {
			t.Errorf("without the %s: %s after %d prints", name, r.Status, page.prints-before)
			continue
		}
		p.bytesOf(t, r)
	}
}

// A copy is flushed when its slot is free already, and before the row names it.
func TestReuse_FlushFails(t *testing.T) {
	t.Parallel()
	p := setup(t)
	first := p.export(t, &printer{}, testenv.NewExport(user, p.resumeID))
	r := p.request(t)
	left, leftBefore := false, false
	w := p.worker(t, reusing, func(c *Config) {
		c.Files = faultyFiles{Files: p.files, flush: func() error {
			leftBefore = left
			return errors.New("the disk is gone")
		}}
	})
	w.handle(t.Context(), &printer{}, p.next(t), func() { left = true })
	r = p.row(t, r.ID)
	if r.Status != export.Queued || r.Failure.Code != export.StorageUnavailable || !leftBefore {
		t.Errorf("status %s, %+v; slot freed before: %v", r.Status, r.Failure, leftBefore)
	}
	if files := p.stored(t); len(files) != 1 || files[0] != first.Artifact.BlobKey {
		t.Errorf("the files are %q", files)
	}
}
