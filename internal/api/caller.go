package api

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/letrazapp/letraz-export/internal/apikey"
	"github.com/letrazapp/letraz-export/internal/audit"
	"github.com/letrazapp/letraz-export/internal/export"
)

// CallerStore is the part of the store that reads users.
type CallerStore interface {
	Caller(ctx context.Context, userID string) (export.Caller, error)
}

// identity is who calls, as the token or key says. Whether there is such a user is another
// question.
type identity struct {
	userID string    // who is acted as
	key    *knownKey // nil for tokens
}

// actor returns the caller for the audit log.
func (i identity) actor() (string, audit.Kind) {
	if i.key != nil {
		return i.key.Key.ID, audit.APIKey
	}
	return i.userID, audit.Token
}

type (
	callerKey   struct{}
	identityKey struct{}
)

// callerOf returns the caller, which authenticate has put into the context.
func callerOf(ctx context.Context) export.Caller {
	c, _ := ctx.Value(callerKey{}).(export.Caller) // without one: the zero Caller, who may see nothing
	return c
}

// identityOf returns who calls, which authenticate has put into the context.
func identityOf(ctx context.Context) identity {
	i, _ := ctx.Value(identityKey{}).(identity)
	return i
}

// refusal is the answer to a request whose caller may not make it.
type refusal struct {
	kind   problemKind
	status int
	detail string
	err    *huma.ErrorDetail // optional
}

// The details of 401 are the same whatever is wrong with a token or key: the reason is for the
// log only, since it would help to forge one.
var (
	noToken      = &refusal{typeUnauthenticated, http.StatusUnauthorized, "send a bearer token or an API key in the Authorization header", nil}
	invalidToken = &refusal{typeUnauthenticated, http.StatusUnauthorized, "the bearer token or API key is invalid or has expired", nil}
	tooMany      = &refusal{typeRateLimited, http.StatusTooManyRequests, "too many requests; Retry-After says when to come again", nil}
)

// authenticate returns the middleware that identifies the caller. It lets a request
// through only for a known, active user, and runs before the body is read.
func (s *server) authenticate(h huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if len(ctx.Operation().Security) == 0 {
			next(ctx)
			return
		}
		req, _ := humago.Unwrap(ctx)
		if len(req.Header.Values("Authorization")) > 1 {
			f := &fault{status: http.StatusBadRequest, detail: "send one bearer token or API key"}
			f.add("header.Authorization", "is given more than once")
			f.answer(h, ctx)
			return
		}
		who, no := s.identify(ctx, req)
		if no == nil {
			ctx = huma.WithValue(ctx, identityKey{}, who)
			no = s.admit(ctx, who)
		}
		var caller export.Caller
		if no == nil {
			caller, no = s.callerFor(ctx.Context(), who)
		}
		if no != nil {
			s.answerRefusal(h, ctx, no)
			return
		}
		next(huma.WithValue(ctx, callerKey{}, caller))
	}
}

// answerRefusal answers with a problem, and records the refusal of a change.
func (s *server) answerRefusal(h huma.API, ctx huma.Context, no *refusal) {
	if no.status == http.StatusUnauthorized {
		ctx.SetHeader("WWW-Authenticate", `Bearer realm="letraz-export"`)
	}
	if no.status == http.StatusForbidden && changes(ctx.Operation()) {
		s.record(ctx.Context(), s.entry(ctx, no.status))
	}
	var errs []error
	if no.err != nil {
		errs = append(errs, no.err)
	}
	if err := huma.WriteErr(h, huma.WithValue(ctx, problemKindKey{}, no.kind), no.status, no.detail, errs...); err != nil {
		s.Logger.DebugContext(ctx.Context(), "the answer to a refused request was not sent", "error", err)
	}
}

// identify verifies the token or key of a request. Failures are limited for each client
// address.
func (s *server) identify(ctx huma.Context, req *http.Request) (identity, *refusal) {
	scheme, token, _ := strings.Cut(req.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return identity{}, s.failed(ctx, req, noToken)
	}
	if strings.HasPrefix(token, apikey.Prefix) {
		return s.identifyKey(ctx, req, token)
	}
	userID, err := s.Tokens.UserID(token)
	if errors.Is(err, export.ErrUnavailable) {
		return identity{}, s.refusalOf(ctx.Context(), err)
	}
	if err != nil {
		s.Logger.DebugContext(ctx.Context(), "refused a token", "error", err)
		return identity{}, s.failed(ctx, req, invalidToken)
	}
	if as := req.Header.Values(onBehalfOf); len(as) > 0 && (len(as) > 1 || as[0] != userID) {
		return identity{}, &refusal{typeOtherUser, http.StatusForbidden, "a token acts for its own user only; acting on behalf of others takes an API key",
			&huma.ErrorDetail{Location: "header." + onBehalfOf, Message: "is not the user of the token"}}
	}
	return identity{userID: userID}, nil
}

