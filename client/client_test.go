package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/letrazapp/letraz-export/client/openapi"
)

var ask = Request{Resume: []byte(`{"basics": {"name": "Ana"}}`)}

// Whatever passes is repeated, and one call makes one export.
func TestExport_Repeats(t *testing.T) {
	sound := http.HandlerFunc(nil)
	tests := []struct {
		name    string
		answers []http.HandlerFunc
		want    int // requests
		// shortest and longest are the limits of the pause before the second request.
		shortest, longest time.Duration
	}{
		{"nothing to repeat", nil, 2, 0, 0},
		{"503 with Retry-After", []http.HandlerFunc{problem(503, "Retry-After", "5")}, 3, 5 * time.Second, 6 * time.Second},
		{"429 with Retry-After", []http.HandlerFunc{problem(429, "Retry-After", "30")}, 3, 30 * time.Second, 36 * time.Second},
		{"503 without Retry-After", []http.HandlerFunc{problem(503)}, 3, 50 * time.Millisecond, 100 * time.Millisecond},
		{"proxy without API", []http.HandlerFunc{problem(502), problem(504)}, 4, 50 * time.Millisecond, 100 * time.Millisecond},
		{"no connection", []http.HandlerFunc{breaks, breaks, breaks}, 5, 50 * time.Millisecond, 100 * time.Millisecond},
		{"status not known for a while", []http.HandlerFunc{state("queued", "Retry-After", "1"), problem(503, "Retry-After", "2"), breaks}, 5, 0, 0},
		{"download not at once", []http.HandlerFunc{sound, problem(503, "Retry-After", "2")}, 3, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{answers: tt.answers}
				done, err := connect(t, f).Export(t.Context(), ask)
				if err != nil {
					t.Fatal(err)
				}
				if string(done.Data) != fileText || done.ID != "e1" || done.Status != openapi.ExportStatusReady {
					t.Errorf("%d bytes of %+v", len(done.Data), done.Export)
				}
				if len(f.requests) != tt.want {
					t.Errorf("%d requests, want %d", len(f.requests), tt.want)
				}
				if p := f.pauses()[0]; p < tt.shortest || p > tt.longest {
					t.Errorf("the second request came after %s, want %s to %s", p, tt.shortest, tt.longest)
				}
				keys := map[string]bool{}
				for _, r := range f.requests {
					if r.Method == http.MethodPost {
						keys[r.Header.Get("Idempotency-Key")] = true
					}
				}
				if len(keys) != 1 || keys[""] {
					t.Errorf("the keys are %v, want one", keys)
				}
			})
		})
	}
}

// What does not pass is told at once, or when patience or ctx end.
func TestExport_Errors(t *testing.T) {
	forever := func(h http.HandlerFunc) []http.HandlerFunc { return slices.Repeat([]http.HandlerFunc{h}, 10000) }
	then := func(h ...http.HandlerFunc) []http.HandlerFunc { return append(h[:len(h)-1], forever(h[len(h)-1])...) }
	isProblem := func(status int) func(error) bool {
		return func(err error) bool {
			var p *Problem
			return errors.As(err, &p) && p.StatusCode == status && p.RequestID == "req-1" && p.Errors[0].Location == "body.width"
		}
	}
	isPending := func(cause error) func(error) bool {
		return func(err error) bool {
			var p *PendingError
			return errors.As(err, &p) && p.Export.ID == "e1" && (cause == nil || errors.Is(err, cause))
		}
	}
	isConnection := func(err error) bool { return errors.As(err, new(*ConnectionError)) }
	tests := []struct {
		name    string
		answers []http.HandlerFunc
		limit   time.Duration // of the context
		is      func(error) bool
		text    string
		took    time.Duration // at most
	}{
		{"invalid request", then(problem(422)), time.Hour, isProblem(422), "the API answers 422: no; body.width: expected less (request req-1)", 0},
		{"unknown token", then(problem(401)), time.Hour, isProblem(401), "401", 0},
		{"internal error", then(problem(500)), time.Hour, isProblem(500), "500", 0},
		{"never available", forever(problem(503)), time.Hour, isProblem(503), "given up after", time.Minute},
		{"comes again too late", forever(problem(503, "Retry-After", "3600")), 2 * time.Hour, isProblem(503), "given up after 1 tries", 0},
		{"comes again after the deadline", forever(problem(429, "Retry-After", "30")), 20 * time.Second, isProblem(429), "deadline exceeded before the next try in", 0},
		{"never reached", forever(breaks), time.Hour, isConnection, "no whole answer", time.Minute},
		{"no answer", forever(after(time.Hour, breaks)), 10 * time.Second, isConnection, "deadline exceeded", 10 * time.Second},
		{"failed", then(state("failed")), time.Hour, func(err error) bool {
			var e *ExportError
			return errors.As(err, &e) && e.Code() == openapi.FailureCodeDocumentTooLarge
		}, "export e1 failed: The resume is too long. (document_too_large)", 0},
		{"canceled", then(state("queued", "Retry-After", "1"), state("canceled")), time.Hour, func(err error) bool { return errors.As(err, new(*ExportError)) }, "export e1 is canceled", time.Second},
		{"not finished", forever(state("rendering", "Retry-After", "2")), 9 * time.Second, isPending(context.DeadlineExceeded), "export e1 was rendering", 9 * time.Second},
		{"lost while waiting", then(state("queued"), breaks), time.Hour, isPending(nil), "export e1 was queued: waiting: given up after", 2 * time.Minute},
		{"token ended while waiting", then(state("queued"), problem(401)), time.Hour, func(err error) bool { return isPending(nil)(err) && isProblem(401)(err) }, "401", time.Second},
		{"deleted", then(state("queued"), problem(404)), time.Hour, isProblem(404), "404", time.Second},
		{"expired before the download", then(state("ready"), problem(410)), time.Hour, isProblem(410), "410", 0},
		{"no JSON", then(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }), time.Hour, func(error) bool { return true }, "reading the answer of the API", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), tt.limit)
				defer cancel()
				began := time.Now()
				done, err := connect(t, &fake{answers: tt.answers}).Export(ctx, ask)
				if err == nil || done != nil || !tt.is(err) || !strings.Contains(err.Error(), tt.text) {
					t.Errorf("the error is %T: %v; want %q", err, err, tt.text)
				}
				if took := time.Since(began); took > tt.took {
					t.Errorf("it took %s, want at most %s", took, tt.took)
				}
			})
		})
	}
}

