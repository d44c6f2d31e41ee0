package client

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// fileText is the file of every export of the fake.
var fileText = strings.Repeat("%PDF-1.7 a fake\n", 4096)

// fake is an API that does what each test says. It keeps the requests.
type fake struct {
	mu       sync.Mutex
	requests []*http.Request
	at       []time.Time
	// answers are those of the first requests; nil ones, and later ones, are those of a sound API.
	answers []http.HandlerFunc
}

// RoundTrip answers without a network, so that time in a bubble of synctest can pass.
func (f *fake) RoundTrip(req *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	var broken error
	func() {
		defer func() {
			if r := recover(); r != nil {
				broken = io.ErrUnexpectedEOF
			}
		}()
		f.ServeHTTP(w, req)
	}()
	if broken != nil {
		return nil, broken
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	return w.Result(), nil
}

// ServeHTTP answers as the test says.
func (f *fake) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	f.mu.Lock()
	n := len(f.requests)
	f.requests, f.at = append(f.requests, req), append(f.at, time.Now())
	var own http.HandlerFunc
	if n < len(f.answers) {
		own = f.answers[n]
	}
	f.mu.Unlock()
	switch {
	case own != nil:
		own(w, req)
	case strings.HasSuffix(req.URL.Path, "/download"):
		http.ServeContent(w, req, "x.pdf", time.Time{}, strings.NewReader(fileText))
	default:
		state("ready")(w, req)
	}
}

// pauses returns the time between requests.
func (f *fake) pauses() (all []time.Duration) {
	for i := 1; i < len(f.at); i++ {
		all = append(all, f.at[i].Sub(f.at[i-1]))
	}
	return all
}

// state answers with an export of the status, after the headers.
func state(status string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		if req.Method == http.MethodPost {
			w.WriteHeader(http.StatusAccepted)
		}
		sum := sha256.Sum256([]byte(fileText))
		failure := ""
		if status == "failed" {
			failure = `, "failure": {"code": "document_too_large", "message": "The resume is too long."}`
		}
		_, _ = fmt.Fprintf(w, `{"id": "e1", "status": %q, "size": %d, "sha256": %q%s}`, status, len(fileText), hex.EncodeToString(sum[:]), failure)
	}
}

// problem answers with a problem document.
func problem(status int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.Header().Set("X-Request-Id", "req-1")
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"type": "about:blank", "detail": "no", "errors": [{"location": "body.width", "message": "expected less"}]}`)
	}
}

// breaks ends the connection.
func breaks(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// after waits before the answer, as an API does that is asked to.
func after(d time.Duration, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		select {
		case <-time.After(d):
		case <-req.Context().Done():
		}
		h(w, req)
	}
}

// connect returns a client of the fake.
func connect(t *testing.T, f *fake, change ...func(*Config)) *Client {
	t.Helper()
	config := Config{URL: "http://api.test", Token: "secret", HTTPClient: &http.Client{Transport: f}}
	for _, c := range change {
		c(&config)
	}
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// slowBody is a body that comes in small pieces, one in 20 s.
type slowBody struct {
	io.ReadCloser
	ctx context.Context
}

func (b slowBody) Read(p []byte) (int, error) {
	select {
	case <-b.ctx.Done():
		return 0, context.Cause(b.ctx)
	case <-time.After(20 * time.Second):
	}
	return b.ReadCloser.Read(p[:min(len(p), 16<<10)])
}
