package api

import (
	"context"
	"log/slog"
	"net/http"
	"regexp"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/export"
)

// requestIDHeader has the id of a request: the caller's, if it is well formed, otherwise a new
// one. It is in the answer and in the log.
const requestIDHeader = "X-Request-Id"

// requestID matches a well-formed id of a caller.
var requestID = regexp.MustCompile(`^[A-Za-z0-9._:/+=-]{1,128}$`)

type requestIDKey struct{}

// identified gives a request its id.
func identified(w http.ResponseWriter, r *http.Request) *http.Request {
	id := uuid.NewString()
	if sent := r.Header.Values(requestIDHeader); len(sent) == 1 && requestID.MatchString(sent[0]) {
		id = sent[0]
	}
	w.Header().Set(requestIDHeader, id)
	return r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id))
}

// requestIDs is a slog.Handler that adds the request's id to every record that is logged with
// the request's context.
type requestIDs struct{ slog.Handler }

// Handle logs one line.
func (h requestIDs) Handle(ctx context.Context, line slog.Record) error {
	if id, ok := ctx.Value(requestIDKey{}).(string); ok {
		line = line.Clone()
		line.AddAttrs(slog.String("request_id", id))
	}
	return h.Handler.Handle(ctx, line)
}

// WithAttrs keeps the ids.
func (h requestIDs) WithAttrs(attrs []slog.Attr) slog.Handler {
	return requestIDs{h.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the ids.
func (h requestIDs) WithGroup(name string) slog.Handler {
	return requestIDs{h.Handler.WithGroup(name)}
}

// story logs what a caller did with an export. docs/logs.md lists the messages.
func (s *server) story(ctx context.Context, message string, r export.Request) {
	s.Logger.InfoContext(ctx, message, append(r.LogAttrs(), "user_id", r.UserID, "caller_id", callerOf(ctx).UserID)...)
}

// requestLog returns a logger for code that logs without the context of the request.
func (s *server) requestLog(ctx context.Context) *slog.Logger {
	return s.Logger.With("request_id", ctx.Value(requestIDKey{}))
}