// While the API waits, it is asked again at once; when it does not, at the intervals it names.
func TestExport_Waits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{answers: []http.HandlerFunc{
			after(30*time.Second, state("queued", "Preference-Applied", "wait=30")),
			after(30*time.Second, state("rendering", "Preference-Applied", "wait=30")),
			state("rendering", "Retry-After", "7"),                                  // did not wait
			after(2*time.Second, state("rendering", "Retry-After", "7")),            // was slow
			state("rendering", "Preference-Applied", "wait=30", "Retry-After", "7"), // says so only
			after(3*time.Second, state("ready", "Preference-Applied", "wait=30")),
		}}
		if _, err := connect(t, f).Export(t.Context(), ask); err != nil {
			t.Fatal(err)
		}
		if got, want := fmt.Sprint(f.pauses()), "[30s 30s 7s 9s 7s 3s]"; got != want {
			t.Errorf("the pauses are %s, want %s", got, want)
		}
		for _, r := range f.requests[:6] {
			if p := r.Header.Get("Prefer"); p != "wait=30" {
				t.Errorf("%s %s prefers %q", r.Method, r.URL, p)
			}
		}
	})
	// Failures with answers in between are not consecutive: patience begins anew.
	synctest.Test(t, func(t *testing.T) {
		waited := after(30*time.Second, state("rendering", "Preference-Applied", "wait=30"))
		f := &fake{answers: []http.HandlerFunc{waited, problem(503, "Retry-After", "40"), waited, problem(503, "Retry-After", "40"), waited}}
		if _, err := connect(t, f).Export(t.Context(), ask); err != nil {
			t.Fatal(err)
		}
	})
	// The answer has to come before the deadline.
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		f := &fake{}
		if _, err := connect(t, f).Export(ctx, ask); err != nil {
			t.Fatal(err)
		}
		if p := f.requests[0].Header.Get("Prefer"); p != "wait=9" {
			t.Errorf("with 10 s left it prefers %q", p)
		}
	})
}

