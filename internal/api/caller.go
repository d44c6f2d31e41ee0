package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/letrazapp/letraz-export/internal/export"
)

// CallerStore is the part of the store that reads users.
type CallerStore interface {
	Caller(ctx context.Context, userID string) (export.Caller, error)
}

type callerKey struct{}

// callerOf returns the caller, which authenticate has put into the context.
func callerOf(ctx context.Context) export.Caller {
	c, _ := ctx.Value(callerKey{}).(export.Caller) // without one: the zero Caller, who may see nothing
	return c
}

// authenticate returns the middleware that identifies the caller. It lets a request
// through only for a known, active user, and runs before the body is read.
func (s *server) authenticate(h huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if len(ctx.Operation().Security) == 0 {
			next(ctx)
			return
		}
		refuse := func(status int, detail string) {
			if status == http.StatusUnauthorized {
				ctx.SetHeader("WWW-Authenticate", `Bearer realm="letraz-export"`)
			}
			if err := huma.WriteErr(h, ctx, status, detail); err != nil {
				s.Logger.DebugContext(ctx.Context(), "the answer to a refused request was not sent", "error", err)
			}
		}
		req, _ := humago.Unwrap(ctx)
		if len(req.Header.Values("Authorization")) > 1 {
			f := &fault{status: http.StatusBadRequest, detail: "send one bearer token"}
			f.add("header.Authorization", "is given more than once")
			f.answer(h, ctx)
			return
		}
		scheme, token, _ := strings.Cut(ctx.Header("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") || token == "" {
			refuse(http.StatusUnauthorized, "send a bearer token in the Authorization header")
			return
		}
		userID, err := s.Tokens.UserID(strings.TrimSpace(token))
		if err != nil {
			// The reason is for the log only: it would help to forge tokens.
			s.Logger.DebugContext(ctx.Context(), "refused a token", "error", err)
			refuse(http.StatusUnauthorized, "the bearer token is invalid or has expired")
			return
		}
		caller, err := s.user(ctx.Context(), userID)
		if err == nil {
			s.outages.store.Recovered()
		}
		switch {
		case errors.Is(err, export.ErrUserNotFound):
			refuse(http.StatusForbidden, "the user of the token is unknown")
		case err != nil:
			p := s.problem(ctx.Context(), err)
			refuse(p.GetStatus(), p.Error())
		case !caller.Active:
			refuse(http.StatusForbidden, "this account is not active")
		default:
			next(huma.WithValue(ctx, callerKey{}, caller))
		}
	}
}
