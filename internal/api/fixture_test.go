package api_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/auth"
	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/note"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/preview"
	"github.com/letrazapp/letraz-export/internal/queue"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/resumefile"
	"github.com/letrazapp/letraz-export/internal/testenv"
	"github.com/letrazapp/letraz-export/internal/watch"
)

func TestMain(m *testing.M) { os.Exit(testenv.Main(m)) }

const (
	ana = "user_ana" // owns a resume
	ben = "user_ben" // owns another one
	eve = "user_eve" // is staff
)

var secret = []byte("a secret of the tests, long enough")

var fixtureTemplates = []api.Template{{Name: "classic", Title: "Classic", Picture: []byte("a picture")}, {Name: "modern", Title: "Modern"}}

// fixture is the API with a real database, queue and file store.
type fixture struct {
	server   *httptest.Server
	handler  http.Handler // what server serves
	store    *postgres.Store
	database string // URL
	queue    *queue.Queue
	files    *blob.Store
	dir      string // of files
	log      *logged
	hub      *watch.Hub
	stopHub  func() // as at the end of the process
	anas     string // id of ana's resume
	bens     string
}

// setup serves the API. change may replace parts.
func setup(t *testing.T, change ...func(*api.Config)) *fixture {
	t.Helper()
	f := &fixture{database: testenv.Database(t), dir: t.TempDir(), log: &logged{}}
	f.store = testenv.Open(t, f.database, postgres.Options{})
	f.anas = testenv.ImportSample(t, f.store, ana, "first-job")
	f.bens = testenv.ImportSample(t, f.store, ben, "first-job")
	testenv.ImportSample(t, f.store, eve, "first-job")
	f.sql(t, `UPDATE "user" SET is_staff = true WHERE id = $1`, eve)
	f.serve(t, change...)
	return f
}

// setupOn serves the API in another process, as it were, on the database of f.
func setupOn(t *testing.T, f *fixture, change ...func(*api.Config)) *fixture {
	t.Helper()
	other := &fixture{database: f.database, dir: t.TempDir(), log: &logged{}, store: testenv.Open(t, f.database, postgres.Options{}), anas: f.anas, bens: f.bens}
	other.serve(t, change...)
	return other
}

func (f *fixture) serve(t *testing.T, change ...func(*api.Config)) {
	t.Helper()
	f.queue = testenv.Queue(t, testenv.NATS(t, ""))
	var err error
	if f.files, err = blob.Open(t.Context(), f.dir); err != nil {
		t.Fatal(err)
	}
	tokens, err := auth.NewSecret(secret, auth.Parties{})
	if err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.NewJSONHandler(io.MultiWriter(f.log, t.Output()), &slog.HandlerOptions{Level: slog.LevelDebug}))
	c := api.Config{
		Store: f.store, Publisher: f.queue, Files: f.files, Tokens: tokens,
		Templates: fixtureTemplates,
		Preview: func(r resume.Resume, template string, paper export.Paper, language string) ([]byte, string, error) {
			p, err := preview.PageOf(r, template, paper, language)
			return p.HTML, p.Style, err
		},
		Health: &api.Health{Logger: logger}, MaxAttempts: 3, Version: "1.2.3", Logger: logger,
		ReadResume: readResume, WriteResumes: true,
	}
	f.hub = watch.New(watch.Config{Store: f.store, Connected: f.queue.Connected, RecheckEvery: time.Hour, Logger: logger})
	unwatch, err := f.queue.Watch(f.hub.Changed, f.hub.Lost)
	if err != nil {
		t.Fatal(err)
	}
	running, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	var hub sync.WaitGroup
	hub.Go(func() { f.hub.Run(running) })
	f.stopHub = func() {
		stop()
		hub.Wait()
		unwatch()
	}
	c.Watch, c.Changes = f.hub, f.queue
	for _, f := range change {
		f(&c)
	}
	f.handler = api.Handler(c)
	f.server = httptest.NewServer(keepsContract(t, f.handler))
	t.Cleanup(func() {
		f.stopHub() // ends streams, for which Close would wait
		f.server.Close()
	})
}

// readResume reads a resume as the program does.
func readResume(data []byte, language string) (resume.Resume, []note.Note, error) {
	f, err := resumefile.Read(data, language)
	return f.Resume, f.Notes, err
}