// identifyKey verifies an API key, and finds the user it acts for.
func (s *server) identifyKey(ctx huma.Context, req *http.Request, text string) (identity, *refusal) {
	id, err := apikey.Parse(text)
	if err != nil {
		s.Logger.DebugContext(ctx.Context(), "refused an API key", "error", err)
		return identity{}, s.failed(ctx, req, invalidToken)
	}
	// Invented keys must not keep the database busy.
	if l, empty := s.limits.failures.empty(s.clientNetwork(req), s.now()); empty && !s.keys.fresh(id) {
		return identity{}, s.limited(ctx, l)
	}
	key, err := s.keys.verify(ctx.Context(), id, text)
	switch {
	case errors.Is(err, errUnknownKey):
		s.Logger.DebugContext(ctx.Context(), "refused an API key", "key_id", id, "error", err)
		return identity{}, s.failed(ctx, req, invalidToken)
	case err != nil:
		return identity{}, s.refusalOf(ctx.Context(), err)
	}
	s.noteUse(ctx.Context(), id)
	userID, no := actsFor(key.Key, req.Header.Values(onBehalfOf))
	return identity{userID: userID, key: key}, no
}

const onBehalfOf = "On-Behalf-Of"

// visible matches user ids that a header can carry.
var visible = regexp.MustCompile(`^[!-~]+$`)

// actsFor returns the user that a key acts for in a request: the one in On-Behalf-Of, or the
// only one it may act for.
func actsFor(key apikey.Key, asked []string) (string, *refusal) {
	detail := func(message string) *huma.ErrorDetail {
		return &huma.ErrorDetail{Location: "header." + onBehalfOf, Message: message}
	}
	switch {
	case len(asked) > 1:
		return "", &refusal{typeNoUser, http.StatusBadRequest, "name one user in On-Behalf-Of", detail("is given more than once")}
	case len(asked) == 1 && (asked[0] == "" || len(asked[0]) > maxUserID || !visible.MatchString(asked[0])):
		return "", &refusal{typeNoUser, http.StatusBadRequest, "name one user in On-Behalf-Of", detail("is empty, too long, or has other than visible ASCII characters")}
	case len(asked) == 1 && !key.MayActFor(asked[0]):
		return "", &refusal{typeOtherUser, http.StatusForbidden, "this API key may not act for the user in On-Behalf-Of", detail("is not one of the key's users")}
	case len(asked) == 1:
		return asked[0], nil
	case !key.AllUsers && len(key.Users) == 1:
		return key.Users[0], nil
	}
	return "", &refusal{typeNoUser, http.StatusBadRequest, "name the user that this API key acts for in the header On-Behalf-Of", detail("is missing")}
}

// maxUserID is the maximum length of a user id in bytes.
const maxUserID = 200

// admit checks the rates of the caller and the scope of the key.
func (s *server) admit(ctx huma.Context, who identity) *refusal {
	now := s.now()
	var levels []level
	if l, limited := s.limits.user.take(who.userID, now); limited {
		levels = append(levels, l)
	}
	if who.key != nil {
		if l, limited := s.limits.key.take(who.key.Key.ID, now); limited {
			levels = append(levels, l)
		}
	}
	_, w := humago.Unwrap(ctx)
	setRateLimit(w.Header(), levels...)
	if at := slices.IndexFunc(levels, func(l level) bool { return !l.ok }); at >= 0 {
		return s.limited(ctx, levels[at])
	}
	if who.key == nil {
		return nil
	}
	if scope := scopeOf(ctx.Operation()); scope != anyKey && !who.key.Key.Has(scope) {
		return &refusal{typeScope, http.StatusForbidden, "this API key lacks the scope " + string(scope), nil}
	}
	return nil
}

// callerFor returns the user who is acted as. A key has the rights of staff only with the
// scope for it.
func (s *server) callerFor(ctx context.Context, who identity) (export.Caller, *refusal) {
	caller, err := s.user(ctx, who.userID)
	if err == nil {
		s.outages.store.Recovered()
	}
	switch {
	case errors.Is(err, export.ErrUserNotFound):
		return caller, &refusal{typeUnknownUser, http.StatusForbidden, "the user of the token is unknown", nil}
	case err != nil:
		return caller, s.refusalOf(ctx, err)
	case !caller.Active:
		return caller, &refusal{typeInactiveUser, http.StatusForbidden, "this account is not active", nil}
	}
	if who.key != nil {
		caller.KeyID = who.key.Key.ID
		caller.Staff = caller.Staff && who.key.Key.Has(apikey.Staff)
	}
	return caller, nil
}

// refusalOf returns the answer to a failure of the service.
func (s *server) refusalOf(ctx context.Context, err error) *refusal {
	p := s.problem(ctx, err)
	return &refusal{status: p.GetStatus(), detail: p.Error()}
}

// failed counts a request that failed to authenticate. It returns the refusal, or another one
// if there were too many from the client's address.
func (s *server) failed(ctx huma.Context, req *http.Request, no *refusal) *refusal {
	if l, limited := s.limits.failures.take(s.clientNetwork(req), s.now()); limited && !l.ok {
		return s.limited(ctx, l)
	}
	return no
}

// limited returns the refusal of a request beyond a rate.
func (s *server) limited(ctx huma.Context, l level) *refusal {
	_, w := humago.Unwrap(ctx)
	if w.Header().Get("RateLimit") == "" {
		setRateLimit(w.Header(), l)
	}
	setRetryAfter(w.Header(), l.next)
	s.Observer.RequestLimited(ctx.Context(), l.buckets.policy)
	return tooMany
}

// clientNetwork returns what the client counts as for limits.
func (s *server) clientNetwork(req *http.Request) string {
	return network(clientAddress(req, s.TrustedProxies))
}
