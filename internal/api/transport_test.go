package api_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/testenv"
)

// raw sends bytes over a connection of its own and reads the answer.
func (f *fixture) raw(t *testing.T, method, request string) answer {
	t.Helper()
	return f.rawCut(t, method, request, false)
}

// rawCut may close its half of the connection behind the request, as a caller who
// sends no more of it.
func (f *fixture) rawCut(t *testing.T, method, request string, cut bool) answer {
	t.Helper()
	conn, err := net.Dial("tcp", f.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	if cut {
		if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, body}
}

// wantNoErrorLogged checks that what callers do is no error of ours.
func (f *fixture) wantNoErrorLogged(t *testing.T) {
	t.Helper()
	for line := range strings.Lines(f.log.String()) {
		if strings.Contains(line, `"level":"ERROR"`) || strings.Contains(line, `"level":"WARN"`) {
			t.Errorf("logged: %s", line)
		}
	}
}

// What goes wrong with a body on its way is the caller's fault, or their
// connection's: neither an internal error nor an error in the log.
func TestBody_BrokenOnItsWay(t *testing.T) {
	t.Parallel()
	f := setup(t)
	id := testenv.Request(t, f.store, ana, f.anas).ID
	body := `{"resume_id":"` + f.anas + `"}`
	for _, c := range []struct {
		name, header, body string
		status             int
	}{
		{"chunk size that is no number", "Transfer-Encoding: chunked", "no chunk\r\n", 400},
		{"negative chunk size", "Transfer-Encoding: chunked", "-5\r\nhello\r\n0\r\n\r\n", 400},
		{"chunk size beyond 64 bits", "Transfer-Encoding: chunked", "fffffffffffffffff\r\n", 400},
		{"chunk longer than its size", "Transfer-Encoding: chunked", "2\r\nhello\r\n0\r\n\r\n", 400},
		{"no last chunk", "Transfer-Encoding: chunked", "2\r\n{}\r\n", 400},
		{"trailer that is no header", "Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\nnone\r\n\r\n", 400},
		{"shorter than its length", fmt.Sprintf("Content-Length: %d", len(body)+1), body, 400},
		{"nothing of its length", "Content-Length: 10", "", 400},
		{"too large in chunks", "Transfer-Encoding: chunked", "20000\r\n" + strings.Repeat("x", 0x20000) + "\r\n0\r\n\r\n", 413},
		{"whole", fmt.Sprintf("Content-Length: %d", len(body)), body, 202},
		{"whole in chunks", "Transfer-Encoding: chunked", fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(body), body), 202},
	} {
		t.Run(c.name, func(t *testing.T) {
			request := "POST /v1/exports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token(t, ana) + "\r\n" + c.header + "\r\n\r\n" + c.body
			a := f.rawCut(t, "POST", request, c.status == 400)
			if c.status == 202 {
				a.export(t, 202)
				return
			}
			if p := wantProblem(t, a, c.status); strings.Contains(p.Detail, "EOF") || strings.Contains(p.Detail, "http:") {
				t.Errorf("it says %s", a.body)
			}
		})
	}
	// A body where none is asked for is not looked at.
	a := f.raw(t, "GET", "GET /v1/exports/"+id+" HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+token(t, ana)+"\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n")
	a.export(t, 200)
	f.wantNoErrorLogged(t)
}

func TestBody_Bounded(t *testing.T) {
	t.Parallel()
	f := setup(t)
	const limit = 64 << 10
	fill := func(size int) string {
		body := `{"resume_id":"` + f.anas + `"}`
		return body + strings.Repeat(" ", size-len(body))
	}
	f.call(t, ana, "POST", "/v1/exports", fill(limit)).export(t, 202)
	wantProblem(t, f.call(t, ana, "POST", "/v1/exports", fill(limit+1)), 413)
	wantProblem(t, f.call(t, ana, "POST", "/v1/exports", fill(10<<20)), 413)
	f.call(t, eve, "POST", "/v1/exports/retry", "{}"+strings.Repeat(" ", limit-2)).decode(t, 202, &struct {
		Count int      `json:"count"`
		IDs   []string `json:"ids"`
	}{})
	wantProblem(t, f.call(t, eve, "POST", "/v1/exports/retry", "{}"+strings.Repeat(" ", limit-1)), 413)
}

func TestBody_MediaType(t *testing.T) {
	t.Parallel()
	f := setup(t)
	body := `{"resume_id":"` + f.anas + `"}`
	for _, contentType := range []string{
		"application/json", "APPLICATION/JSON", "Application/Json; charset=utf-8", "application/json;charset=UTF-8", `application/json; charset="utf-8"`,
		"  application/json ; Charset=Utf-8", "application/json; version=1",
	} {
		t.Run(contentType, func(t *testing.T) {
			f.call(t, ana, "POST", "/v1/exports", body, "Content-Type", contentType).export(t, 202)
		})
	}
	for _, contentType := range []string{
		"text/plain", "application/x-www-form-urlencoded", "application/xml", "multipart/form-data; boundary=x", "json", "application/problem+json",
		"application/x+json", "application/json+x", "application/json, text/plain", "application/json; charset=latin1", "application/json; charset", ";", "x",
	} {
		t.Run(contentType, func(t *testing.T) {
			wantProblem(t, f.call(t, ana, "POST", "/v1/exports", body, "Content-Type", contentType), 415, "header.Content-Type")
		})
	}
	for _, coding := range []string{"gzip", "br", "x", "identity, gzip"} {
		a := f.call(t, ana, "POST", "/v1/exports", body, "Content-Encoding", coding)
		wantProblem(t, a, 415, "header.Content-Encoding")
		if a.header.Get("Accept-Encoding") != "identity" {
			t.Errorf("%s: header %v", coding, a.header)
		}
	}
	f.call(t, ana, "POST", "/v1/exports", body, "Content-Encoding", "Identity").export(t, 202)
}

// Of two headers, one reader takes the first and another the last.
func TestHeaders_GivenTwice(t *testing.T) {
	t.Parallel()
	f := setup(t)
	body := `{"resume_id":"` + f.anas + `"}`
	for _, c := range []struct {
		name   string
		extra  string
		status int
		at     string
	}{
		{"tokens", "Authorization: Bearer " + token(t, ben), 400, "header.Authorization"},
		{"content types", "Content-Type: application/json", 415, "header.Content-Type"},
		{"content types that differ", "content-type: text/plain", 415, "header.Content-Type"},
		{"keys", "Idempotency-Key: two", 422, "header.Idempotency-Key"},
		{"keys with one empty", "Idempotency-Key:", 422, "header.Idempotency-Key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := f.raw(t, "POST", fmt.Sprintf("POST /v1/exports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"+
				"Idempotency-Key: one\r\n%s\r\nContent-Length: %d\r\n\r\n%s", token(t, ana), c.extra, len(body), body))
			wantProblem(t, a, c.status, c.at)
		})
	}
	if n := f.rows(t); n != "0" {
		t.Errorf("there are %s rows", n)
	}
}