// sql executes a statement that the store does not have.
func (f *fixture) sql(t *testing.T, statement string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), f.database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	if tag, err := conn.Exec(t.Context(), statement, args...); err != nil || tag.RowsAffected() == 0 {
		t.Fatalf("%s: %v, %v", statement, tag, err)
	}
}

// expire moves an export past its expiry.
func (f *fixture) expire(t *testing.T, id string) {
	t.Helper()
	f.sql(t, `UPDATE export_request SET created_at = now() - interval '2 hours', expires_at = now() - interval '1 hour' WHERE id = $1`, id)
}

// ready records an export of ana's that is finished with the bytes.
func (f *fixture) ready(t *testing.T, data []byte, filename string) export.Request {
	t.Helper()
	return f.finish(t, f.claim(t, testenv.Request(t, f.store, ana, f.anas).ID), data, filename)
}

// claim claims a queued export, as a worker does, and tells those who wait.
func (f *fixture) claim(t *testing.T, id string) export.Request {
	t.Helper()
	r, err := f.store.ClaimExport(t.Context(), export.Message{ExportID: id}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	f.queue.Changed(r)
	return r
}

// finish makes a claimed export ready with the bytes, and announces it.
func (f *fixture) finish(t *testing.T, r export.Request, data []byte, filename string) export.Request {
	t.Helper()
	a := export.Artifact{BlobKey: export.BlobKey(r), Size: int64(len(data)), SHA256: sha256.Sum256(data), Pages: 1, Filename: filename}
	if err := f.files.Put(t.Context(), a.BlobKey, data, "application/pdf"); err != nil {
		t.Fatal(err)
	}
	r, err := f.store.CompleteExport(t.Context(), r, a)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.queue.PublishEvent(t.Context(), export.EventOf(r)); err != nil {
		t.Fatal(err)
	}
	return r
}

// answer is a response with its body.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// call makes a request as the user, or without a token if the user is empty.
func (f *fixture) call(t *testing.T, user, method, path, body string, header ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, f.server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if user != "" {
		req.Header.Set("Authorization", "Bearer "+token(t, user))
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := f.server.Client().Transport.RoundTrip(req) // follows no redirect
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return answer{res.StatusCode, res.Header, data}
}

func token(t *testing.T, user string) string {
	t.Helper()
	return signedFor(t, user, time.Minute)
}

// signedFor returns a token that expires after ttl.
func signedFor(t *testing.T, user string, ttl time.Duration) string {
	t.Helper()
	s, err := auth.Sign(secret, user, ttl, auth.Parties{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// export decodes an export.
func (a answer) export(t *testing.T, status int) api.Export {
	t.Helper()
	var e api.Export
	a.decode(t, status, &e)
	return e
}

func (a answer) decode(t *testing.T, status int, to any) {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	d := json.NewDecoder(bytes.NewReader(a.body))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
}

// problem is a problem document (RFC 9457) of the API.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Errors []struct {
		Message  string `json:"message"`
		Location string `json:"location"`
		Value    any    `json:"value"`
	} `json:"errors"`
}

// wantProblem checks that the answer is a problem document with the status and with
// an error at each location.
func wantProblem(t *testing.T, a answer, status int, locations ...string) problem {
	t.Helper()
	if a.status != status {
		t.Errorf("status %d, want %d: %.300s", a.status, status, a.body)
	}
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("Content-Type %q: %.300s", got, a.body)
	}
	if len(a.body) > 8<<10 {
		t.Errorf("the problem has %d bytes", len(a.body))
	}
	var p problem
	d := json.NewDecoder(bytes.NewReader(a.body))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		t.Fatalf("%v: %.300s", err, a.body)
	}
	if p.Status != a.status || p.Detail == "" {
		t.Errorf("status member %d and detail %q in an answer %d", p.Status, p.Detail, a.status)
	}
	for _, want := range locations {
		found := false
		for _, e := range p.Errors {
			found = found || e.Location == want && e.Message != ""
		}
		if !found {
			t.Errorf("no error at %q: %.500s", want, a.body)
		}
	}
	return p
}

// logged collects log lines.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
