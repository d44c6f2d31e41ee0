package api_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// downloads waits until so many requests to download were logged, each after
// its handler has ended.
func (f *fixture) awaitDownloads(t *testing.T, n int) {
	t.Helper()
	testenv.Eventually(t, "the download's end in the log", func() bool { return strings.Count(f.log.String(), `/download","status":`) == n })
}

func TestDownload_CountsFullDownloadsOnly(t *testing.T) {
	t.Parallel()
	f := setup(t)
	r := f.ready(t, []byte("0123456789"), "a.pdf")
	path := "/v1/exports/" + r.ID + "/download"
	etag := f.call(t, ana, "HEAD", path, "").header.Get("ETag")
	for _, c := range []struct {
		method string
		header []string
		status int
		body   string
	}{
		{"HEAD", nil, 200, ""},
		{"GET", []string{"Range", "bytes=0-4"}, 206, "01234"},
		{"GET", []string{"Range", "bytes=-1"}, 206, "9"},
		{"GET", []string{"Range", "bytes=0-"}, 206, "0123456789"},
		{"GET", []string{"If-None-Match", etag}, 304, ""},
		{"GET", []string{"If-None-Match", "*"}, 304, ""},
	} {
		if a := f.call(t, ana, c.method, path, "", c.header...); a.status != c.status || string(a.body) != c.body {
			t.Errorf("%s %v: %d %q", c.method, c.header, a.status, a.body)
		}
	}
	if a := f.call(t, ana, "GET", path, "", "Range", "bytes=10-"); a.status != 416 {
		t.Errorf("a range outside: %d", a.status)
	}
	f.awaitDownloads(t, 8)
	wantDownloads(t, f, r.ID, 0)
	for n := 1; n <= 3; n++ {
		if a := f.call(t, ana, "GET", path, "", "If-None-Match", `"another"`); string(a.body) != "0123456789" {
			t.Errorf("%d %q", a.status, a.body)
		}
		f.awaitDownloads(t, 8+n)
		wantDownloads(t, f, r.ID, n)
	}
}

func TestDownload_CountsConcurrentDownloads(t *testing.T) {
	t.Parallel()
	f := setup(t)
	data := bytes.Repeat([]byte("0123456789abcdef"), 1<<18) // 4 MiB
	r := f.ready(t, data, "a.pdf")
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if a := f.call(t, ana, "GET", "/v1/exports/"+r.ID+"/download", ""); !bytes.Equal(a.body, data) {
				t.Errorf("%d, %d bytes", a.status, len(a.body))
			}
		})
	}
	both.Wait()
	f.awaitDownloads(t, 2)
	wantDownloads(t, f, r.ID, 2)
}

func TestDownload_ClientBreaksOff(t *testing.T) {
	t.Parallel()
	f := setup(t)
	data := bytes.Repeat([]byte("0123456789abcdef"), 4<<20) // 64 MiB: more than sockets buffer
	r := f.ready(t, data, "a.pdf")
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.server.URL+"/v1/exports/"+r.ID+"/download", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token(t, ana))
	res, err := f.server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(io.Discard, res.Body, 1<<20); err != nil {
		t.Fatal(err)
	}
	cancel()
	_ = res.Body.Close()
	f.awaitDownloads(t, 1)
	wantDownloads(t, f, r.ID, 0)
	if a := f.call(t, ana, "GET", "/v1/exports/"+r.ID+"/download", ""); !bytes.Equal(a.body, data) {
		t.Errorf("%d, %d bytes", a.status, len(a.body))
	}
	f.awaitDownloads(t, 2)
	wantDownloads(t, f, r.ID, 1)
}

// A small file fits into the server's buffer, so that every Write of it succeeds
// although the connection is dead.
func TestDownload_ConnectionFailsAtFlush(t *testing.T) {
	t.Parallel()
	f := setup(t)
	r := f.ready(t, []byte("small"), "a.pdf")
	server := httptest.NewUnstartedServer(f.handler)
	server.Listener = deafListener{server.Listener}
	server.Start()
	defer server.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/v1/exports/"+r.ID+"/download", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token(t, ana))
	if res, err := server.Client().Transport.RoundTrip(req); err == nil {
		t.Fatalf("an answer came through: %v", res)
	}
	f.awaitDownloads(t, 1)
	wantDownloads(t, f, r.ID, 0)
}

// deafListener accepts connections whose client receives nothing.
type deafListener struct{ net.Listener }

func (l deafListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return deafConn{c}, err
}

type deafConn struct{ net.Conn }

func (c deafConn) Write([]byte) (int, error) {
	_ = c.Close()
	return 0, errors.New("the connection is gone")
}

// fakeFiles opens files as a test replaces them.
type fakeFiles struct {
	api.Files
	open func(io.ReadSeekCloser) (io.ReadSeekCloser, error)
}

func (f fakeFiles) Open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error) {
	file, size, err := f.Files.Open(ctx, key)
	if err != nil {
		return nil, 0, err
	}
	file, err = f.open(file)
	return file, size, err
}

// brokenFile returns an error after some bytes.
type brokenFile struct {
	io.ReadSeekCloser
	left  int
	fault func() error
}

func (b *brokenFile) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, b.fault()
	}
	n, err := b.ReadSeekCloser.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

func TestDownload_FileBreaksOff(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func() error{
		"error": func() error { return errors.New("the disk is gone") },
		"end":   func() error { return io.EOF },
		"panic": func() error { panic("a bug") },
	} {
		for _, after := range []int{0, 10, 100_000} {
			f := setup(t, func(c *api.Config) {
				c.Files = fakeFiles{c.Files, func(file io.ReadSeekCloser) (io.ReadSeekCloser, error) {
					return &brokenFile{file, after, fault}, nil
				}}
			})
			r := f.ready(t, bytes.Repeat([]byte("x"), 1_000_000), "a.pdf")
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, f.server.URL+"/v1/exports/"+r.ID+"/download", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+token(t, ana))
			res, err := f.server.Client().Do(req)
			if err == nil {
				var body []byte
				if body, err = io.ReadAll(res.Body); err == nil {
					t.Errorf("%s after %d bytes: an answer %d that seems whole, %d bytes", name, after, res.StatusCode, len(body))
				}
				_ = res.Body.Close()
				if strings.Trim(string(body), "x") != "" {
					t.Errorf("%s after %d bytes: something was added to the file: %q", name, after, strings.Trim(string(body), "x"))
				}
			}
			f.awaitDownloads(t, 1)
			wantDownloads(t, f, r.ID, 0)
		}
	}
}