func TestRequest_Expectation(t *testing.T) {
	t.Parallel()
	f := setup(t)
	body := `{"resume_id":"` + f.anas + `"}`
	head := "POST /v1/exports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token(t, ana) + "\r\nExpect: 100-continue\r\n"
	a := f.raw(t, "POST", fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", head, len(body), body))
	if a.status == 100 { // ReadResponse takes it for the answer
		a.status = 202
	}
	if a.status != 202 {
		t.Errorf("%d %s", a.status, a.body)
	}
	// A request that is refused because of its headers is answered without reading its body.
	wantProblem(t, f.raw(t, "POST", head+"Content-Length: 100000000\r\n\r\n"), 413)
	wantProblem(t, f.raw(t, "POST", strings.Replace(head, "Bearer", "Basic", 1)+"Content-Length: 10\r\n\r\n"), 401)
	wantProblem(t, f.raw(t, "POST", head+"Content-Type: text/plain\r\nContent-Length: 10\r\n\r\n"), 415)
}

func TestRequest_OldProtocol(t *testing.T) {
	t.Parallel()
	f := setup(t)
	bearer := "Authorization: Bearer " + token(t, ana) + "\r\n"
	if a := f.raw(t, "GET", "GET /v1/exports HTTP/1.0\r\n"+bearer+"\r\n"); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
	wantProblem(t, f.raw(t, "GET", "GET /v1/exports/none HTTP/1.0\r\n"+bearer+"\r\n"), 404)
	wantProblem(t, f.raw(t, "POST", "POST /v1/exports HTTP/1.0\r\n"+bearer+"\r\n"), 400)
	body := `{"resume_id":"` + f.anas + `"}`
	f.raw(t, "POST", fmt.Sprintf("POST /v1/exports HTTP/1.0\r\n%sContent-Length: %d\r\n\r\n%s", bearer, len(body), body)).export(t, 202)
}

func TestRequest_TooLarge(t *testing.T) {
	t.Parallel()
	f := setup(t)
	long := strings.Repeat("x", 10<<10)
	wantProblem(t, f.call(t, ana, "GET", "/v1/exports?resume_id="+long, ""), 414)
	wantProblem(t, f.call(t, ana, "GET", "/v1/exports/"+long, ""), 414)
	wantProblem(t, f.call(t, ana, "GET", "/"+long, ""), 414)
	wantProblem(t, f.call(t, ana, "GET", "/v1/exports", "", "X-Long", strings.Repeat(long, 4)), 431)
	wantProblem(t, f.call(t, "", "GET", "/v1/exports", "", "Authorization", "Bearer "+strings.Repeat(long, 4)), 431)
	wantProblem(t, f.call(t, "", "GET", "/v1/exports", "", "Authorization", "Bearer "+long), 401)
}

func TestRequest_Paths(t *testing.T) {
	t.Parallel()
	f := setup(t)
	id := testenv.Request(t, f.store, ana, f.anas).ID
	for _, path := range []string{
		"/", "/v1", "/v1/exports/", "/v1/export", "/schemas/Export.json", "/v1/exports/x/y", "/V1/exports", "/v1/Exports", "/v1/exports/" + id + "/",
		"/v1/exports/" + id + "/Download", "//v1/exports", "/v1//exports", "/v1/exports//" + id, "/v1/./exports", "/v1/exports/../exports",
		"/v1/exports/%2e%2e/exports", "/v1/exports/..%2fexports", "/v1/exports/.", "/v1/exports/%2e", "/v1%2fexports", "/v1/exports%2f" + id, "/healthz/", "/%00",
		"/v1/exports/%00", "/v1/exports/%ff", "/v1/exports/" + id + "%00", "/v1/exports/" + id + "%2fdownload", "/v1/exports/" + id + "%20", "/v1/exports/%0d%0aX-Evil:%201",
		"/v1/exports/" + id + "%3fx=1", "/v1/exports/{id}", "/v1/exports/x%2525", "/v1/exports/%F0%9F%A6%8A",
	} {
		t.Run(path, func(t *testing.T) {
			wantProblem(t, f.call(t, ana, "GET", path, ""), 404)
			if a := f.call(t, ana, "HEAD", path, ""); a.status != 404 || len(a.body) > 0 || a.header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("HEAD: %d %v %s", a.status, a.header, a.body)
			}
		})
	}
	wantProblem(t, f.call(t, ana, "GET", "/v1/exports/"+strings.Repeat("x", 101), ""), 422, "path.id")
	f.wantStatus(t, id, "queued")
	f.wantNoErrorLogged(t)
}

