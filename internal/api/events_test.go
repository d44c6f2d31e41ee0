package api_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/link"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// events is an open stream.
type events struct {
	res   *http.Response
	lines *bufio.Scanner
}

// event is one event of a stream.
type event struct {
	id, name string
	export   api.Export
}

// stream opens a stream as the user, or without a token if the user is empty.
func (f *fixture) stream(t *testing.T, user, path string, header ...string) *events {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if user != "" {
		req.Header.Set("Authorization", "Bearer "+token(t, user))
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := f.server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	if h := res.Header; res.StatusCode != http.StatusOK || h.Get("Content-Type") != "text/event-stream" || h.Get("Cache-Control") != "no-store" || h.Get("X-Accel-Buffering") != "no" {
		t.Fatalf("%s: %d, header %v", path, res.StatusCode, h)
	}
	s := &events{res: res, lines: bufio.NewScanner(res.Body)}
	s.lines.Buffer(nil, 1<<20)
	if s.line() != "retry: 2000" || s.line() != "" {
		t.Error("the stream does not begin with retry")
	}
	return s
}

// line returns the next line, or "EOF".
func (s *events) line() string {
	if !s.lines.Scan() {
		return "EOF"
	}
	return s.lines.Text()
}

// next returns the next event. It fails the test if the stream ends.
func (s *events) next(t *testing.T) (e event) {
	t.Helper()
	for {
		line := s.line()
		name, value, _ := strings.Cut(line, ": ")
		switch {
		case line == "EOF":
			t.Fatal("the stream has ended")
		case line == "" && e.id != "":
			return e
		case name == "id":
			e.id = value
		case name == "event":
			e.name = value
		case name == "data":
			d := json.NewDecoder(strings.NewReader(value))
			d.DisallowUnknownFields()
			if err := d.Decode(&e.export); err != nil {
				t.Fatalf("%v: %s", err, value)
			}
		case line != "" && line != ":":
			t.Fatalf("unexpected line %q", line)
		}
	}
}

// wantEnd checks that the stream ends.
func (s *events) wantEnd(t *testing.T) {
	t.Helper()
	for line := s.line(); line != "EOF"; line = s.line() {
		if line != "" && line != ":" {
			t.Errorf("after the end: %q", line)
		}
	}
}

func TestExportEvents_FromQueuedToReady(t *testing.T) {
	t.Parallel()
	f := setup(t, withLinks(t))
	id := testenv.Request(t, f.store, ana, f.anas).ID
	path := "/v1/exports/" + id + "/events"
	byLink := f.call(t, ana, "GET", "/v1/exports/"+id, "").export(t, 200).EventsURL
	streams := map[string]*events{
		"owner": f.stream(t, ana, path), "staff": f.stream(t, eve, path), "capitals": f.stream(t, ana, "/v1/exports/"+strings.ToUpper(id)+"/events"), "link": f.stream(t, "", byLink),
	}
	var queued, rendering event
	for name, s := range streams {
		queued = s.next(t)
		if queued.name != "export" || queued.export.ID != id || queued.export.Status != "queued" {
			t.Errorf("%s: %+v", name, queued)
		}
	}
	r := f.claim(t, id)
	for name, s := range streams {
		if rendering = s.next(t); rendering.export.Status != "rendering" || rendering.export.Attempt != 1 || rendering.id == queued.id {
			t.Errorf("%s: %+v", name, rendering)
		}
	}
	resumed := f.stream(t, ana, path, "Last-Event-ID", rendering.id) // has the current state
	f.finish(t, r, []byte("x"), "Željko <a&b>.pdf")
	want := f.call(t, ana, "GET", "/v1/exports/"+id, "").export(t, 200)
	streams["resumed"] = resumed
	var ready event
	for name, s := range streams {
		ready = s.next(t)
		if d := cmp.Diff(want, ready.export); d != "" {
			t.Errorf("%s: not as with GET: %s", name, d)
		}
		s.wantEnd(t)
	}
	f.awaitWaiting(t, 0)

	// EventSource connects again, and is told that there is nothing more.
	if a := f.call(t, ana, "GET", path, "", "Last-Event-ID", ready.id); a.status != 204 || len(a.body) > 0 {
		t.Errorf("after the final event: %d %s", a.status, a.body)
	}
	late := f.stream(t, ana, path, "Last-Event-ID", queued.id)
	if e := late.next(t); e.id != ready.id {
		t.Errorf("late: %+v", e)
	}
	late.wantEnd(t)
	if a := f.call(t, ana, "HEAD", path, ""); a.status != 200 || len(a.body) > 0 {
		t.Errorf("HEAD: %d %q", a.status, a.body)
	}
	f.awaitWaiting(t, 0)
}

func TestUserEvents(t *testing.T) {
	t.Parallel()
	f := setup(t, withLinks(t))
	before := f.ready(t, []byte("x"), "a.pdf")
	f.sql(t, `UPDATE export_request SET status_at = now() - interval '1 hour' WHERE id = $1`, before.ID)
	waiting := testenv.Request(t, f.store, ana, f.anas)
	var made struct {
		URL       string    `json:"url"`
		ExpiresAt time.Time `json:"expires_at"`
	}
	f.call(t, ana, "POST", "/v1/events/link", "").decode(t, 200, &made)
	if left := time.Until(made.ExpiresAt); left < 50*time.Minute || left > time.Hour {
		t.Errorf("the link ends in %s", left)
	}
	streams := map[string]*events{"token": f.stream(t, ana, "/v1/events"), "link": f.stream(t, "", made.URL)}
	for name, s := range streams {
		if e := s.next(t); e.export.ID != waiting.ID || e.export.Status != "queued" {
			t.Errorf("%s: begins with %+v", name, e)
		}
	}
	testenv.Request(t, f.store, ben, f.bens)
	f.call(t, ben, "POST", "/v1/exports", `{"resume_id":"`+f.bens+`"}`).wantStatus(t, 202) // is none of ana's business
	id := f.call(t, ana, "POST", "/v1/exports", `{"resume_id":"`+f.anas+`"}`).export(t, 202).ID
	var last event
	for name, s := range streams {
		if last = s.next(t); last.export.ID != id || last.export.Status != "queued" {
			t.Errorf("%s: created: %+v", name, last)
		}
	}
	f.finish(t, f.claim(t, id), []byte("x"), "a.pdf")
	for name, s := range streams {
		for e := s.next(t); e.export.Status != "ready"; e = s.next(t) {
			if e.export.ID != id || e.export.Status != "rendering" {
				t.Errorf("%s: %+v", name, e)
			}
		}
	}
	// What was missed comes when the client connects again.
	again := f.stream(t, ana, "/v1/events", "Last-Event-ID", last.id)
	missed := map[string]string{}
	for len(missed) < 2 {
		e := again.next(t)
		missed[e.export.ID] = e.export.Status
	}
	if d := cmp.Diff(map[string]string{waiting.ID: "queued", id: "ready"}, missed); d != "" {
		t.Error(d)
	}
	f.stopHub()
	again.wantEnd(t)
	for _, s := range streams {
		s.wantEnd(t)
	}
}

func TestEvents_Refused(t *testing.T) {
	t.Parallel()
	f := setup(t, withLinks(t))
	id := testenv.Request(t, f.store, ana, f.anas).ID
	bens := testenv.Request(t, f.store, ben, f.bens).ID
	path := "/v1/exports/" + id + "/events"
	in := func(d time.Duration) time.Time { return time.Now().Add(d) }
	sign := func(p link.Purpose, subject string, end time.Time) string {
		return "/e/" + linkKeys(t, "a").Sign(link.Claim{Purpose: p, Subject: subject, Expires: end})
	}
	good := sign(link.ExportEvents, id, in(time.Hour))
	f.sql(t, `UPDATE "user" SET is_active = false WHERE id = $1`, ben)
	for _, c := range []struct {
		name, user, path string
		header           []string
		status           int
		location         []string
	}{
		{"no token", "", path, nil, 401, nil},
		{"another user", eve + "x", path, nil, 403, nil},
		{"not the owner's", ben, path, nil, 403, nil},
		{"no such export", ana, "/v1/exports/0199aaaa-0000-7000-8000-000000000000/events", nil, 404, nil},
		{"no id", ana, "/v1/exports/x/events", nil, 404, nil},
		{"parameter", ana, path + "?x=1", nil, 422, []string{"query.x"}},
		{"malformed id of an event", ana, path, []string{"Last-Event-ID", "x"}, 422, []string{"header.Last-Event-ID"}},
		{"id of an event beyond numbers", ana, "/v1/events", []string{"Last-Event-ID", "99999999999999999999-ready"}, 422, []string{"header.Last-Event-ID"}},
		{"all, no token", "", "/v1/events", nil, 401, nil},
		{"edited", "", good[:len(good)-3] + "AAA", nil, 404, nil},
		{"for a download", "", sign(link.Download, id, in(time.Hour)), nil, 404, nil},
		{"expired", "", sign(link.ExportEvents, id, in(-time.Hour)), nil, 410, nil},
		{"of a user, expired", "", sign(link.UserEvents, ana, in(-time.Hour)), nil, 410, nil},
		{"of an unknown user", "", sign(link.UserEvents, "user_none", in(time.Hour)), nil, 410, nil},
		{"of an inactive user", "", sign(link.UserEvents, ben, in(time.Hour)), nil, 410, nil},
		{"of an inactive user's export", "", sign(link.ExportEvents, bens, in(time.Hour)), nil, 410, nil},
		{"of an unknown export", "", sign(link.ExportEvents, "0199aaaa-0000-7000-8000-000000000000", in(time.Hour)), nil, 410, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantProblem(t, f.call(t, c.user, "GET", c.path, "", c.header...), c.status, c.location...)
		})
	}
	wantProblem(t, f.call(t, "", "POST", "/v1/events/link", ""), 401)
	wantProblem(t, f.call(t, ana, "POST", path, ""), 405)
	f.awaitWaiting(t, 0) // nothing is left of refused requests
	if strings.Contains(f.log.String(), strings.TrimPrefix(good, "/e/")[:40]) {
		t.Error("a token is in the log")
	}
}

