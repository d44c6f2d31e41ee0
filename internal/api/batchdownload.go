package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Limits of the ZIP downloads that run at the same time in this process.
const (
	maxArchives     = 32
	maxUserArchives = 4
)

// archives counts the running ZIP downloads. The zero value has none.
type archives struct {
	mu     sync.Mutex
	all    int
	byUser map[string]int
}

// begin counts a download of the user. It returns false if there are too many; otherwise the
// caller calls done.
func (a *archives) begin(userID string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.byUser == nil {
		a.byUser = map[string]int{}
	}
	if a.all == maxArchives || a.byUser[userID] == maxUserArchives {
		return false
	}
	a.all++
	a.byUser[userID]++
	return true
}

func (a *archives) done(userID string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.all--
	if a.byUser[userID]--; a.byUser[userID] == 0 {
		delete(a.byUser, userID)
	}
}

const zipType = "application/zip"

func (s *server) registerBatchDownload(h huma.API) {
	huma.Register(h, operation(huma.Operation{
		OperationID: "download-batch", Method: http.MethodGet, Path: "/v1/batches/{id}/download", Summary: "Download the files of a batch as a ZIP",
		Description: "Possible once every export is finished. The ZIP has the file of each ready export, and manifest.json, which lists all exports, their files and failures. " +
			"If a file is found damaged, or an export is deleted meanwhile, the connection is broken before the end.",
		Responses: map[string]*huma.Response{"200": {Description: "The ZIP", Content: map[string]*huma.MediaType{zipType: {}}}},
	}, 404, 409, 410), s.downloadBatch)
}

// downloadBatch sends the files of a finished batch as one ZIP.
func (s *server) downloadBatch(ctx context.Context, in *batchInput) (*huma.StreamResponse, error) {
	caller := callerOf(ctx)
	user := seenBy(caller)
	b, err := s.Store.Batch(ctx, in.ID, user)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	if err := withoutFiles(b); err != nil {
		return nil, err
	}
	requests, err := s.Store.BatchExports(ctx, export.BatchFilter{BatchID: b.ID, UserID: user, Limit: export.MaxBatch})
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	z, err := newArchive(b, requests)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	if len(z.files) == 0 { // they have expired since they were counted
		return nil, batchExpired()
	}
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		req, w := humago.Unwrap(hctx)
		if !s.archives.begin(caller.UserID) {
			w.Header().Set("Retry-After", "5")
			writeProblem(w, http.StatusServiceUnavailable, "too many ZIPs are being downloaded; please try again in a moment")
			return
		}
		defer s.archives.done(caller.UserID)
		s.sendArchive(w, req, z)
	}}, nil
}

// withoutFiles returns the answer to the download of a batch that has no files yet, or none
// any more; nil for one that has.
func withoutFiles(b export.Batch) error {
	c := b.Counts
	left := 0
	for _, n := range c {
		left += n
	}
	switch {
	case c.Unfinished() > 0:
		return huma.ErrorWithHeaders(huma.Error409Conflict("this batch is not finished yet; "+strconv.Itoa(c.Unfinished())+" of its "+strconv.Itoa(b.Total)+" exports are not"),
			http.Header{"Retry-After": {"1"}})
	case c[export.Ready] > 0:
		return nil
	case c[export.Expired] > 0 || left == 0:
		return batchExpired()
	default:
		return huma.Error409Conflict("there are no files: every export of this batch has failed or is canceled")
	}
}

func batchExpired() error { return huma.Error410Gone("this batch has expired; create a new one") }

// sendArchive sends the ZIP. Its Content-Length is known before, so that a transfer that ends
// early is seen as broken by every client.
func (s *server) sendArchive(w http.ResponseWriter, req *http.Request, z *archive) {
	ctx := req.Context()
	h := w.Header()
	h.Set("Content-Type", zipType)
	h.Set("Content-Disposition", `attachment; filename="exports-`+z.batch.ID+`.zip"`)
	h.Set("Content-Length", strconv.FormatInt(z.size, 10))
	h.Set("Cache-Control", "private, no-store")
	h.Set("Accept-Ranges", "none")
	if req.Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
		return
	}
	transfer := s.transfers.begin(ctx, z.ready()...)
	defer s.transfers.done(transfer)
	defer s.watch(transfer)()
	paced, sent := newPacedWriter(w, transfer, s.SendWithin)
	defer sent()
	rec := &recorder{ResponseWriter: paced}
	err := z.write(inPieces{rec}, func(r export.Request) (*content, error) { return s.openMember(transfer.ctx, r) })
	if err == nil {
		err = http.NewResponseController(rec).Flush() // the last bytes wait in a buffer
	}
	if err == nil {
		s.archiveSent(ctx, z)
		return
	}
	var unread *memberError
	switch {
	case transfer.ctx.Err() != nil: // the client went away, or the exports were withdrawn
		err = context.Cause(transfer.ctx)
	case errors.As(err, &unread) && rec.status == 0: // nothing was sent
		for _, name := range []string{"Content-Length", "Content-Disposition", "Accept-Ranges"} {
			h.Del(name)
		}
		s.refuse(ctx, w, unread.request, err)
	case errors.As(err, &unread) && errors.Is(err, export.ErrDamaged):
		_ = s.damaged(ctx, unread.request, err)
	case errors.As(err, &unread):
		_ = s.problem(ctx, err) // for the log
	}
	// A handler that sends less than the Content-Length breaks the connection.
	s.Logger.InfoContext(ctx, "batch download broken off", "batch_id", z.batch.ID, "bytes", rec.written, "size", z.size, "error", err)
}

// archiveSent counts a full download of each export in the ZIP.
func (s *server) archiveSent(ctx context.Context, z *archive) {
	ids := make([]string, len(z.files))
	for i, f := range z.files {
		ids[i] = f.request.ID
		s.Observer.ExportDownloaded(ctx, f.request)
	}
	s.Logger.InfoContext(ctx, "batch downloaded", "batch_id", z.batch.ID, "user_id", z.batch.UserID, "caller_id", callerOf(ctx).UserID, "exports", len(ids), "bytes", z.size)
	mark, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := s.Store.MarkAllDownloaded(mark, ids); err != nil {
		s.Logger.WarnContext(mark, "the downloads of a batch were not recorded", "batch_id", z.batch.ID, "error", err)
	}
}

// inPieces writes in pieces, each of which has a deadline of its own.
type inPieces struct{ http.ResponseWriter }

// pieceSize is the size of a piece in bytes, as that of http.ServeContent.
const pieceSize = 32 << 10

// Write writes all pieces.
func (p inPieces) Write(b []byte) (n int, err error) {
	for len(b) > 0 {
		piece := b[:min(len(b), pieceSize)]
		written, err := p.ResponseWriter.Write(piece)
		n += written
		if err != nil {
			return n, err
		}
		b = b[len(piece):]
	}
	return n, nil
}

// lower is the form in which names are compared, since some file systems ignore case.
func lower(name string) string { return strings.ToLower(name) }
