package api_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// Anything but an HTTP request is answered by net/http in plain text before any handler runs,
// without an internal error or a log record.
func TestRequest_NoHTTP(t *testing.T) {
	t.Parallel()
	f := setup(t)
	const host = "Host: x\r\n"
	for _, c := range []struct {
		name, request string
		status        int
	}{
		{"no request line", "hello\r\n\r\n", 400},
		{"method with a blank", "GE T /v1/exports HTTP/1.1\r\n" + host + "\r\n", 400},
		{"no version", "GET /v1/exports\r\n" + host + "\r\n", 400},
		{"unknown version", "GET /v1/exports HTTP/9.9\r\n" + host + "\r\n", 505},
		{"no host", "GET /v1/exports HTTP/1.1\r\n\r\n", 400},
		{"two hosts", "GET /v1/exports HTTP/1.1\r\n" + host + host + "\r\n", 400},
		{"malformed escape in the path", "GET /v1/exports/%zz HTTP/1.1\r\n" + host + "\r\n", 400},
		{"header without a colon", "GET /v1/exports HTTP/1.1\r\n" + host + "none\r\n\r\n", 400},
		{"header with a blank in its name", "GET /v1/exports HTTP/1.1\r\n" + host + "a b: c\r\n\r\n", 400},
		{"header with a NUL", "GET /v1/exports HTTP/1.1\r\n" + host + "a: \x00\r\n\r\n", 400},
		{"unknown transfer coding", "POST /v1/exports HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\n\r\n", 501},
		{"two transfer codings", "POST /v1/exports HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501},
		{"chunked is not last", "POST /v1/exports HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked, gzip\r\n\r\n", 501},
		{"negative length", "POST /v1/exports HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", 400},
		{"length that is no number", "POST /v1/exports HTTP/1.1\r\n" + host + "Content-Length: 1e1\r\n\r\n", 400},
		{"two lengths", "POST /v1/exports HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}", 400},
		{"unknown expectation", "GET /v1/exports HTTP/1.1\r\n" + host + "Expect: x\r\n\r\n", 417},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn, err := net.Dial("tcp", f.server.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			if _, err := io.WriteString(conn, c.request); err != nil {
				t.Fatal(err)
			}
			res, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = res.Body.Close() }()
			body, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			if res.StatusCode != c.status || internals.Match(body) || strings.Contains(string(body), ".go") {
				t.Errorf("%d %q, want %d", res.StatusCode, body, c.status)
			}
		})
	}
	f.wantNoErrorLogged(t)
}
