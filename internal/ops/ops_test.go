package ops_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/ops"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// store counts reads.
type store struct {
	reads atomic.Int32
	takes time.Duration
	err   error
}

func (s *store) QueueState(context.Context) (export.QueueState, error) {
	s.reads.Add(1)
	time.Sleep(s.takes) // in a synctest bubble only, except for 0
	return export.QueueState{
		At: time.Date(2026, 2, 3, 4, 5, 6, 0, time.FixedZone("", 3600)),
		Lanes: []export.LaneState{
			{Lane: export.Interactive, Waiting: 7, Oldest: 1500 * time.Millisecond, Rendering: 2},
			{Lane: export.Retries, Waiting: 1, Oldest: 2 * time.Second, Resting: 4, Rendering: 1},
		},
		Lag: export.QueueLag{Publish: time.Second, Rescue: 2 * time.Second, Announce: 3 * time.Second, Sweep: time.Minute},
	}, s.err
}

func named(text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) })
}

func handler(t *testing.T, s *store, token string) http.Handler {
	t.Helper()
	c := ops.Config{Health: named("health"), Metrics: named("metrics"), Token: token, Logger: testenv.Logger(t)}
	if s != nil {
		c.Queue = ops.NewQueue(s)
	}
	return ops.Handler(c)
}

// get asks as a caller at the address, with name and value pairs as headers.
func get(t *testing.T, h http.Handler, path, from string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	r.RemoteAddr = from
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const (
	here  = "127.0.0.1:40000"
	away  = "192.0.2.1:40000"
	token = "a-token-of-operators"
)

func TestHandler_Routes(t *testing.T) {
	t.Parallel()
	h := handler(t, &store{}, "")
	for path, want := range map[string]string{"/healthz": "health", "/readyz": "health", "/metrics": "metrics"} {
		if got := get(t, h, path, away); got.Code != 200 || got.Body.String() != want {
			t.Errorf("%s: %d %s", path, got.Code, got.Body)
		}
	}
	for _, path := range []string{"/", "/ops", "/ops/queue/x", "/v1/exports"} {
		if got := get(t, h, path, here); got.Code != 404 {
			t.Errorf("%s: %d %s", path, got.Code, got.Body)
		}
	}
	if got := get(t, handler(t, nil, ""), "/ops/queue", here); got.Code != 404 {
		t.Errorf("without a queue: %d", got.Code)
	}
}

func TestQueue_WhoIsAnswered(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, token, from string
		headers           []string
		want              int
	}{
		{"local, no token set", "", here, nil, 200},
		{"local in IPv6", "", "[::1]:40000", nil, 200},
		{"remote, no token set", "", away, nil, 403},
		{"remote with any token", "", away, []string{"Authorization", "Bearer "}, 403},
		{"behind a proxy", "", here, []string{"X-Forwarded-For", "192.0.2.1"}, 403},
		{"behind a proxy of RFC 7239", "", here, []string{"Forwarded", "for=192.0.2.1"}, 403},
		{"no address", "", "", nil, 403},
		{"right token", token, away, []string{"Authorization", "Bearer " + token}, 200},
		{"right token, lower case scheme", token, away, []string{"Authorization", "bearer " + token}, 200},
		{"wrong token", token, away, []string{"Authorization", "Bearer " + token + "x"}, 401},
		{"part of the token", token, away, []string{"Authorization", "Bearer " + token[:5]}, 401},
		{"empty token", token, away, []string{"Authorization", "Bearer "}, 401},
		{"other scheme", token, away, []string{"Authorization", "Basic " + token}, 401},
		{"local without the token", token, here, nil, 401},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &store{}
			got := get(t, handler(t, s, c.token), "/ops/queue", c.from, c.headers...)
			if got.Code != c.want {
				t.Errorf("status %d, want %d: %s", got.Code, c.want, got.Body)
			}
			if c.want != 200 && (s.reads.Load() != 0 || got.Header().Get("Content-Type") != "application/problem+json") {
				t.Errorf("%d reads; answer %v %s", s.reads.Load(), got.Header(), got.Body)
			}
			if challenge := got.Header().Get("WWW-Authenticate"); (challenge != "") != (c.want == 401) {
				t.Errorf("challenge %q", challenge)
			}
		})
	}
}

