package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// errWithdrawn ends a download whose export was deleted or has expired.
var errWithdrawn = errors.New("the export is not served any more")

// transfers are the running downloads of this process, so that deleting an export can end
// them. The zero value has none.
type transfers struct {
	mu  sync.Mutex
	all map[*transfer]struct{}
}

// transfer is a running download.
type transfer struct {
	exports []export.Request // one, or those of a batch
	ctx     context.Context  // ends with the download
	end     context.CancelCauseFunc
}

// begin registers a download. The caller calls its done.
func (t *transfers) begin(ctx context.Context, rs ...export.Request) *transfer {
	d := &transfer{exports: rs}
	d.ctx, d.end = context.WithCancelCause(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all == nil {
		t.all = map[*transfer]struct{}{}
	}
	t.all[d] = struct{}{}
	return d
}

func (t *transfers) done(d *transfer) {
	t.mu.Lock()
	delete(t.all, d)
	t.mu.Unlock()
	d.end(nil)
}

// withdraw ends the downloads of the exports that match.
func (t *transfers) withdraw(matches func(export.Request) bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for d := range t.all {
		if slices.ContainsFunc(d.exports, matches) {
			d.end(errWithdrawn)
		}
	}
}

// watch looks at the row of a long download every now and then: the export may be
// deleted through another process, or expire. It returns a function that ends it.
func (s *server) watch(d *transfer) (stop func()) {
	ctx, cancel := context.WithCancel(d.ctx)
	var over sync.WaitGroup
	over.Go(func() {
		ticker := time.NewTicker(s.RecheckEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			if !s.stillServed(ctx, d.exports) {
				d.end(errWithdrawn)
				return
			}
		}
	})
	return func() {
		cancel()
		over.Wait()
	}
}

// stillServed reports whether the exports, which are one or those of a batch, may still be
// served. If the store cannot tell, they may.
func (s *server) stillServed(ctx context.Context, exports []export.Request) bool {
	if len(exports) == 1 {
		was := exports[0]
		now, err := s.Store.Export(ctx, was.ID)
		return !errors.Is(err, export.ErrNotFound) && (err != nil || now.Status == export.Ready && now.Artifact.BlobKey == was.Artifact.BlobKey)
	}
	files, err := s.Store.BatchFiles(ctx, exports[0].BatchID, "")
	if err != nil {
		return true
	}
	return !slices.ContainsFunc(exports, func(was export.Request) bool { return files[was.ID] != was.Artifact.BlobKey })
}

// pacedWriter sends a download. Each piece and the whole have a deadline, so that a client
// that stops reading does not keep the file open forever.
type pacedWriter struct {
	http.ResponseWriter
	connection *http.ResponseController
	transfer   *transfer
	within     time.Duration // for a piece
	last       time.Time     // for the whole
}

// newPacedWriter returns a writer, and a function to be called when all is sent.
func newPacedWriter(w http.ResponseWriter, t *transfer, within time.Duration) (*pacedWriter, func()) {
	p := &pacedWriter{ResponseWriter: w, connection: http.NewResponseController(w), transfer: t, within: within, last: time.Now().Add(longestDownload)}
	// A write that waits for the client ends at once.
	stop := context.AfterFunc(t.ctx, func() { _ = p.connection.SetWriteDeadline(time.Now()) })
	return p, func() {
		if stop() { // otherwise the connection cannot be used any more
			_ = p.connection.SetWriteDeadline(time.Time{}) // not every connection has deadlines
		}
	}
}

// longestDownload bounds a download however steadily its client reads.
const longestDownload = 15 * time.Minute

// Write sends a piece.
func (p *pacedWriter) Write(b []byte) (int, error) {
	deadline := time.Now().Add(p.within)
	if deadline.After(p.last) {
		deadline = p.last
	}
	_ = p.connection.SetWriteDeadline(deadline)
	if p.transfer.ctx.Err() != nil {
		_ = p.connection.SetWriteDeadline(time.Now())
		return 0, context.Cause(p.transfer.ctx)
	}
	return p.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (p *pacedWriter) Unwrap() http.ResponseWriter { return p.ResponseWriter }