func TestExport_Credentials(t *testing.T) {
	f := &fake{}
	c := connect(t, f, func(c *Config) {
		c.Token, c.OnBehalfOf = "", "ana"
		c.TokenSource = func(context.Context) (string, error) { return "fresh", nil }
	})
	for _, each := range []*Client{c, c.For("bo")} {
		if _, err := each.Export(t.Context(), ask, Key("order-7")); err != nil {
			t.Fatal(err)
		}
	}
	for i, r := range f.requests {
		user := []string{"ana", "bo"}[i/2]
		if r.Header.Get("Authorization") != "Bearer fresh" || r.Header.Get("On-Behalf-Of") != user {
			t.Errorf("request %d has %v, want it for %s", i, r.Header, user)
		}
		if r.Method == http.MethodPost && r.Header.Get("Idempotency-Key") != "order-7" {
			t.Errorf("request %d has the key %q", i, r.Header.Get("Idempotency-Key"))
		}
	}
	if _, err := c.API.ListExports(t.Context(), &openapi.ListExportsParams{OnBehalfOf: &[]string{"cy"}[0]}); err != nil || f.requests[4].Header.Get("On-Behalf-Of") != "cy" {
		t.Errorf("a call for cy has %v, %v", f.requests[4].Header, err)
	}
	failing := connect(t, f, func(c *Config) {
		c.Token, c.TokenSource = "", func(context.Context) (string, error) { return "", io.ErrClosedPipe }
	})
	if _, err := failing.Export(t.Context(), ask); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("without a token the error is %v", err)
	}
}

func TestNew_Config(t *testing.T) {
	for _, tt := range []struct {
		name   string
		config Config
		want   string
	}{
		{"no URL", Config{Token: "x"}, `URL ""`},
		{"no scheme", Config{URL: "127.0.0.1:8080", Token: "x"}, "is no address"},
		{"no token", Config{URL: "http://api.test"}, "TokenSource is required"},
		{"long wait", Config{URL: "http://api.test", Token: "x", Wait: time.Hour}, "a Wait of 1h0m0s"},
		{"impatient HTTP client", Config{URL: "http://api.test", Token: "x", HTTPClient: &http.Client{Timeout: 30 * time.Second}}, "remove its Timeout or reduce Wait"},
		{"no patience", Config{URL: "http://api.test", Token: "x", Patience: -1}, "a Patience of -1ns"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := New(tt.config); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("the error is %v, want %q", err, tt.want)
			}
		})
	}
}

// A download over a real connection is continued where it broke, whether the server has ranges or not.
func TestExportTo_BrokenDownload(t *testing.T) {
	half := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(fileText)))
		_, _ = io.WriteString(w, fileText[:len(fileText)/2])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	whole := func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, fileText) }
	wrong := func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.ToLower(fileText)) }
	long := func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, fileText+"x") }
	tests := []struct {
		name    string
		answers []http.HandlerFunc
		damaged string
		want    int // requests
	}{
		{"continued", []http.HandlerFunc{nil, half}, "", 3},
		{"continued without ranges", []http.HandlerFunc{nil, half, whole}, "", 3},
		{"continued twice", []http.HandlerFunc{nil, half, problem(503), half}, "", 5},
		{"other bytes", []http.HandlerFunc{nil, wrong}, "its checksum is", 2},
		{"too long", []http.HandlerFunc{nil, long}, "it is longer than", 2},
		{"too short", []http.HandlerFunc{nil, half, problem(416)}, "it is shorter than", 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := &fake{answers: tt.answers}
			server := httptest.NewServer(f)
			defer server.Close()
			c := connect(t, f, func(c *Config) { c.URL, c.HTTPClient = server.URL, server.Client() })
			var out bytes.Buffer
			_, err := c.ExportTo(t.Context(), &out, ask)
			if len(f.requests) != tt.want {
				t.Errorf("%d requests, want %d", len(f.requests), tt.want)
			}
			if tt.damaged != "" {
				if !errors.As(err, new(*DamagedError)) || !strings.Contains(err.Error(), tt.damaged) {
					t.Errorf("the error is %v, want %q", err, tt.damaged)
				}
				return
			}
			if err != nil || out.String() != fileText {
				t.Errorf("%d bytes, want %d: %v", out.Len(), len(fileText), err)
			}
			if r := f.requests[2].Header.Get("Range"); r != fmt.Sprintf("bytes=%d-", len(fileText)/2) {
				t.Errorf("the second download asks for the range %q", r)
			}
		})
	}
}

// Export gets a damaged file again, once.
func TestExport_DamagedOnce(t *testing.T) {
	damaged := func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.ToLower(fileText)) }
	f := &fake{answers: []http.HandlerFunc{nil, damaged}}
	if done, err := connect(t, f).Export(t.Context(), ask); err != nil || string(done.Data) != fileText {
		t.Errorf("after one damaged download: %v", err)
	}
	f = &fake{answers: []http.HandlerFunc{nil, damaged, damaged}}
	if _, err := connect(t, f).Export(t.Context(), ask); !errors.As(err, new(*DamagedError)) || len(f.requests) != 3 {
		t.Errorf("after two damaged downloads and %d requests: %v", len(f.requests), err)
	}
}

