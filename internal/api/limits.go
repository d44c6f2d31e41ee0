package api

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rate is a number of requests in a time. They may come all at once; as many become available
// again, evenly, in each such time. The zero value is no limit.
type Rate struct {
	Requests int
	Per      time.Duration
}

// Limits are the limits of fair use. The zero value has none. Rates are counted by this process
// alone: several processes behind a load balancer allow as many times more.
type Limits struct {
	// User and Key limit the authenticated requests for each user, and of each API key.
	User, Key Rate
	// Failures limits the requests of each client address whose authentication fails. An IPv6
	// address counts as its /64.
	Failures Rate
	// UserWaiting and KeyWaiting are the maximum numbers of unfinished exports of a user, and
	// of those that a key created. 0: any.
	UserWaiting, KeyWaiting int
}

// limits are the buckets of this process.
type limits struct {
	user, key, failures *buckets
}

func newLimits(l Limits) limits {
	return limits{user: newBuckets("user", l.User), key: newBuckets("key", l.Key), failures: newBuckets("failures", l.Failures)}
}

// maxBuckets bounds the memory of the buckets of one policy: about 20 MB. Beyond it, the
// buckets that were used the longest ago are dropped, which fills them.
const maxBuckets = 50_000

// buckets are token buckets, one for each name. One that was not used for as long as it takes
// to fill is the same as a new one, so it can be dropped.
type buckets struct {
	policy string
	rate   Rate

	mu              sync.Mutex
	current, former map[string]*rate.Limiter // former were not used since the last turn
	turned          time.Time
}

func newBuckets(policy string, r Rate) *buckets {
	return &buckets{policy: policy, rate: r, current: map[string]*rate.Limiter{}, turned: time.Now()}
}

// level is the state of a bucket after a request.
type level struct {
	buckets   *buckets
	ok        bool          // there was a token
	remaining int           // tokens left
	full      time.Duration // until the bucket is full
	next      time.Duration // until there is a token
}

// take takes a token from the bucket of the name. Without a limit, it returns false.
func (b *buckets) take(name string, now time.Time) (l level, limited bool) {
	return b.look(name, now, true)
}

// empty reports whether the bucket of the name has no token, and its level.
func (b *buckets) empty(name string, now time.Time) (level, bool) {
	l, limited := b.look(name, now, false)
	return l, limited && l.remaining < 1
}

func (b *buckets) look(name string, now time.Time, take bool) (l level, limited bool) {
	if b.rate.Requests == 0 {
		return level{}, false
	}
	bucket := b.bucket(name, now)
	l = level{buckets: b, ok: true}
	if take {
		l.ok = bucket.AllowN(now, 1)
	}
	tokens := math.Max(0, bucket.TokensAt(now))
	perToken := float64(b.rate.Per) / float64(b.rate.Requests)
	l.remaining = int(tokens)
	l.full = time.Duration((float64(b.rate.Requests) - tokens) * perToken)
	l.next = time.Duration((1 - tokens) * perToken)
	return l, true
}

func (b *buckets) bucket(name string, now time.Time) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now.Sub(b.turned) >= b.rate.Per || len(b.current) >= maxBuckets {
		b.current, b.former, b.turned = map[string]*rate.Limiter{}, b.current, now
	}
	bucket := b.current[name]
	if bucket == nil {
		if bucket = b.former[name]; bucket == nil {
			bucket = rate.NewLimiter(rate.Limit(float64(b.rate.Requests)/b.rate.Per.Seconds()), b.rate.Requests)
		}
		b.current[name] = bucket
	}
	return bucket
}

// setRateLimit sets the headers of draft-ietf-httpapi-ratelimit-headers-11: what is allowed, and
// what is left of it.
func setRateLimit(h http.Header, levels ...level) {
	if len(levels) == 0 {
		return
	}
	policies, states := make([]string, len(levels)), make([]string, len(levels))
	for i, l := range levels {
		policies[i] = fmt.Sprintf(`%q;q=%d;w=%d`, l.buckets.policy, l.buckets.rate.Requests, wholeSeconds(l.buckets.rate.Per))
		states[i] = fmt.Sprintf(`%q;r=%d;t=%d`, l.buckets.policy, l.remaining, wholeSeconds(l.full))
	}
	h["Ratelimit-Policy"] = []string{strings.Join(policies, ", ")} // as http.Header.Set writes it
	h["Ratelimit"] = []string{strings.Join(states, ", ")}
}

// setRetryAfter sets Retry-After to the whole seconds that contain d, at least 1.
func setRetryAfter(h http.Header, d time.Duration) {
	h.Set("Retry-After", strconv.FormatInt(max(1, wholeSeconds(d)), 10))
}

func wholeSeconds(d time.Duration) int64 { return int64(math.Ceil(d.Seconds())) }