func TestRequest_Methods(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for path, allow := range map[string]string{
		"/v1/exports": "DELETE, GET, HEAD, POST", "/v1/exports/x": "DELETE, GET, HEAD", "/v1/exports/x/download": "GET, HEAD", "/v1/exports/x/retry": "POST",
		"/v1/templates": "GET, HEAD", "/healthz": "GET, HEAD", "/readyz": "GET, HEAD", "/openapi.json": "GET, HEAD",
	} {
		for _, method := range []string{"PUT", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get", strings.Repeat("X", 5000)} {
			a := f.call(t, ana, method, path, "")
			wantProblem(t, a, 405)
			if got := a.header.Get("Allow"); got != allow {
				t.Errorf("%s %s allows %q, want %q", method, path, got, allow)
			}
		}
	}
	wantProblem(t, f.raw(t, "GET", "GET * HTTP/1.1\r\nHost: x\r\n\r\n"), 400)
	wantProblem(t, f.raw(t, "CONNECT", "CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n"), 404)
}

func TestDownload_ConditionsAndRanges(t *testing.T) {
	t.Parallel()
	f := setup(t)
	id := f.ready(t, []byte("0123456789"), "Ana Resume.pdf").ID
	path := "/v1/exports/" + id + "/download"
	for _, c := range []struct {
		name, header, value string
	}{
		{"beyond the end", "Range", "bytes=10-"}, {"malformed", "Range", "bytes=x"}, {"another unit", "Range", "pages=1-2"}, {"backwards", "Range", "bytes=5-2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := f.call(t, ana, "GET", path, "", c.header, c.value)
			wantProblem(t, a, 416)
			if got := a.header.Get("Content-Disposition") + a.header.Get("ETag"); got != "" || a.header.Get("Cache-Control") != "no-store" {
				t.Errorf("header %v", a.header)
			}
		})
	}
	if a := f.call(t, ana, "GET", path, "", "Range", "bytes=10-"); a.header.Get("Content-Range") != "bytes */10" {
		t.Errorf("header %v", a.header)
	}
	wantProblem(t, f.call(t, ana, "GET", path, "", "If-Match", `"other"`), 412)
	if a := f.call(t, ana, "GET", path, "", "Range", "bytes=2-3"); a.status != 206 || string(a.body) != "23" {
		t.Errorf("a range: %d %s", a.status, a.body)
	}
	f.wantNoErrorLogged(t)
}

func TestAnswer_IsJSONWhateverIsAccepted(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for _, accept := range []string{"", "*/*", "text/html", "json", "application/cbor", "application/json;q=0", "x", strings.Repeat("a/b,", 1000)} {
		a := f.call(t, ana, "GET", "/v1/exports", "", "Accept", accept)
		if a.status != 200 || a.header.Get("Content-Type") != "application/json" {
			t.Errorf("%.20q: %d %v", accept, a.status, a.header)
		}
		wantProblem(t, f.call(t, ana, "GET", "/v1/exports/none", "", "Accept", accept), 404)
	}
}