func TestEvents_Limits(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *api.Config) { c.MaxUserStreams, c.MaxStreams = 2, 3 })
	first := f.stream(t, ana, "/v1/events")
	f.stream(t, ana, "/v1/events")
	a := f.call(t, ana, "GET", "/v1/events", "")
	wantProblem(t, a, 429)
	if a.header.Get("Retry-After") == "" {
		t.Error("429 without Retry-After")
	}
	f.stream(t, ben, "/v1/events")
	wantProblem(t, f.call(t, eve, "GET", "/v1/events", ""), 503)
	f.awaitWaiting(t, 3)
	_ = first.res.Body.Close() // makes room
	f.awaitWaiting(t, 2)
	f.stream(t, eve, "/v1/events")
}

// While a stream is open the handlers have returned: their stack would be most of its memory.
func TestEvents_HoldNoHandlers(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for _, path := range []string{"/v1/events", "/v1/exports/" + testenv.Request(t, f.store, ana, f.anas).ID + "/events"} {
		f.stream(t, ana, path).next(t)
	}
	var stacks bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&stacks, 2); err != nil {
		t.Fatal(err)
	}
	streams := 0
	for stack := range strings.SplitSeq(stacks.String(), "\n\n") {
		if strings.Contains(stack, ").sendEvents(") {
			streams++
			if strings.Contains(stack, ".(*ServeMux).") {
				t.Fatalf("the handlers have not returned:\n%s", stack)
			}
		}
	}
	if streams < 2 {
		t.Errorf("%d streams, want 2", streams)
	}
}

