package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// waitingRetryAfter is when to come again after too-many-waiting, in seconds. Some of the
// exports are finished by then, unless all workers are busy with others'.
const waitingRetryAfter = "5"

// tooManyWaiting returns the answer to an export beyond a cap.
func tooManyWaiting(who string) huma.StatusError {
	return typed(typeTooManyWaiting, http.StatusTooManyRequests, who+" too many exports waiting; create new ones when some are finished")
}

// mayWait returns a problem if the API key of the call may not create n more exports, because
// too many of its exports are waiting. They were counted up to keyFresh ago; those that this
// process created since are added. So n processes may exceed the cap by what they create within
// this time. The cap of a user is checked by the statement that inserts.
func (s *server) mayWait(ctx context.Context, n int) error {
	key := identityOf(ctx).key
	if key == nil || s.Limits.KeyWaiting == 0 || key.waiting.Load()+int64(n) <= int64(s.Limits.KeyWaiting) {
		return nil
	}
	s.Observer.RequestLimited(ctx, "key-waiting")
	return tooManyWaiting("this API key has")
}

// nowWaiting counts n exports that the key of the call has created.
func (s *server) nowWaiting(ctx context.Context, n int) {
	if key := identityOf(ctx).key; key != nil {
		key.waiting.Add(int64(n))
	}
}
