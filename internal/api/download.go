package api

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/filename"
)

// DownloadStore is the part of the store that records downloads and damaged files.
type DownloadStore interface {
	MarkDownloaded(ctx context.Context, id string) error
	FailDamaged(ctx context.Context, id, blobKey string) (export.Request, error)
}

func (s *server) registerDownload(h huma.API) {
	huma.Register(h, fileOperation(huma.Operation{
		OperationID: "download-export", Method: http.MethodGet, Path: "/v1/exports/{id}/download", Summary: "Download the file of an export",
		Description: "Supports ranges and conditional requests (RFC 9110) with the ETag of the answer.",
	}, 404, 409, 410, 412, 416), s.download)
}

// fileOperation adds to an operation its answers with a file.
func fileOperation(op huma.Operation, errors ...int) huma.Operation {
	types := map[string]*huma.MediaType{}
	for _, f := range export.Formats() {
		name, _, _ := strings.Cut(f.ContentType(), ";")
		types[name] = &huma.MediaType{}
	}
	parts := maps.Clone(types)
	parts["multipart/byteranges"] = &huma.MediaType{}
	op.Responses = map[string]*huma.Response{
		"200": {Description: "The file", Content: types, Headers: fileHeaders()},
		"206": {Description: "Parts of the file", Content: parts, Headers: fileHeaders()},
		"304": {Description: "The caller has the file already", Headers: fileHeaders()},
	}
	return operation(op, errors...)
}

// fileHeaders describes the headers of the answers with a file.
func fileHeaders() map[string]*huma.Param {
	return map[string]*huma.Param{
		"ETag": {Description: "The checksum of the file, for conditional requests", Schema: &huma.Schema{Type: huma.TypeString},
			Example: `"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`},
		"Content-Disposition": {Description: "The name of the file (RFC 6266)", Schema: &huma.Schema{Type: huma.TypeString}, Example: `attachment; filename="Ana Ribeiro - Resume.pdf"`},
		"Accept-Ranges":       {Description: "Ranges are given in bytes", Schema: &huma.Schema{Type: huma.TypeString}, Example: "bytes"},
	}
}

// download serves the file of an export that the caller may see.
func (s *server) download(ctx context.Context, in *exportInput) (*huma.StreamResponse, error) {
	r, err := s.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return s.file(ctx, r, sending{})
}

// sending says how a file is sent.
type sending struct {
	linked bool // by a link, instead of a bearer token
	inline bool // to be shown, instead of saved
}

// withoutFile returns the answer to a download in a status that has no file, and nil for one
// that has.
func (how sending) withoutFile(status export.Status) error {
	if how.linked && status != export.Ready {
		return linkEnded()
	}
	return withoutFile(status)
}

// file returns the answer with the file of a ready export that has not expired.
func (s *server) file(ctx context.Context, r export.Request, how sending) (*huma.StreamResponse, error) {
	if err := how.withoutFile(r.Status); err != nil {
		return nil, err
	}
	file, verified, err := s.openFile(ctx, r)
	if errors.Is(err, export.ErrDamaged) {
		return nil, s.damaged(ctx, r, err)
	}
	if err != nil {
		// It may have expired or been erased since the row was read.
		now, readErr := s.Store.Export(ctx, r.ID)
		if errors.Is(readErr, export.ErrNotFound) {
			now.Status, readErr = export.Expired, nil
		}
		if readErr == nil && how.withoutFile(now.Status) != nil {
			return nil, how.withoutFile(now.Status)
		}
		return nil, s.problem(ctx, err)
	}
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		defer func() { _ = file.Close() }() // it was only read
		req, w := humago.Unwrap(hctx)
		s.send(w, req, r, openedFile{file, verified}, how)
	}}, nil
}

// openedFile is an open file.
type openedFile struct {
	io.ReadSeekCloser
	verified bool
}