// Without a hub there are no streams, and nobody waits.
func TestEvents_NotServed(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *api.Config) { c.Watch = nil })
	id := testenv.Request(t, f.store, ana, f.anas).ID
	wantProblem(t, f.call(t, ana, "GET", "/v1/events", ""), 503)
	wantProblem(t, f.call(t, ana, "GET", "/v1/exports/"+id+"/events", ""), 503)
	wantProblem(t, f.call(t, ana, "POST", "/v1/events/link", ""), 404)
	if a := f.call(t, ana, "GET", "/v1/exports/"+id, "", "Prefer", "wait=50"); a.status != 200 || a.header.Get("Preference-Applied") != "" {
		t.Errorf("%d %v", a.status, a.header)
	}
}

func TestEvents_HeartbeatAndEnd(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *api.Config) { c.HeartbeatEvery, c.StreamWithin = 10*time.Millisecond, 500*time.Millisecond })
	s := f.stream(t, ana, "/v1/events")
	if s.line() != ":" {
		t.Error("no heartbeat")
	}
	s.wantEnd(t)
	f.awaitWaiting(t, 0)
}

// pipes is a listener whose connections have no buffer.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	if c, ok := <-p; ok {
		return c, nil
	}
	return nil, net.ErrClosed
}
func (pipes) Close() error   { return nil }
func (pipes) Addr() net.Addr { return &net.TCPAddr{} }

// A client that does not read is dropped, and holds nothing.
func TestEvents_SlowReader(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *api.Config) { c.SendWithin = 50 * time.Millisecond })
	listener := make(pipes)
	server := &http.Server{Handler: f.handler, ReadHeaderTimeout: time.Minute}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	client, conn := net.Pipe()
	listener <- conn
	if _, err := fmt.Fprintf(client, "GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", token(t, ana)); err != nil {
		t.Fatal(err)
	}
	f.awaitWaiting(t, 1)
	f.awaitWaiting(t, 0)
	fast := f.stream(t, ana, "/v1/events")
	id := testenv.Request(t, f.store, ana, f.anas).ID
	f.claim(t, id)
	if e := fast.next(t); e.export.ID != id {
		t.Errorf("another client: %+v", e)
	}
	if _, err := io.Copy(io.Discard, client); err != nil {
		t.Logf("the service ended the connection: %v", err)
	}
	close(listener)
	<-served //nolint:errcheck // the listener was closed
}

// A reader of an export that is erased gets its end.
func TestExportEvents_Erased(t *testing.T) {
	t.Parallel()
	f := setup(t)
	s := f.stream(t, ana, "/v1/exports/"+testenv.Request(t, f.store, ana, f.anas).ID+"/events")
	if e := s.next(t); e.export.Status != string(export.Queued) {
		t.Errorf("%+v", e)
	}
	f.call(t, ana, "DELETE", "/v1/exports?all=true", "").wantStatus(t, 200)
	s.wantEnd(t)
}
