package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/letrazapp/letraz-export/internal/export"
)

// problem is the one table from errors to answers. What is not in it is logged
// and told to the caller as an internal error without its text.
func (s *server) problem(ctx context.Context, err error) huma.StatusError {
	switch {
	case errors.Is(err, export.ErrNotFound):
		return huma.Error404NotFound("there is no such export")
	case errors.Is(err, export.ErrResumeNotFound):
		return huma.Error404NotFound("there is no such resume", &huma.ErrorDetail{Location: "body.resume_id", Message: "unknown resume"})
	case errors.Is(err, export.ErrJobNotFound):
		return huma.Error422UnprocessableEntity("there is no such job posting", &huma.ErrorDetail{Location: "body.job_id", Message: "unknown job posting"})
	case errors.Is(err, export.ErrWrongStatus):
		return huma.Error409Conflict("the export has changed meanwhile; look at it again")
	case errors.Is(err, export.ErrExpired):
		return huma.Error410Gone("this export has expired; ask for a new one")
	case errors.Is(err, export.ErrKeyReused):
		return huma.Error422UnprocessableEntity("this Idempotency-Key belongs to another request; use a new one",
			&huma.ErrorDetail{Location: "header.Idempotency-Key", Message: "was used with another body"})
	case errors.Is(err, export.ErrUnavailable):
		s.Logger.WarnContext(ctx, "the store is not available", "error", err)
		return huma.Error503ServiceUnavailable("the service is busy or restarting; please try again in a moment")
	case errors.Is(err, context.Canceled):
		return huma.NewError(499, "the caller went away")
	}
	s.Logger.ErrorContext(ctx, "answering a request failed", "error", err)
	return huma.Error500InternalServerError("something went wrong on our side; please try again")
}

func isWrongStatus(err error) bool { return errors.Is(err, export.ErrWrongStatus) }

// Bounds of what a problem repeats of a request.
const (
	maxProblemErrors = 10
	maxProblemText   = 200 // bytes
)

// boundProblem keeps huma's problems short and to the point: of a request they
// repeat short values only, where huma repeats the whole body for each field it
// does not know, and nothing at all of an error on our side.
func boundProblem(ctx huma.Context, status string, v any) (any, error) {
	p, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	if status == "503" {
		ctx.SetHeader("Retry-After", "1")
	}
	if status >= "500" {
		p.Errors = nil
	}
	p.Errors = p.Errors[:min(len(p.Errors), maxProblemErrors)]
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
	return p, nil
}

// shortened cuts a text that is too long to be repeated.
func shortened(text string) string {
	if len(text) <= maxProblemText {
		return text
	}
	return strings.ToValidUTF8(text[:maxProblemText], "") + "…"
}

// writeProblem answers with a problem document (RFC 9457) outside of huma.
func writeProblem(w http.ResponseWriter, status int, detail string) {
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(huma.ErrorModel{Title: http.StatusText(status), Status: status, Detail: detail}) // the caller is gone
}

// problemPages lets the mux answer, and turns its own plain-text answers for
// unknown paths and methods into problem documents.
func problemPages(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		own := &discarded{header: http.Header{}}
		h.ServeHTTP(own, r)
		switch own.status {
		case http.StatusNotFound:
			writeProblem(w, own.status, "there is nothing at "+r.URL.Path+"; see /openapi.json")
		case http.StatusMethodNotAllowed:
			w.Header().Set("Allow", own.header.Get("Allow"))
			writeProblem(w, own.status, r.Method+" is not possible here; see /openapi.json")
		default: // a redirect to the cleaned path
			mux.ServeHTTP(w, r)
		}
	})
}

// discarded takes an answer of which only the status and headers matter.
type discarded struct {
	header http.Header
	status int
}

func (d *discarded) Header() http.Header         { return d.header }
func (d *discarded) Write(b []byte) (int, error) { return len(b), nil }
func (d *discarded) WriteHeader(status int)      { d.status = status }
