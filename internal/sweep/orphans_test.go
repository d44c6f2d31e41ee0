package sweep

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// A worker is killed after it has stored the file, or while it does.
func TestOrphans_FileWithoutRow(t *testing.T) {
	everywhere(t, func(t *testing.T, p *fixture) {
		killed := p.rendering(t)
		orphan := p.put(t, export.BlobKey(killed))
		old := p.put(t, "exports/"+killed.ID+"/"+killed.Lease.Token+".pdf") // as older versions stored it
		p.rescued(t, killed)
		again, err := p.store.ClaimExport(t.Context(), export.Message{ExportID: killed.ID, Attempts: 1}, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		second := p.put(t, export.BlobKey(again))
		done := p.ready(t)
		if res := pass(t, p.sweeper(t)); res != (Result{}) {
			t.Errorf("result while they are fresh: %+v", res)
		}
		if res := pass(t, p.afterAges(t)); res != (Result{Orphans: 2}) {
			t.Errorf("result %+v", res)
		}
		p.want(t, "the killed attempt", orphan, false)
		p.want(t, "the killed attempt, as of old", old, false)
		p.want(t, "the attempt under way", second, true)
		p.want(t, "the ready export", done.Artifact.BlobKey, true)
		a := export.Artifact{BlobKey: second, Size: int64(len(content)), Filename: "f.pdf"}
		if _, err := p.store.CompleteExport(t.Context(), again, a); err != nil {
			t.Fatal(err)
		}
		if res := pass(t, p.afterAges(t)); res != (Result{}) {
			t.Errorf("result of the next pass %+v", res)
		}
		p.want(t, "the attempt that completed", second, true)
	})
}

func TestOrphans_TemporaryFile(t *testing.T) {
	t.Parallel()
	p := setup(t)
	killed, slow, done := p.rendering(t), p.rendering(t), p.ready(t)
	cutOff := p.put(t, export.BlobKey(killed)+".17f3a2b4c5d6e7f8.tmp")
	p.rescued(t, killed)
	underWay := p.put(t, export.BlobKey(slow)+".17f3a2b4c5d6e7f9.tmp")
	// Written once more under the same key: the whole file is what counts.
	beside := p.put(t, done.Artifact.BlobKey+".17f3a2b4c5d6e7fa.tmp")
	if res := pass(t, p.sweeper(t)); res != (Result{}) {
		t.Errorf("result while they are fresh: %+v", res)
	}
	if res := pass(t, p.afterAges(t)); res != (Result{Orphans: 2}) {
		t.Errorf("result %+v", res)
	}
	p.want(t, "cut off", cutOff, false)
	p.want(t, "beside a whole one", beside, false)
	p.want(t, "the whole one", done.Artifact.BlobKey, true)
	p.want(t, "under way", underWay, true)
}

// The lease ran out, but nobody has rescued the row: its worker may yet complete it.
func TestOrphans_FileOfRenderingExportStays(t *testing.T) {
	everywhere(t, func(t *testing.T, p *fixture) {
		slow := p.rendering(t)
		key := p.put(t, export.BlobKey(slow))
		testenv.Exec(t, p.url, "UPDATE export_request SET lease_until = now() - interval '1 h' WHERE id = $1", slow.ID)
		if res := pass(t, p.afterAges(t)); res != (Result{}) {
			t.Errorf("result %+v", res)
		}
		p.want(t, "the slow one", key, true)
	})
}

// A process is killed while it probes the store.
func TestPass_DeletesOldProbes(t *testing.T) {
	everywhere(t, func(t *testing.T, p *fixture) {
		left := p.put(t, export.ProbeRoot+"/00112233445566ff")
		if res := pass(t, p.sweeper(t)); res != (Result{}) {
			t.Errorf("result while it is fresh: %+v", res)
		}
		if res := pass(t, p.afterAges(t)); res != (Result{Orphans: 1}) {
			t.Errorf("result %+v", res)
		}
		p.want(t, "the probe", left, false)
	})
}

// A shared bucket holds what is nobody's business here.
func TestOrphans_ForeignFilesStay(t *testing.T) {
	everywhere(t, func(t *testing.T, p *fixture) {
		inside := []string{
			p.put(t, "exports/photos/cat.jpg"), p.put(t, "exports/cat.jpg"), p.put(t, "exports/ab/cat.pdf.1f.tmp"),
			p.put(t, "exports/"+uuid.NewString()+"/f.pdf"), p.put(t, "exports/ab/"+uuid.NewString()+".pdf"),
		}
		outside := []string{p.put(t, "photos/cat.jpg"), p.put(t, "cat.jpg"), p.put(t, strings.Replace(export.BlobKey(p.ready(t)), "exports", "exports2", 1))}
		if res := pass(t, p.afterAges(t)); res != (Result{Foreign: int64(len(inside))}) {
			t.Errorf("result %+v", res)
		}
		for _, key := range append(inside, outside...) {
			p.want(t, key, key, true)
		}
	})
}

// A user's row goes, and whoever deletes it knows nothing of files.
func TestPass_DeletedUser(t *testing.T) {
	everywhere(t, func(t *testing.T, p *fixture) {
		ready, rendering := p.ready(t), p.rendering(t)
		stored := p.put(t, export.BlobKey(rendering))
		testenv.Exec(t, p.url, `DELETE FROM "user" WHERE id = $1`, user)
		res := pass(t, p.afterAges(t))
		if res.Lag = (export.SweepLag{}); res != (Result{Expired: 2, Files: 1, Purged: 2, Orphans: 1}) {
			t.Errorf("result %+v", res)
		}
		if rows := testenv.Value(t, p.url, "SELECT count(*) FROM export_request"); rows != "0" {
			t.Errorf("%s rows remain", rows)
		}
		p.want(t, "the ready one", ready.Artifact.BlobKey, false)
		p.want(t, "the rendering one", stored, false)
	})
}

// The file is seen before its row names it, and asked about after.
func TestOrphans_CompletedDuringPass(t *testing.T) {
	everywhere(t, func(t *testing.T, p *fixture) {
		r := p.rendering(t)
		key := p.put(t, export.BlobKey(r))
		complete := func() {
			a := export.Artifact{BlobKey: key, Size: int64(len(content)), Filename: "f.pdf"}
			if _, err := p.store.CompleteExport(t.Context(), r, a); err != nil {
				t.Error(err)
			}
		}
		s := p.afterAges(t, func(c *Config) { c.Store = interrupted{Store: c.Store, before: complete} })
		if res := pass(t, s); res != (Result{}) {
			t.Errorf("result for a file completed after the list %+v", res)
		}
		p.want(t, "completed after the list", key, true)

		r = p.rendering(t)
		key = p.put(t, export.BlobKey(r))
		s = p.afterAges(t, func(c *Config) { c.Store = interrupted{Store: c.Store, after: complete} })
		if res := pass(t, s); res != (Result{}) {
			t.Errorf("result for a file completed after the query %+v", res)
		}
		p.want(t, "completed after the question", key, true)
	})
}

func TestOrphans_ConcurrentWorkers(t *testing.T) {
	everywhere(t, func(t *testing.T, p *fixture) {
		const each = 40
		orphans := make([]string, each)
		for i := range orphans {
			r := p.rendering(t)
			orphans[i] = p.put(t, export.BlobKey(r))
			p.rescued(t, r)
		}
		var work, sweepers sync.WaitGroup
		ready := make([]string, each)
		work.Go(func() {
			for i := range ready {
				ready[i] = p.ready(t).Artifact.BlobKey
			}
		})
		ctx, stop := context.WithCancel(t.Context())
		for range 3 {
			s := p.afterAges(t)
			sweepers.Go(func() {
				for ctx.Err() == nil {
					if res, err := s.Pass(ctx); res.Failed > 0 || err != nil && ctx.Err() == nil {
						t.Errorf("%+v, %v", res, err)
					}
				}
			})
		}
		work.Wait()
		testenv.Eventually(t, "the orphans are gone", func() bool { return !p.has(t, orphans[each-1]) })
		stop()
		sweepers.Wait()
		pass(t, p.afterAges(t))
		for _, key := range orphans {
			p.want(t, "orphan", key, false)
		}
		for _, key := range ready {
			p.want(t, "ready", key, true)
		}
	})
}

func TestOrphans_DeleteFails(t *testing.T) {
	everywhere(t, func(t *testing.T, p *fixture) {
		var keys [2]string
		for i := range keys {
			r := p.rendering(t)
			keys[i] = p.put(t, export.BlobKey(r))
			p.rescued(t, r)
		}
		files := &spyFiles{Files: p.files, refuse: map[string]bool{keys[0]: true}}
		s := p.afterAges(t, func(c *Config) { c.Files = files })
		if res := pass(t, s); res != (Result{Orphans: 1, Failed: 1}) {
			t.Errorf("result %+v", res)
		}
		p.want(t, "the stuck one", keys[0], true)
		p.want(t, "the other", keys[1], false)
		files.refuse = nil
		if res := pass(t, s); res != (Result{Orphans: 1}) {
			t.Errorf("result of the next pass %+v", res)
		}
		p.want(t, "the stuck one", keys[0], false)
	})
}

func TestOrphans_MoreThanOnePage(t *testing.T) {
	t.Parallel()
	p := setupWith(t, "mem://")
	const n = orphanPage + 7
	for range n {
		p.put(t, export.BlobKey(export.Request{ID: uuid.NewString(), Format: export.PDF, Lease: export.Lease{Token: uuid.NewString()}}))
	}
	all := p.afterAges(t, func(c *Config) { c.DeleteUnknown = true })
	if res := pass(t, all); res != (Result{Orphans: n}) {
		t.Errorf("result %+v", res)
	}
}

// A sweeper with another database's URL must not empty the store.
func TestOrphans_WrongDatabase(t *testing.T) {
	t.Parallel()
	p := setup(t)
	stranger := func() string {
		return p.put(t, export.BlobKey(export.Request{ID: uuid.NewString(), Format: export.PDF, Lease: export.Lease{Token: uuid.NewString()}}))
	}
	var strangers []string
	for range fewUnknown {
		strangers = append(strangers, stranger())
	}
	if res := pass(t, p.afterAges(t)); res != (Result{Orphans: fewUnknown}) {
		t.Errorf("result with few of them %+v", res)
	}
	for range fewUnknown + 1 {
		strangers = append(strangers, stranger())
	}
	known := p.rendering(t)
	orphan := p.put(t, export.BlobKey(known))
	p.rescued(t, known)
	if res := pass(t, p.afterAges(t)); res != (Result{Orphans: 1, Unknown: fewUnknown + 1}) {
		t.Errorf("result with many of them %+v", res)
	}
	p.want(t, "the orphan that the database knows", orphan, false)
	for _, key := range strangers[fewUnknown:] {
		p.want(t, "a file of unknown exports", key, true)
	}
	for range fewUnknown + 1 {
		p.ready(t)
	}
	if res := pass(t, p.afterAges(t)); res != (Result{Orphans: fewUnknown + 1}) {
		t.Errorf("result with as many known files %+v", res)
	}
}

// When the store or the database cannot be asked, nothing is taken for an orphan.
func TestOrphans_ListOrQueryFails(t *testing.T) {
	t.Parallel()
	p := setup(t)
	r := p.rendering(t)
	key := p.put(t, export.BlobKey(r))
	p.rescued(t, r)
	s := p.afterAges(t, func(c *Config) { c.Store = silent{c.Store} })
	if res, err := s.Pass(t.Context()); !errors.Is(err, errDead) || did(res) != (Result{}) {
		t.Errorf("%+v, %v", res, err)
	}
	s = p.sweeper(t, func(c *Config) { c.Files = unlisted{c.Files} })
	if res, err := s.Pass(t.Context()); !errors.Is(err, errDead) || did(res) != (Result{}) {
		t.Errorf("%+v, %v", res, err)
	}
	p.want(t, "the orphan", key, true)
}

func TestRun_OrphansEvery(t *testing.T) {
	t.Parallel()
	p := setup(t)
	r := p.rendering(t)
	key := p.put(t, export.BlobKey(r))
	p.rescued(t, r)
	// passes runs a sweeper until it has made some passes.
	passes := func(orphansEvery time.Duration) {
		ctx, cancel := context.WithCancel(t.Context())
		begun := make(chan struct{})
		s := p.afterAges(t, func(c *Config) {
			c.OrphansEvery = orphansEvery
			c.Store = interrupted{Store: c.Store, purged: func() {
				select {
				case begun <- struct{}{}:
				case <-ctx.Done():
				}
			}}
		})
		done := make(chan struct{})
		go func() {
			defer close(done)
			s.Run(ctx, time.Millisecond)
		}()
		for range 20 {
			<-begun
		}
		cancel()
		<-done
	}
	passes(1000 * time.Hour)
	p.want(t, "before it is time", key, true)
	passes(time.Nanosecond)
	p.want(t, "when it is time", key, false)
}

func TestNew_OrphanAgeTooShort(t *testing.T) {
	t.Parallel()
	for age, want := range map[time.Duration]bool{0: true, MinOrphanAge: true, MinOrphanAge - 1: false, -time.Hour: false} {
		s, err := New(Config{OrphanAge: age})
		if (err == nil) != want {
			t.Errorf("%s: %v", age, err)
		}
		if age == 0 && s.OrphanAge != DefaultOrphanAge {
			t.Errorf("the default is %s", s.OrphanAge)
		}
	}
}
