package api_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// A caller that disconnects while sending a body causes no warning.
func TestBody_CallerGoesAway(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for range 20 {
		conn, err := net.Dial("tcp", f.server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, err = fmt.Fprintf(conn, "POST /v1/exports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 100\r\n\r\n{", token(t, ana))
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.(*net.TCPConn).SetLinger(0); err != nil { // a reset
			t.Fatal(err)
		}
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
	}
	testenv.Eventually(t, "every request is logged", func() bool { return strings.Count(f.log.String(), `"msg":"request"`) >= 1 })
	f.server.Close() // waits for those under way
	f.wantNoErrorLogged(t)
}

// waiting is a store whose Caller returns only when its context has ended, as with a
// busy database.
type waiting struct {
	api.Store
	asked chan struct{}
}

func (w waiting) Caller(ctx context.Context, _ string) (export.Caller, error) {
	w.asked <- struct{}{}
	<-ctx.Done()
	return export.Caller{}, fmt.Errorf("%w: %w", export.ErrUnavailable, ctx.Err())
}

// gone is a publisher that makes the caller disconnect before it publishes.
type gone struct {
	api.Publisher
	leave func()
}

func (g gone) PublishRequest(ctx context.Context, r export.Request) error {
	g.leave()
	return g.Publisher.PublishRequest(ctx, r)
}

func TestCaller_GoesAwayMeanwhile(t *testing.T) {
	t.Parallel()
	call := func(ctx context.Context, t *testing.T, f *fixture, method, body string) {
		t.Helper()
		req, err := http.NewRequestWithContext(ctx, method, f.server.URL+"/v1/exports", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header = http.Header{"Authorization": {"Bearer " + token(t, ana)}, "Content-Type": {"application/json"}}
		if res, err := http.DefaultTransport.RoundTrip(req); err == nil {
			_ = res.Body.Close()
			t.Errorf("it was answered: %s", res.Status)
		}
	}
	t.Run("while the database is busy", func(t *testing.T) {
		asked := make(chan struct{})
		f := setup(t, func(c *api.Config) { c.Store = waiting{c.Store, asked} })
		ctx, leave := context.WithCancel(t.Context())
		go func() {
			<-asked
			leave()
		}()
		call(ctx, t, f, "GET", "")
		testenv.Eventually(t, "the request is logged", func() bool { return strings.Contains(f.log.String(), `"status":499`) })
		f.wantNoErrorLogged(t)
	})
	t.Run("after the export was recorded", func(t *testing.T) {
		ctx, leave := context.WithCancel(t.Context())
		f := setup(t, func(c *api.Config) { c.Publisher = gone{c.Publisher, leave} })
		call(ctx, t, f, "POST", `{"resume_id":"`+f.anas+`"}`)
		id := testenv.Value(t, f.database, "SELECT id FROM export_request")
		wantNextMessage(t, f.queue, id) // it is published all the same
		f.wantNoErrorLogged(t)
	})
}
