package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/letrazapp/letraz-export/internal/audit"
)

// AuditStore is the part of the store that writes the audit log. Its methods that change
// something write the row of the call in the context themselves.
type AuditStore interface {
	RecordCall(ctx context.Context, e audit.Entry) error
}

// recordWithin bounds the time in which a row of the audit log is written on its own.
const recordWithin = 2 * time.Second

// changes reports whether an operation may change something. Making a link to read events
// changes nothing: links are signed, not stored.
func changes(op *huma.Operation) bool {
	return op.Method != http.MethodGet && op.Method != http.MethodHead && !strings.HasSuffix(op.Path, "/events/link")
}

// audited returns the middleware that records calls which may change something. If the store
// has not recorded the call with its change, it is recorded after the answer: an erasure, which
// is many transactions, and what was refused to an authenticated caller. Requests that are
// malformed change nothing and are not recorded.
func (s *server) audited(ctx huma.Context, next func(huma.Context)) {
	op := ctx.Operation()
	if len(op.Security) == 0 || !changes(op) {
		next(ctx)
		return
	}
	call := &audit.Call{Entry: s.entry(ctx, op.DefaultStatus)}
	ctx = huma.WithContext(ctx, audit.NewContext(ctx.Context(), call))
	next(ctx)
	if call.IsRecorded() {
		return
	}
	call.Entry.Status = ctx.Status()
	switch status := call.Entry.Status; {
	case status < 300, status == http.StatusForbidden, status == http.StatusNotFound, status == http.StatusConflict, status == http.StatusGone,
		status == http.StatusInternalServerError:
		s.record(ctx.Context(), call.Entry)
	}
}

// entry returns the row of a call.
func (s *server) entry(ctx huma.Context, status int) audit.Entry {
	who := identityOf(ctx.Context())
	req, _ := humago.Unwrap(ctx)
	e := audit.Entry{UserID: who.userID, Action: ctx.Operation().OperationID, Resource: ctx.Param("id"), Status: status}
	e.Actor, e.Kind = who.actor()
	e.RequestID, _ = ctx.Context().Value(requestIDKey{}).(string)
	if e.Resource == "" || !validText(e.Resource) || len(e.Resource) > maxUserID {
		e.Resource = ctx.Query("user_id") // whose exports are erased
	}
	if !validText(e.Resource) || len(e.Resource) > maxUserID {
		e.Resource = ""
	}
	if s.AuditAddresses {
		e.Address = clientAddress(req, s.TrustedProxies).String()
	}
	return e
}

// record writes a row of the audit log. The call is answered already: that it cannot be written
// is logged and counted.
func (s *server) record(ctx context.Context, e audit.Entry) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordWithin)
	defer cancel()
	if err := s.Store.RecordCall(ctx, e); err != nil {
		s.Observer.AuditFailed(ctx)
		s.outages.audit.Failed(err, "action", e.Action, "actor", e.Actor, "user_id", e.UserID, "resource", e.Resource, "status", e.Status, "request_id", e.RequestID)
		return
	}
	s.outages.audit.Recovered()
}
