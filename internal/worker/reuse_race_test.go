package worker

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/sweep"
)

// All exports but the last ones are erased and swept as soon as they are ready,
// while others of the same content look for their bytes and copy them. None may be
// ready without bytes of its own: not in the end, and not for a moment on the way.
func TestReuse_ErasedMeanwhile(t *testing.T) {
	t.Parallel()
	p := setup(t)
	const exports, erased, slots = 120, 100, 4
	page := &printer{}
	copies := atomic.Int32{}
	w := p.worker(t, reusing, func(c *Config) {
		c.Files = faultyFiles{Files: p.files, writes: true, copy: func(ctx context.Context, from, to string) (int64, error) {
			size, err := p.files.Copy(ctx, from, to)
			if err == nil {
				copies.Add(1)
			}
			return size, err
		}}
	})
	sweeper, err := sweep.New(sweep.Config{Store: p.store, Files: p.files})
	if err != nil {
		t.Fatal(err)
	}
	all := make([]export.Request, exports)
	for i := range all {
		all[i] = p.request(t)
	}
	working, done := context.WithCancel(t.Context())
	var eraser, workers sync.WaitGroup
	eraser.Go(func() {
		for last := false; !last; {
			last = working.Err() != nil // one more round after the last export
			for _, r := range all[:erased] {
				if r, err := p.store.Export(t.Context(), r.ID); err != nil {
					t.Error(err)
				} else if r.Status == export.Ready {
					if _, err := p.store.ExpireExport(t.Context(), r.ID); err != nil {
						t.Error(err)
					}
				}
			}
			if _, err := sweeper.Pass(t.Context()); err != nil {
				t.Error(err)
			}
		}
	})
	eraser.Go(func() {
		for working.Err() == nil {
			for _, r := range all {
				if r = p.row(t, r.ID); r.Status != export.Ready {
					continue
				}
				file, _, err := p.files.Open(t.Context(), r.Artifact.BlobKey)
				if err == nil {
					_ = file.Close()
				} else if p.row(t, r.ID).Status == export.Ready {
					t.Errorf("%s is ready but its file cannot be read: %v", r.ID, err)
				}
			}
		}
	})
	var left atomic.Int32
	left.Store(exports)
	for range slots {
		receiver, err := workerQueue{p.queue}.Receive(t.Context(), export.Interactive)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(receiver.Stop)
		workers.Go(func() {
			for left.Add(-1) >= 0 {
				d, err := receiver.Next(t.Context(), 9*time.Second)
				if err != nil {
					t.Error(err)
					return
				}
				w.handle(t.Context(), page, d, stay)
			}
		})
	}
	workers.Wait()
	done()
	eraser.Wait()
	for i, r := range all {
		now := p.row(t, r.ID)
		if i < erased {
			if now.Status != export.Expired || now.Artifact.BlobKey != "" {
				t.Errorf("an erased export is %s with the file %q", now.Status, now.Artifact.BlobKey)
			}
			continue
		}
		if now.Status != export.Ready {
			t.Errorf("an export is %s", now.Status)
			continue
		}
		p.bytesOf(t, now)
	}
	if files := p.stored(t); len(files) != exports-erased {
		t.Errorf("%d files for %d remaining exports", len(files), exports-erased)
	}
	t.Logf("%d prints, %d copies", page.prints, copies.Load())
	if copies.Load() == 0 {
		t.Error("no file was copied")
	}
}
