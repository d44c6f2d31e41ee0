package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"time"
)

const (
	firstPause   = 100 * time.Millisecond
	longestPause = 10 * time.Second
)

// repeater decides about repeating one request. Its zero value is not usable: patience must be set.
type repeater struct {
	patience time.Duration
	fails    int
	since    time.Time // of the first of the consecutive failures
}

// again waits until the request that ended with err should be sent again and returns nil, or
// returns the error to give up with.
func (r *repeater) again(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%w; last: %w", context.Cause(ctx), err)
	}
	if !temporary(err) {
		return err
	}
	if r.fails == 0 {
		r.since = time.Now()
	}
	r.fails++
	pause := r.pause(err)
	if time.Since(r.since)+pause > r.patience {
		return fmt.Errorf("given up after %d tries in %s: %w", r.fails, time.Since(r.since).Round(time.Millisecond), err)
	}
	if end, ok := ctx.Deadline(); ok && time.Until(end) < pause {
		return fmt.Errorf("%w before the next try in %s; last: %w", context.DeadlineExceeded, pause.Round(time.Millisecond), err)
	}
	return sleep(ctx, pause)
}

// succeeded forgets earlier failures.
func (r *repeater) succeeded() { r.fails = 0 }

// pause returns how long to wait after a failure: what Retry-After says and up to a fifth
// more, so that many clients do not come at once, or a random part of a doubling pause.
func (r *repeater) pause(err error) time.Duration {
	var p *Problem
	if errors.As(err, &p) && p.RetryAfter > 0 {
		return p.RetryAfter + rand.N(p.RetryAfter/5+1)
	}
	pause := min(firstPause<<min(r.fails-1, 10), longestPause)
	return pause/2 + rand.N(pause/2)
}

// sleep waits for d, or until ctx ends, which it returns as an error.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

// connection marks the error of sending a request as a ConnectionError, if another try may
// help. A certificate that is not valid is none.
func connection(err error) error {
	var sending *url.Error
	var certificate *tls.CertificateVerificationError
	if !errors.As(err, &sending) || errors.As(err, &certificate) {
		return err
	}
	return &ConnectionError{err}
}
