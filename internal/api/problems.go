package api

import (
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/letrazapp/letraz-export/internal/export"
)

// invalid returns the problem for one invalid value.
func invalid(location string, value any, message string) error {
	return huma.NewError(http.StatusUnprocessableEntity, "validation failed",
		&huma.ErrorDetail{Location: location, Message: message, Value: value})
}

// problem maps errors to answers. An error that it does not know is logged, and
// answered as an internal error without its text.
func (s *server) problem(ctx context.Context, err error) huma.StatusError {
	var bad *export.BatchError
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		// It failed because its context ended.
		return huma.NewError(statusClientGone, "the caller went away")
	case errors.As(err, &bad):
		return batchProblem(bad)
	case errors.Is(err, export.ErrBatchNotFound):
		return huma.Error404NotFound("there is no such batch")
	case errors.Is(err, export.ErrNotFound):
		return huma.Error404NotFound("there is no such export")
	case errors.Is(err, export.ErrResumeNotFound):
		return huma.Error404NotFound("there is no such resume", &huma.ErrorDetail{Location: "body.resume_id", Message: "unknown resume"})
	case errors.Is(err, export.ErrUserNotFound):
		return huma.Error403Forbidden("the user of the token is unknown")
	case errors.Is(err, export.ErrJobNotFound):
		return huma.Error422UnprocessableEntity("there is no such job posting", &huma.ErrorDetail{Location: "body.job_id", Message: "unknown job posting"})
	case errors.Is(err, export.ErrWrongStatus):
		return huma.Error409Conflict("the export has changed meanwhile; get it again")
	case errors.Is(err, export.ErrExpired):
		return huma.Error410Gone("this export has expired; create a new one")
	case errors.Is(err, export.ErrKeyReused):
		return huma.Error422UnprocessableEntity("this Idempotency-Key belongs to another request; use a new one",
			&huma.ErrorDetail{Location: "header.Idempotency-Key", Message: "was used with another body"})
	case errors.Is(err, export.ErrTooManyWaiting):
		s.Observer.RequestLimited(ctx, "user-waiting")
		return tooManyWaiting("this user has")
	case errors.Is(err, export.ErrUnavailable):
		s.outages.store.Failed(err)
		return huma.Error503ServiceUnavailable("the service is busy or restarting; please try again in a moment")
	}
	s.Logger.ErrorContext(ctx, "answering a request failed", "error", err)
	return huma.Error500InternalServerError(internalProblem)
}

// internalProblem is the detail of internal errors for callers.
const internalProblem = "something went wrong on our side; please try again"

// statusClientGone appears in the log only: the caller went away before the answer.
const statusClientGone = 499

func isWrongStatus(err error) bool { return errors.Is(err, export.ErrWrongStatus) }

// Bounds of the parts of a request that a problem document repeats.
const (
	maxProblemErrors = 10
	maxProblemText   = 200 // bytes
)

// boundProblem bounds the problem documents that huma makes, which may repeat a whole
// body for each of its errors, and removes details from those of internal errors.
func boundProblem(ctx huma.Context, status string, v any) (any, error) {
	p, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	if kind, ok := ctx.Context().Value(problemKindKey{}).(problemKind); ok && kind != "" {
		p.Type = string(kind)
	}
	switch {
	case status == "503":
		ctx.SetHeader("Retry-After", "1")
		p.Type = string(typeUnavailable)
	case p.Type == string(typeTooManyWaiting):
		ctx.SetHeader("Retry-After", waitingRetryAfter)
	}
	if status >= "500" {
		p.Errors = nil
	}
	shorten(p, problemErrors(ctx.Operation()))
	return p, nil
}

// shorten bounds a problem document to a few kilobytes, or to so many errors of less than one.
func shorten(p *huma.ErrorModel, errors int) {
	p.Errors = p.Errors[:min(len(p.Errors), errors)]
	for _, e := range p.Errors {
		switch value := e.Value.(type) {
		case bool, int, int64, float64:
		case string:
			e.Value = shortened(value)
		default:
			e.Value = nil
		}
		e.Location, e.Message = shortened(e.Location), shortened(e.Message)
	}
}

// shortened cuts a text that is longer than maxProblemText.
func shortened(text string) string {
	if len(text) <= maxProblemText {
		return text
	}
	return strings.ToValidUTF8(text[:maxProblemText], "") + "…"
}

// writeProblem answers with a problem document (RFC 9457), without huma.
func writeProblem(w http.ResponseWriter, status int, detail string, errs ...*huma.ErrorDetail) {
	h := w.Header()
	h.Set("Content-Type", problemType)
	h.Set("X-Content-Type-Options", "nosniff")
	if status == http.StatusServiceUnavailable {
		h.Set("Retry-After", "1")
	}
	w.WriteHeader(status)
	p := huma.ErrorModel{Title: http.StatusText(status), Status: status, Detail: detail, Errors: errs}
	if status == http.StatusServiceUnavailable {
		p.Type = string(typeUnavailable)
	}
	shorten(&p, maxProblemErrors)
	_ = json.NewEncoder(w).Encode(p) // the caller is gone
}

const problemType = "application/problem+json"

// problemWriter replaces error answers that are not JSON by problem documents.
// ServeMux and http.ServeContent send their errors as plain text.
type problemWriter struct {
	http.ResponseWriter
	req      *http.Request
	began    bool
	replaced bool // the text of the handler is dropped
}

// asProblems makes problem documents of the errors of next.
func asProblems(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&problemWriter{ResponseWriter: w, req: r}, r)
	})
}

// WriteHeader sends the status, or a problem document in its place.
func (p *problemWriter) WriteHeader(status int) {
	if p.began {
		return
	}
	p.began = status >= http.StatusOK // 1xx come before the answer
	head := p.Header()
	kind, _, _ := mime.ParseMediaType(head.Get("Content-Type"))
	if status < http.StatusBadRequest || kind == problemType || kind == jsonType {
		p.ResponseWriter.WriteHeader(status)
		return
	}
	p.replaced = true
	for _, name := range []string{"Content-Length", "Content-Disposition", "Content-Security-Policy", "X-Robots-Tag", "Etag"} {
		head.Del(name)
	}
	head.Set("Cache-Control", "no-store")
	writeProblem(p.ResponseWriter, status, p.detail(status))
}

// detail returns the detail of a problem of which only the status is known.
func (p *problemWriter) detail(status int) string {
	switch status {
	case http.StatusNotFound:
		return nothingAt(p.req.URL.Path)
	case http.StatusMethodNotAllowed:
		return shortened(p.req.Method) + " is not possible here; see /openapi.json"
	case http.StatusRequestedRangeNotSatisfiable:
		return "the file has no such range; Content-Range says how many bytes it has"
	}
	return strings.ToLower(http.StatusText(status))
}

// Write sends a part of the answer, or drops it after a problem document.
func (p *problemWriter) Write(b []byte) (int, error) {
	if p.replaced {
		return len(b), nil
	}
	p.began = true
	return p.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (p *problemWriter) Unwrap() http.ResponseWriter { return p.ResponseWriter }
