package worker

import (
	"context"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
)

// slowFiles stores and copies once it is opened, and tells when it was asked.
type slowFiles struct {
	Files
	asked, open chan struct{}
}

func (f slowFiles) wait(ctx context.Context) {
	f.asked <- struct{}{}
	select {
	case <-f.open:
	case <-ctx.Done():
	}
}

func (f slowFiles) Put(ctx context.Context, key string, data []byte, contentType string) error {
	f.wait(ctx)
	return f.Files.Put(ctx, key, data, contentType)
}

// Storing goes on beside the slot, which prints the next document meanwhile; but
// a store that hangs must not gather all the documents there are.
func TestPool_SlotIsFreeOncePrinted(t *testing.T) {
	t.Parallel()
	p := setup(t)
	files := slowFiles{Files: p.files, asked: make(chan struct{}, 20), open: make(chan struct{})}
	const more = 3
	var requests []export.Request
	for range finishingPerSlot + more {
		requests = append(requests, p.request(t))
	}
	p.run(t, func(c *Config) { c.Files = files })
	for range finishingPerSlot {
		<-files.asked // by a single slot
	}
	claimed := 0
	for _, r := range requests {
		if p.row(t, r.ID).Attempt > 0 {
			claimed++
		}
	}
	if claimed > finishingPerSlot+1 {
		t.Errorf("%d exports are in progress, want at most one besides the %d being stored", claimed, finishingPerSlot)
	}
	close(files.open)
	for _, r := range requests {
		if got := p.becomes(t, r.ID, export.Ready); got.Attempt != 1 {
			t.Errorf("an export took %d attempts", got.Attempt)
		}
	}
	if n := len(files.asked); n != more {
		t.Errorf("%d more files were stored, want %d", n, more)
	}
}