// send answers with the file, or the requested part of it. The file is verified before
// the first byte is sent, except a large file that is requested whole: that one is
// verified while it is sent, and its last bytes are held back until the checksum fits.
func (s *server) send(w http.ResponseWriter, req *http.Request, r export.Request, file openedFile, how sending) {
	ctx := req.Context()
	var content io.ReadSeeker = file
	var whole *wholeFile
	switch {
	case file.verified:
	case asksForWhole(req):
		whole = newWholeFile(file, r.Artifact)
		content = whole
	default:
		if err := s.verify(ctx, r); err != nil {
			s.refuse(ctx, w, r, err)
			return
		}
	}
	transfer := s.transfers.begin(ctx, r)
	defer s.transfers.done(transfer)
	defer s.watch(transfer)()
	paced, sent := newPacedWriter(w, transfer, s.SendWithin)
	defer sent()
	setFileHeader(w.Header(), r, how)
	rec := &recorder{ResponseWriter: paced}
	http.ServeContent(rec, req, "", time.Time{}, content)
	if whole != nil && whole.damaged {
		_ = s.damaged(ctx, r, fmt.Errorf("sending the file of export %s: %w: its checksum is another", r.ID, export.ErrDamaged))
	}
	// Only the whole file, written to its last byte, counts: not HEAD, a
	// range, a "not modified", or a connection that broke.
	if req.Method != http.MethodGet || rec.status != http.StatusOK || rec.written != r.Artifact.Size {
		return
	}
	if err := http.NewResponseController(rec).Flush(); err != nil { // the last bytes wait in a buffer
		return
	}
	s.Observer.ExportDownloaded(ctx, r)
	s.Logger.InfoContext(ctx, "export downloaded", append(r.LogAttrs(), "user_id", r.UserID, "bytes", r.Artifact.Size, "by_link", how.linked)...)
	mark, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := s.Store.MarkDownloaded(mark, r.ID); err != nil {
		s.Logger.WarnContext(mark, "a download was not recorded", "export_id", r.ID, "error", err)
	}
}

// setFileHeader sets the header fields of an answer with the file of r.
func setFileHeader(h http.Header, r export.Request, how sending) {
	h.Set("Content-Type", r.Format.ContentType())
	h.Set("Content-Disposition", disposition(r.Artifact.Filename, how))
	h.Set("ETag", `"`+hex.EncodeToString(r.Artifact.SHA256[:])+`"`)
	h.Set("Cache-Control", "private, no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if how.linked {
		h.Set("X-Robots-Tag", "noindex") // somebody may publish a link
	}
	if !how.inline || r.Format == export.HTML {
		// If a browser shows an HTML export, it has no origin and no scripts. Browsers' viewers of
		// PDFs and pictures are pages of their own, which a policy would break.
		h.Set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:")
	}
}

// asksForWhole reports whether the request is for the whole file, without conditions.
func asksForWhole(req *http.Request) bool {
	h := req.Header
	return req.Method == http.MethodGet && h.Get("Range") == "" && h.Get("If-None-Match") == "" && h.Get("If-Match") == ""
}

// refuse answers that the file cannot be sent.
func (s *server) refuse(ctx context.Context, w http.ResponseWriter, r export.Request, err error) {
	if errors.Is(err, export.ErrDamaged) {
		err = s.damaged(ctx, r, err)
	} else {
		err = s.problem(ctx, err)
	}
	status := http.StatusInternalServerError
	var told huma.StatusError
	if errors.As(err, &told) {
		status = told.GetStatus()
	}
	writeProblem(w, status, err.Error())
}

// fileDamaged returns the answer to a download whose file is damaged.
func fileDamaged() huma.StatusError {
	return huma.Error500InternalServerError("the stored file is damaged; retry this export, or create a new one")
}

// withoutFile returns the answer to a download in a status that has no file, and nil for one
// that has.
func withoutFile(status export.Status) error {
	switch status {
	case export.Ready:
		return nil
	case export.Expired:
		return huma.Error410Gone("this export has expired; create a new one")
	case export.Queued, export.Rendering:
		return huma.ErrorWithHeaders(huma.Error409Conflict("this export is not ready yet; it is "+string(status)),
			http.Header{"Retry-After": {"1"}})
	default:
		return huma.Error409Conflict("there is no file: this export is " + string(status))
	}
}

// disposition returns the Content-Disposition of a download (RFC 6266): an ASCII name for old
// clients and the real one, percent-encoded. Both are safe as file names, whatever the row
// contains.
func disposition(name string, how sending) string {
	const fallback = "Resume"
	kind := "attachment"
	if how.inline {
		kind = "inline"
	}
	return kind + `; filename="` + filename.ASCII(name, fallback) + `"; filename*=UTF-8''` + percentEncoded(filename.Safe(name, fallback))
}

// percentEncoded keeps the bytes that an extended parameter may hold as they
// are (attr-char of RFC 8187 section 3.2.1) and encodes the others.
func percentEncoded(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("!#$&+-.^_`|~", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
