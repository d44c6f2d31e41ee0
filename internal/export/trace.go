package export

import "regexp"

// traceparent matches a W3C trace context of version 00.
var traceparent = regexp.MustCompile(`^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$`)

// TraceID returns the id of the trace that the request was created in, or "".
func (r Request) TraceID() string {
	if !traceparent.MatchString(r.Traceparent) {
		return ""
	}
	return r.Traceparent[3:35]
}

// FirstMessage reports whether the message of the request's next attempt is the first one
// for that request. Others repeat a lost message, or are for a later attempt.
func (r Request) FirstMessage() bool { return r.Attempt == 0 && r.DispatchCount <= 1 }

// LogAttrs returns the attributes that every log line about the request has, as arguments
// of slog: export_id, and batch_id and trace_id if there is one.
func (r Request) LogAttrs() []any {
	attrs := []any{"export_id", r.ID}
	if r.BatchID != "" {
		attrs = append(attrs, "batch_id", r.BatchID)
	}
	if id := r.TraceID(); id != "" {
		attrs = append(attrs, "trace_id", id)
	}
	return attrs
}
