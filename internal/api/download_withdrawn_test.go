package api_test

import (
	"bytes"
	"io"
	"net"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// large returns a file larger than the buffers of a connection.
func large() []byte { return bytes.Repeat([]byte("0123456789abcdef"), 4<<20) }

func TestDownload_EndsWhenTheExportDoes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		recheck time.Duration
		end     func(t *testing.T, f *fixture, r export.Request)
	}{
		"deleted": {time.Hour, func(t *testing.T, f *fixture, r export.Request) {
			f.call(t, ana, "DELETE", "/v1/exports/"+r.ID, "").wantStatus(t, 204)
		}},
		"erased with all": {time.Hour, func(t *testing.T, f *fixture, _ export.Request) {
			f.call(t, eve, "DELETE", "/v1/exports?user_id="+ana, "").wantStatus(t, 200)
		}},
		"deleted through another process": {10 * time.Millisecond, func(t *testing.T, f *fixture, r export.Request) {
			if _, err := f.store.ExpireExport(t.Context(), r.ID); err != nil {
				t.Fatal(err)
			}
		}},
		"expired": {10 * time.Millisecond, func(t *testing.T, f *fixture, r export.Request) { f.expire(t, r.ID) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := setup(t, func(c2 *api.Config) { c2.RecheckEvery = c.recheck })
			r := f.ready(t, large(), "a.pdf")
			other := f.ready(t, []byte("another"), "b.pdf")
			res := f.begin(t, "GET", r.ID)
			if _, err := io.CopyN(io.Discard, res.Body, 1<<20); err != nil {
				t.Fatal(err)
			}
			c.end(t, f, r)
			f.awaitDownloads(t, 1) // although the client reads nothing
			n, err := io.Copy(io.Discard, res.Body)
			if err == nil {
				t.Errorf("the download of a withdrawn export came to its end: %d bytes", n)
			}
			if name == "deleted" {
				if a := f.call(t, ana, "GET", "/v1/exports/"+other.ID+"/download", ""); a.status != 200 {
					t.Errorf("another export: %d", a.status)
				}
			}
		})
	}
}

func TestDownload_ClientThatReadsNothing(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *api.Config) { c.SendWithin = 50 * time.Millisecond })
	r := f.ready(t, large(), "a.pdf")
	res := f.begin(t, "GET", r.ID)
	f.awaitDownloads(t, 1)
	if n, err := io.Copy(io.Discard, res.Body); err == nil {
		t.Errorf("it came to its end: %d bytes", n)
	}
	wantDownloads(t, f, r.ID, 0)
}

// A connection is used again after a download: no deadline of it may be left.
func TestDownload_LeavesNoDeadline(t *testing.T) {
	t.Parallel()
	f := setup(t)
	r := f.ready(t, []byte("small"), "a.pdf")
	watched := &deadlines{}
	server := httptest.NewUnstartedServer(f.handler)
	server.Listener = deadlineListener{server.Listener, watched}
	server.Start()
	defer server.Close()
	f.server = server
	if a := f.call(t, ana, "GET", "/v1/exports/"+r.ID+"/download", ""); a.status != 200 || string(a.body) != "small" {
		t.Fatalf("%d %q", a.status, a.body)
	}
	testenv.Eventually(t, "the deadline is taken back", func() bool {
		watched.mu.Lock()
		defer watched.mu.Unlock()
		return watched.set > 0 && watched.last.IsZero()
	})
}

// deadlines records the deadlines for writes to a connection.
type deadlines struct {
	mu   sync.Mutex
	set  int
	last time.Time
}

type deadlineListener struct {
	net.Listener
	to *deadlines
}

func (l deadlineListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return deadlineConn{c, l.to}, err
}

type deadlineConn struct {
	net.Conn
	to *deadlines
}

func (c deadlineConn) SetWriteDeadline(at time.Time) error {
	c.to.mu.Lock()
	defer c.to.mu.Unlock()
	c.to.set++
	c.to.last = at
	return c.Conn.SetWriteDeadline(at)
}

// wantStatus checks the status of an answer.
func (a answer) wantStatus(t *testing.T, status int) {
	t.Helper()
	if a.status != status {
		t.Errorf("status %d, want %d: %.300s", a.status, status, a.body)
	}
}
