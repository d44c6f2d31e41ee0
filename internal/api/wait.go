package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/watch"
)

// Callers may ask to wait for the result of an export (Prefer: wait=N, RFC 7240). A message wakes
// them; see package watch. While a request waits it holds its connection and a few kilobytes,
// and no connection to the database.
const (
	longestWait = time.Minute
	// More requests than these are answered without waiting.
	maxWaitsOfUser = 100
	maxWaits       = 10_000
)

var waitSeconds = regexp.MustCompile(`^[0-9]{1,6}$`)

// preferredWait returns how long a Prefer header asks to wait. Of several wait preferences the
// first counts, and a longer one than is possible is shortened, as RFC 7240 allows.
func preferredWait(prefer string) (time.Duration, error) {
	for preference := range strings.SplitSeq(prefer, ",") {
		preference, _, _ = strings.Cut(preference, ";")
		name, value, _ := strings.Cut(preference, "=")
		if !strings.EqualFold(strings.TrimSpace(name), "wait") {
			continue
		}
		value = strings.TrimSpace(value)
		if len(value) > 2 && value[0] == '"' && value[len(value)-1] == '"' {
			value = value[1 : len(value)-1]
		}
		seconds, err := strconv.Atoi(value)
		if err != nil || !waitSeconds.MatchString(value) {
			return 0, invalid("header.Prefer", prefer, "expected wait=N with a number of seconds, such as wait=20")
		}
		return min(time.Duration(seconds)*time.Second, longestWait), nil
	}
	return 0, nil
}

// waiter waits for changes of one export. A nil waiter does not wait.
type waiter struct {
	*watch.Subscription
	longest time.Duration
	ctx     context.Context // ends when the caller goes away
	leave   func()
}

// waitFor returns a waiter for an export, which need not exist yet, so that no change is missed.
// It is nil if the caller does not want to wait, or too many wait. The caller ends it.
func (s *server) waitFor(ctx context.Context, id string, longest time.Duration) *waiter {
	if s.Watch == nil || longest == 0 {
		return nil
	}
	leave, err := s.waits.enter(callerOf(ctx).UserID, maxWaitsOfUser, maxWaits)
	if err != nil {
		return nil
	}
	return &waiter{Subscription: s.Watch.Export(id), longest: longest, ctx: ctx, leave: leave}
}

// end frees what the waiter holds.
func (w *waiter) end() {
	if w != nil {
		w.Close()
		w.leave()
	}
}

// until waits until the request satisfies enough, and returns it as it is then. It returns an
// earlier state when the time is over or the process shuts down, and the error is
// export.ErrNotFound when the request does not exist any more.
func (w *waiter) until(r export.Request, enough func(export.Request) bool) (export.Request, error) {
	if w == nil || enough(r) {
		return r, nil
	}
	w.Saw(r)
	defer patient(w.ctx)()
	ctx, cancel := context.WithTimeout(w.ctx, w.longest)
	defer cancel()
	for !enough(r) {
		now, err := w.Next(ctx)
		switch {
		case errors.Is(err, export.ErrNotFound):
			return r, err
		case err != nil:
			return r, nil
		}
		r = now
	}
	return r, nil
}

// applied returns the Preference-Applied of the answer.
func (w *waiter) applied() string {
	if w == nil {
		return ""
	}
	return fmt.Sprintf("wait=%d", int(w.longest.Seconds()))
}

func isFinal(r export.Request) bool { return r.Status.Final() }

type connectionKey struct{}

// connection is the connection of a request.
type connection struct {
	*http.ResponseController
	rest func() // sends the rest of the answer; may be nil
}

// afterHandlers has rest send the rest of the answer to a request when all handlers have
// returned. A stream is open for long: so it keeps neither their stack, which is most of the
// memory of a request that is idle, nor what they read.
func afterHandlers(ctx context.Context, rest func()) {
	if c, ok := ctx.Value(connectionKey{}).(*connection); ok {
		c.rest = rest
		return
	}
	rest()
}

// finish sends the rest of the answer.
func (c *connection) finish() {
	if rest := c.rest; rest != nil {
		c.rest = nil
		rest()
	}
}

// patient lets a request wait longer than the time in which it had to be read: without it, the
// server would take the end of that time for the end of the connection. The returned function
// ends that.
func patient(ctx context.Context) (over func()) {
	connection, ok := ctx.Value(connectionKey{}).(*connection)
	if !ok {
		return func() {}
	}
	_ = connection.SetReadDeadline(time.Time{})                                    // not every connection has deadlines
	return func() { _ = connection.SetReadDeadline(time.Now().Add(unreadWithin)) } // for what the caller may have sent and nobody read
}

const unreadWithin = 10 * time.Second

// crowd counts those who hold a connection, by user. The zero value has none.
type crowd struct {
	changed func(all int) // is told of each change, in order; must not block; optional

	mu    sync.Mutex
	all   int
	users map[string]int
}

var (
	errUserCrowd = errors.New("too many of the user")
	errCrowd     = errors.New("too many")
)

// enter counts one more, until leave is called. It fails if there are as many already.
func (c *crowd) enter(user string, perUser, all int) (leave func(), err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.users[user] >= perUser:
		return nil, errUserCrowd
	case c.all >= all:
		return nil, errCrowd
	}
	if c.users == nil {
		c.users = map[string]int{}
	}
	c.add(user, 1)
	return sync.OnceFunc(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.add(user, -1)
	}), nil
}

func (c *crowd) add(user string, n int) {
	c.all += n
	if c.users[user] += n; c.users[user] == 0 {
		delete(c.users, user)
	}
	if c.changed != nil {
		c.changed(c.all)
	}
}

// retryAfter is a header field with a number of seconds. An empty one is not sent.
type retryAfter string

// Schema implements huma.SchemaProvider.
func (retryAfter) Schema(huma.Registry) *huma.Schema {
	one := 1.0
	return &huma.Schema{Type: huma.TypeInteger, Format: "int64", Minimum: &one}
}

// etag identifies a state of an export for If-None-Match. It is weak, because links in the
// representation may be written anew.
func etag(r export.Request) string { return fmt.Sprintf(`W/"%s-%d"`, eventID(r), r.DownloadCount) }

// matches reports whether an If-None-Match has the entity tag (RFC 9110 section 13.1.2).
func matches(condition, tag string) bool {
	for candidate := range strings.SplitSeq(condition, ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}
