package worker

import (
	"bytes"
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/letrazapp/letraz-export/internal/chrome"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// Resumes that would keep a browser until its deadline fail on their first attempt, and
// no browser sees them.
func TestRun_RefusesPoisonWithoutABrowser(t *testing.T) {
	t.Parallel()
	p := setup(t)
	good := p.resumeID
	var poisoned []export.Request
	for i, update := range []string{
		`UPDATE "user" SET profile_text = repeat('<li>x', 200000) WHERE id = $1`,
		`UPDATE "user" SET profile_text = '<ul>' || repeat('<li>x</li>', 20000) || '</ul>' WHERE id = $1`,
		`UPDATE "user" SET profile_text = repeat('<b>x</b> ', 8000) WHERE id = $1`,
		`UPDATE "user" SET profile_text = repeat(U&'\0301', 50000) WHERE id = $1`,
		`UPDATE "user" SET profile_text = repeat('x', 60000000) WHERE id = $1`,
		`UPDATE resumes SET personal_info = jsonb_build_object('email', repeat('x', 200000) || '@example.com') WHERE user_id = $1`,
	} {
		owner := "poisoned_" + string(rune('a'+i))
		id := testenv.ImportSample(t, p.store, owner, "nearly-empty")
		testenv.Exec(t, p.url, update, owner)
		r := testenv.Request(t, p.store, owner, id)
		if err := p.queue.PublishRequest(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		poisoned = append(poisoned, r)
	}
	p.resumeID = good
	last := p.request(t)
	var large atomic.Int64
	page := &printer{}
	w := p.worker(t, func(c *Config) {
		c.Slots = 2
		c.Engine = newSlots(2, func(ctx context.Context, d chrome.Document) ([]byte, error) {
			if bytes.Contains(d.HTML, []byte("xx")) || len(d.HTML) > 64<<10 {
				large.Add(1)
			}
			return page.Print(ctx, d)
		})
	})
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { w.Run(ctx) })
	defer running.Wait()
	defer stop()
	p.becomes(t, last.ID, export.Ready)
	for i, r := range poisoned {
		r = p.becomes(t, r.ID, export.Failed)
		if r.Attempt != 1 || r.Failure == nil || r.Failure.Code != export.DocumentTooLarge || r.Failure.Message == export.DocumentTooLarge.Message() {
			t.Errorf("poison %d: attempt %d, %+v", i, r.Attempt, r.Failure)
		}
	}
	if n := large.Load(); n != 0 {
		t.Errorf("%d of them were printed", n)
	}
}
