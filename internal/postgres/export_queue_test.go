package postgres_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestQueueState(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	store := testenv.Open(t, url, postgres.Options{})
	s := stage{Store: store, userID: "user_1", resumeID: testenv.ImportSample(t, store, "user_1", "first-job")}
	empty, err := s.QueueState(t.Context())
	if err != nil || len(empty.Lanes) != len(export.Lanes())+1 || empty.Total() != (export.LaneState{}) || empty.Lag != (export.QueueLag{}) || time.Since(empty.At).Abs() > time.Minute {
		t.Fatalf("empty: %+v, %v", empty, err)
	}

	set := func(r export.Request, what string) {
		t.Helper()
		testenv.Exec(t, url, "UPDATE export_request SET "+what+" WHERE id = $1", r.ID)
	}
	set(s.request(t), "next_attempt_at = now() - interval '90 s'")
	set(s.request(t), "next_attempt_at = now() - interval '10 s', dispatch_due_at = now() - interval '7 s', status_at = now() - interval '5 s'")
	set(s.request(t), "next_attempt_at = now() + interval '1 h'")
	set(s.request(t), "next_attempt_at = now() - interval '30 s', attempt = 2")
	set(s.request(t), "created_at = now() - interval '2 h', expires_at = now() - interval '1 h'") // is served no more
	s.claimed(t)
	set(s.claimed(t), "attempt = 2, lease_until = now() - interval '3 s'")
	set(s.ready(t), "status_at = now() - interval '20 s'")

	state, err := s.QueueState(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	retries := state.Lanes[len(state.Lanes)-1]
	first := state.Lanes[0]
	if first.Lane != export.Interactive || first.Waiting != 2 || first.Resting != 1 || first.Rendering != 1 || !about(first.Oldest, 90*time.Second) {
		t.Errorf("first attempts: %+v", first)
	}
	if retries.Lane != export.Retries || retries.Waiting != 1 || retries.Resting != 0 || retries.Rendering != 1 || !about(retries.Oldest, 30*time.Second) {
		t.Errorf("retries: %+v", retries)
	}
	if sum := state.Total(); sum.Waiting != 3 || sum.Resting != 1 || sum.Rendering != 2 || sum.Oldest != first.Oldest {
		t.Errorf("in all: %+v", sum)
	}
	if l := state.Lag; !about(l.Publish, 5*time.Second) || !about(l.Rescue, 3*time.Second) || !about(l.Announce, 20*time.Second) || !about(l.Sweep, time.Hour) {
		t.Errorf("lags: %+v", l)
	}
}

// about reports whether d is want, or a little more on a slow machine.
func about(d, want time.Duration) bool { return d >= want && d < want+10*time.Second }

// statements is an Observer.
type statements struct {
	mu          sync.Mutex
	names       []string
	failed      []error
	connections []error
}

func (s *statements) Statement(_ context.Context, name string, took time.Duration, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if took <= 0 {
		err = errors.New("it took no time")
	}
	s.names = append(s.names, name)
	if err != nil {
		s.failed = append(s.failed, err)
	}
}

func (s *statements) Connection(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.connections = append(s.connections, err)
}

func (s *statements) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.names
	s.names = nil
	return taken
}

func TestObserver(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	seen := &statements{}
	store := testenv.Open(t, url, postgres.Options{MaxConns: 1, Observer: seen})
	s := stage{Store: store, userID: "user_1", resumeID: testenv.ImportSample(t, store, "user_1", "first-job")}
	seen.take()
	r := s.request(t)
	if _, err := s.LoadResume(t.Context(), s.resumeID, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Export(t.Context(), "01a21cb9-5450-7adc-8cd1-05eafec8408d"); !errors.Is(err, export.ErrNotFound) {
		t.Fatal(err)
	}
	names := slices.DeleteFunc(seen.take(), func(name string) bool { return name == "other" })
	if !slices.Equal(names, []string{"ExportRequestInsert", "ResumeByID", "ExportRequestByID"}) {
		t.Errorf("statements %q", names)
	}
	if len(seen.failed) > 0 || len(seen.connections) > 0 {
		t.Errorf("failed: %v, %v", seen.failed, seen.connections)
	}
	if st := s.Stats(); st.Max != 1 || st.Open != 1 || st.Used != 0 {
		t.Errorf("connections %+v", st)
	}

	if _, err := s.CreateExport(t.Context(), export.New{ID: r.ID, ResumeID: s.resumeID, Format: "pdf", Template: "classic", Paper: "a4",
		ExpiresIn: time.Hour, MaxAttempts: 1, Caller: export.Caller{UserID: s.userID}}); err == nil {
		t.Fatal("an id was used twice")
	}
	if len(seen.failed) != 1 || errors.Is(seen.failed[0], export.ErrUnavailable) {
		t.Errorf("a violated constraint: %v", seen.failed)
	}
	late, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	if _, err := s.QueueState(late); err == nil {
		t.Error("a read without time succeeded")
	}
	if len(seen.connections) != 1 || !errors.Is(seen.connections[0], export.ErrUnavailable) || strings.Contains(seen.connections[0].Error(), "password") {
		t.Errorf("no connection in time: %v", seen.connections)
	}
}
