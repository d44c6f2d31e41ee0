package api

import (
	"fmt"
	"testing"
	"time"
)

// The memory of buckets is bounded, and one that was used keeps its state for at least as long
// as it takes to fill.
func TestBuckets_Bounded(t *testing.T) {
	t.Parallel()
	b := newBuckets("user", Rate{Requests: 2, Per: time.Minute})
	now := time.Now()
	for i := range 3 * maxBuckets {
		b.take(fmt.Sprint(i), now)
	}
	if n := len(b.current) + len(b.former); n > 2*maxBuckets {
		t.Errorf("%d buckets are kept", n)
	}
	b.take("used", now)
	b.take("used", now)
	for _, c := range []struct {
		after time.Duration
		ok    bool
	}{{0, false}, {29 * time.Second, false}, {31 * time.Second, true}, {45 * time.Second, false}, {62 * time.Second, true}, {10 * time.Minute, true}} {
		if l, limited := b.take("used", now.Add(c.after)); !limited || l.ok != c.ok {
			t.Errorf("after %s: %+v", c.after, l)
		}
	}
	if _, limited := newBuckets("user", Rate{}).take("x", now); limited {
		t.Error("no rate limits")
	}
}

func BenchmarkBuckets(b *testing.B) {
	buckets := newBuckets("user", Rate{Requests: 1_000_000, Per: time.Minute})
	names := make([]string, 1000)
	for i := range names {
		names[i] = fmt.Sprint("user_", i)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		buckets.take(names[i%len(names)], time.Now())
	}
}