// The answer is a contract with autoscalers.
func TestQueue_Answer(t *testing.T) {
	t.Parallel()
	got := get(t, handler(t, &store{}, ""), "/ops/queue", here)
	const want = `{"at":"2026-02-03T03:05:06Z","waiting":8,"oldest_seconds":2,"resting":4,"rendering":3,"work":11,` +
		`"lanes":{"interactive":{"waiting":7,"oldest_seconds":1.5,"resting":0,"rendering":2},"retry":{"waiting":1,"oldest_seconds":2,"resting":4,"rendering":1}},` +
		`"lag_seconds":{"publish":1,"rescue":2,"announce":3,"sweep":60}}` + "\n"
	if got.Body.String() != want || got.Header().Get("Content-Type") != "application/json" || got.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("answer %s\nwant %s\n%v", got.Body, want, got.Header())
	}
	var tree map[string]any
	if err := json.Unmarshal(got.Body.Bytes(), &tree); err != nil {
		t.Fatal(err)
	}
}

func TestQueue_StoreFails(t *testing.T) {
	t.Parallel()
	log, logger := testenv.NewLog(t)
	h := ops.Handler(ops.Config{Health: named(""), Metrics: named(""), Queue: ops.NewQueue(&store{err: export.ErrUnavailable}), Logger: logger})
	for range 3 {
		if got := get(t, h, "/ops/queue", here); got.Code != 503 || got.Header().Get("Retry-After") == "" || strings.Contains(got.Body.String(), export.ErrUnavailable.Error()) {
			t.Errorf("%d %v %s", got.Code, got.Header(), got.Body)
		}
	}
	if lines := log.Lines("level=WARN"); len(lines) != 1 {
		t.Errorf("logged %q", lines)
	}
}

func TestState_Cached(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		takes time.Duration
		err   error
		keeps time.Duration // after the read
	}{
		{"fast", 10 * time.Millisecond, nil, time.Second},
		{"slow", 500 * time.Millisecond, nil, 4500 * time.Millisecond},
		{"fails fast", 10 * time.Millisecond, export.ErrUnavailable, time.Second},
		{"fails late", 2 * time.Second, export.ErrUnavailable, 5 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &store{takes: c.takes, err: c.err}
				q := ops.NewQueue(s)
				var pollers sync.WaitGroup
				for range 50 {
					pollers.Go(func() {
						if state, err := q.State(t.Context()); !errors.Is(err, c.err) || len(state.Lanes) != 2 {
							t.Errorf("%+v, %v", state, err)
						}
					})
				}
				pollers.Wait()
				if n := s.reads.Load(); n != 1 {
					t.Errorf("50 pollers caused %d reads", n)
				}
				read := func() int32 {
					if _, err := q.State(t.Context()); !errors.Is(err, c.err) {
						t.Error(err)
					}
					return s.reads.Load()
				}
				time.Sleep(c.keeps - time.Millisecond)
				if n := read(); n != 1 {
					t.Errorf("%d reads before the state is old", n)
				}
				time.Sleep(2 * time.Millisecond)
				if n := read(); n != 2 {
					t.Errorf("%d reads after it is", n)
				}
			})
		})
	}
}

// A caller that goes away does not spoil the state for the others.
func TestState_CallerGone(t *testing.T) {
	t.Parallel()
	leaving, leave := context.WithCancel(t.Context())
	if _, err := ops.NewQueue(leavingStore(leave)).State(leaving); err != nil {
		t.Error(err)
	}
}

// leavingStore is read while the caller goes away.
type leavingStore func()

func (leave leavingStore) QueueState(ctx context.Context) (export.QueueState, error) {
	leave()
	return export.QueueState{}, ctx.Err()
}