// A download that stands still is broken off and continued.
func TestExportTo_Stalled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{answers: []http.HandlerFunc{nil, after(time.Hour, state("ready"))}}
		var out bytes.Buffer
		began := time.Now()
		if _, err := connect(t, f, func(c *Config) { c.Patience = time.Hour }).ExportTo(t.Context(), &out, ask); err != nil || out.String() != fileText {
			t.Errorf("%d bytes: %v", out.Len(), err)
		}
		if took := time.Since(began); took < stallTime || took > stallTime+time.Second {
			t.Errorf("it took %s, want a little more than %s", took, stallTime)
		}
	})
}

// A download that goes on may take longer than one that stands still.
func TestExportTo_Slow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{}
		slow := func(req *http.Request) (*http.Response, error) {
			res, err := f.RoundTrip(req)
			if err == nil && strings.HasSuffix(req.URL.Path, "/download") {
				res.Body = slowBody{res.Body, req.Context()}
			}
			return res, err
		}
		var out bytes.Buffer
		_, err := connect(t, f, func(c *Config) { c.HTTPClient.Transport = roundTrip(slow) }).ExportTo(t.Context(), &out, ask)
		if err != nil || out.String() != fileText || len(f.requests) != 2 {
			t.Errorf("%d bytes in %d requests: %v", out.Len(), len(f.requests), err)
		}
	})
}

// As long as some of the file comes, patience begins anew.
func TestExportTo_Progress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := func(n int) http.HandlerFunc {
			return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, fileText[:n]) }
		}
		f := &fake{answers: []http.HandlerFunc{nil, begin(100), problem(503, "Retry-After", "40"), begin(200), problem(503, "Retry-After", "40")}}
		var out bytes.Buffer
		if _, err := connect(t, f).ExportTo(t.Context(), &out, ask); err != nil || out.String() != fileText {
			t.Errorf("%d bytes: %v", out.Len(), err)
		}
	})
}

// A certificate that is not valid does not become so.
func TestExport_Certificate(t *testing.T) {
	server := httptest.NewUnstartedServer(&fake{})
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	_, err := connect(t, nil, func(c *Config) { c.URL, c.HTTPClient = server.URL, nil }).Export(t.Context(), ask)
	if err == nil || errors.As(err, new(*ConnectionError)) || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("the error is %v", err)
	}
}

// An error of the writer is not the API's, and is not repeated.
func TestExportTo_WriterFails(t *testing.T) {
	f := &fake{}
	reader, writer := io.Pipe()
	_ = reader.CloseWithError(io.ErrShortWrite)
	if _, err := connect(t, f).ExportTo(t.Context(), writer, ask); !errors.Is(err, io.ErrShortWrite) || errors.As(err, new(*PendingError)) || !strings.Contains(err.Error(), "writing the file") || len(f.requests) != 2 {
		t.Errorf("after %d requests the error is %v", len(f.requests), err)
	}
}

func TestDecode(t *testing.T) {
	f := &fake{answers: []http.HandlerFunc{
		func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"exports": [{"id": "e1"}]}`) },
		problem(403),
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
		func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, "<html>")
		},
	}}
	c := connect(t, f)
	if list, err := Decode[openapi.ListOutputBody](c.API.ListExports(t.Context(), nil)); err != nil || len(list.Exports) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
	var p *Problem
	if _, err := Decode[openapi.ListOutputBody](c.API.ListExports(t.Context(), nil)); !errors.As(err, &p) || p.StatusCode != http.StatusForbidden {
		t.Errorf("the error is %v", err)
	}
	if _, err := Decode[struct{}](c.API.DeleteExport(t.Context(), "e1", nil)); err != nil {
		t.Error(err)
	}
	if _, err := Decode[struct{}](c.API.DeleteExport(t.Context(), "e1", nil)); err == nil || err.Error() != "the API answers 403 Forbidden" {
		t.Errorf("a proxy's answer is %v", err)
	}
}

func TestRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for text, want := range map[string]time.Duration{
			"": 0, "soon": 0, "-1": 0, "0": 0, "99999999999": (1 << 20) * time.Second, "3": 3 * time.Second,
			time.Now().Add(4 * time.Second).UTC().Format(http.TimeFormat):  4 * time.Second,
			time.Now().Add(-4 * time.Second).UTC().Format(http.TimeFormat): 0,
		} {
			if got := retryAfter(http.Header{"Retry-After": {text}}); got != want {
				t.Errorf("%q is %s, want %s", text, got, want)
			}
		}
	})
}
