package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

const (
	// maxBody is the maximum size of a request body in bytes. Requests contain little more
	// than ids.
	maxBody = 64 << 10
	// maxBatchBody is that of a batch of 500 exports with all their options.
	maxBatchBody = 512 << 10
	// bodyTimeout bounds the time in which the caller has to send it.
	bodyTimeout = 10 * time.Second
)

// checkBody reads the body of an operation that takes one. It refuses a body that is
// not JSON, or that two parsers could read differently. huma checks the values.
func checkBody(h huma.API, log *slog.Logger) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		op := ctx.Operation()
		if op.Metadata[takesFile] != nil {
			readResumeFile(h, ctx, next, log)
			return
		}
		if op.RequestBody == nil {
			next(ctx)
			return
		}
		req, w := humago.Unwrap(ctx)
		if f := mediaFault(req.Header); f != nil {
			if f.coding {
				ctx.SetHeader("Accept-Encoding", "identity")
			}
			f.answer(h, ctx)
			return
		}
		limit := bodyBounds{bodyLimit(op), bodyTimeout}
		member, mayHaveResume := op.Metadata[givenResumeIn].(string)
		if mayHaveResume {
			limit = bodyBounds{maxResume + maxBody, resumeTimeout}
		}
		body, f := readBody(w, req, log, limit)
		if f == nil && mayHaveResume {
			var given []byte
			if body, given = withoutResume(body, member); given != nil {
				ctx = huma.WithValue(ctx, givenResumeKey{}, given)
			}
			switch {
			case len(given) > maxResume:
				f = tooLarge(maxResume, "the resume in the body")
			case len(body) > maxBody && given != nil:
				f = tooLarge(maxBody, "the body without its resume")
			case len(body) > maxBody:
				f = tooLarge(maxBody, "the body")
			}
		}
		if f == nil {
			f = jsonFault(h.OpenAPI().Components.Schemas, op.RequestBody.Content[jsonType].Schema, body)
		}
		if f != nil {
			f.answer(h, ctx)
			return
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
		req.Header.Set("Content-Type", jsonType) // however it was written
		next(ctx)
	}
}

const jsonType = "application/json"

// mediaFault returns what is wrong with the headers that describe the body, or nil.
// A body without Content-Type is read as JSON.
func mediaFault(header http.Header) *fault {
	f := &fault{status: http.StatusUnsupportedMediaType, detail: "send the body as " + jsonType + " in UTF-8, without a content coding"}
	for _, coding := range header.Values("Content-Encoding") {
		if !strings.EqualFold(strings.TrimSpace(coding), "identity") {
			f.coding = true
			f.add("header.Content-Encoding", "is not supported")
			return f
		}
	}
	types := header.Values("Content-Type")
	if len(types) == 0 || len(types) == 1 && types[0] == "" {
		return nil
	}
	kind, parameters, err := mime.ParseMediaType(types[0]) // in lower case
	charset, hasCharset := parameters["charset"]
	switch {
	case len(types) > 1:
		f.add("header.Content-Type", "is given more than once")
	case err != nil:
		f.add("header.Content-Type", "is malformed")
	case kind != jsonType:
		f.add("header.Content-Type", "is not "+jsonType)
	case hasCharset && !strings.EqualFold(charset, "utf-8"):
		f.add("header.Content-Type", "JSON is in UTF-8")
	default:
		return nil
	}
	return f
}

// bodyBounds bound a body in bytes, and the time in which the caller has to send it.
type bodyBounds struct {
	bytes  int64
	within time.Duration
}

func tooLarge(limit int64, what string) *fault {
	return &fault{status: http.StatusRequestEntityTooLarge, detail: fmt.Sprintf("%s has more than %d bytes", what, limit)}
}

// readBody reads the body. If it cannot be read, the caller or the connection is at
// fault, not the service.
func readBody(w http.ResponseWriter, req *http.Request, log *slog.Logger, limit bodyBounds) ([]byte, *fault) {
	if req.ContentLength > limit.bytes {
		return nil, tooLarge(limit.bytes, "the body")
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(limit.within)) // without one, the server's own applies
	body, err := io.ReadAll(io.LimitReader(req.Body, limit.bytes+1))
	_ = control.SetReadDeadline(time.Time{}) // it would end the request itself
	var timeout net.Error
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return nil, &fault{status: http.StatusRequestTimeout, detail: fmt.Sprintf("the body was not sent within %s", limit.within)}
	case err != nil:
		log.DebugContext(req.Context(), "a request body could not be read", "error", err)
		return nil, &fault{status: http.StatusBadRequest, detail: "the body breaks off, or its transfer coding is malformed"}
	case int64(len(body)) > limit.bytes:
		return nil, tooLarge(limit.bytes, "the body")
	case len(body) == 0:
		f := &fault{status: http.StatusBadRequest, detail: "the request needs a body"}
		f.add("body", "is empty")
		return nil, f
	}
	return body, nil
}
