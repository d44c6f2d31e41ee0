package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"iter"
	"log/slog"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/apikey"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/link"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// routed finds the operation of a path as it is sent.
func (d openAPI) routed(method, path string) (operation, bool) {
	for template, operations := range d.Paths {
		op, ok := operations[strings.ToLower(method)]
		pattern := regexp.MustCompile(`\{\w+\}`).ReplaceAllString(template, "[^/]+")
		if ok && regexp.MustCompile("^"+pattern+"$").MatchString(path) && (template == path || d.Paths[path][strings.ToLower(method)].OperationID == "") {
			return op, true
		}
	}
	return operation{}, false
}

func sortedKeys[V any](m map[string]V) iter.Seq[string] {
	return slices.Values(slices.Sorted(maps.Keys(m)))
}

// internals matches text that no answer may contain: types and errors of Go and of its
// libraries, paths, statements, memory addresses.
var internals = regexp.MustCompile(`(?i)go (struct|value)|\*?\w+\.\w+Error\b|\.go:\d|json: |strconv|goroutine|runtime error|nil pointer|\bhttp: |net/http|huma\.|pgx|pgconn|sqlstate|` +
	`select .* from|insert into|context (canceled|deadline)|unexpected EOF|0xc0[0-9a-f]{6}|/(root|home|work|tmp|usr|var)/|github\.com`)

// perCheck is the number of requests of each of rapid's checks: 3,000 with its default of 100
// checks. -rapid.checks=1000 makes 30,000.
const perCheck = 30

// TestOpenAPI_RequestsOfEveryKind makes requests from the served OpenAPI document,
// valid ones and such with faults. No answer may be an error of the service or
// undocumented; what is refused is refused by a problem document that shows nothing
// internal; and what is accepted the document allows.
func TestOpenAPI_RequestsOfEveryKind(t *testing.T) {
	t.Parallel()
	log := &logged{}
	f := setup(t, withLinks(t), func(c *api.Config) {
		c.StreamWithin = 5 * time.Millisecond // or reading a stream would not end
		c.Logger = slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelWarn}))
	})
	c, err := contractOf()
	if err != nil {
		t.Fatal(err)
	}
	g := requestGen{doc: c.doc, tokens: map[string]string{}, values: map[string][]string{
		"resume_id": {f.anas, f.bens, "rsm_none"}, "user_id": {ana, ben, eve, "user_none"}, "template": {"classic", "modern"}, "job_id": {"job_none"},
		"On-Behalf-Of": {ana, ben, "user_none"},
		"failure_code": {"internal", "render_timeout", "none"}, "id": {"", "x"}, "cursor": {"", "x"},
	}}
	for _, user := range []string{ana, ben, eve} {
		g.tokens[user] = signedFor(t, user, time.Hour)
	}
	g.tokens["key"], _ = f.key(t, apikey.Scopes(), ana)
	statuses := map[int]int{}
	rapid.Check(t, func(rt *rapid.T) {
		ready, failed := f.ready(t, []byte("0123456789"), "Ana Resume.pdf"), f.failed(t, export.Internal)
		queued, bens := testenv.Request(t, f.store, ana, f.anas), testenv.Request(t, f.store, ben, f.bens)
		g.values["id"] = []string{ready.ID, failed.ID, queued.ID, bens.ID, strings.ToUpper(queued.ID), "0199aaaa-0000-7000-8000-000000000000"}
		g.values["cursor"] = g.values["id"]
		g.values["token"] = nil
		for _, purpose := range []link.Purpose{link.Download, link.ExportEvents, link.UserEvents} {
			for _, id := range append(g.values["id"], ana) {
				g.values["token"] = append(g.values["token"], linkKeys(t, "a").Sign(link.Claim{Purpose: purpose, Subject: id, Expires: time.Now().Add(time.Hour)}))
			}
		}
		for range perCheck {
			r := g.draw(rt)
			statuses[f.exchange(rt, c, r)]++
		}
	})
	t.Logf("answers by status: %v", statuses)
	total := 0
	for _, n := range statuses {
		total += n
	}
	for _, status := range []int{200, 202, 204, 400, 401, 403, 404, 405, 409, 422} {
		if total >= 100*perCheck && statuses[status] == 0 { // the rarest of these is one in seventy
			t.Errorf("no request was answered with %d: the generator has lost a kind", status)
		}
	}
	if text := log.String(); text != "" {
		t.Errorf("logged: %.2000s", text)
	}
}

// exchange makes the request, checks the answer and returns its status.
func (f *fixture) exchange(t *rapid.T, c contract, r request) int {
	u, err := url.Parse(f.server.URL)
	if err != nil {
		t.Fatal(err)
	}
	if u.Path, err = url.PathUnescape(r.path); err != nil {
		t.Fatalf("%s: %v", r.path, err)
	}
	u.RawPath, u.RawQuery = r.path, r.query
	req := (&http.Request{Method: r.method, URL: u, Header: r.header.Clone(), Host: u.Host,
		Body: io.NopCloser(strings.NewReader(r.body)), ContentLength: int64(len(r.body))}).WithContext(t.Context())
	if r.body == "" {
		req.Body = http.NoBody
	}
	res, err := f.server.Client().Transport.RoundTrip(req)
	if err != nil {
		t.Fatalf("%v\n%s", err, r)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("reading the answer: %v\n%s", err, r)
	}
	status, kind := res.StatusCode, res.Header.Get("Content-Type")
	fail := func(what string, more any) { t.Fatalf("%s: %v\n%d %s %.500s\n%s", what, more, status, kind, body, r) }
	if status == http.StatusExpectationFailed {
		return status // net/http's own, before any handler
	}
	if status >= 500 {
		fail("an error of the service", "")
	}
	if found := internals.Find(body); found != nil && status != 200 && status != 206 {
		fail("it shows", string(found))
	}
	if status >= 400 && r.method != http.MethodHead {
		if fault := problemFault(status, kind, body); fault != "" {
			fail("no problem document", fault)
		}
	}
	if r.valid && slices.Contains([]int{400, 401, 405, 413, 414, 415, 431}, status) {
		fail("refused although the document allows it", "")
	}
	if status == http.StatusMethodNotAllowed {
		if res.Header.Get("Allow") == "" {
			fail("405 without Allow", "")
		}
		return status
	}
	switch {
	case r.method == http.MethodHead, status == http.StatusNotFound, status == http.StatusRequestURITooLong, status == http.StatusRequestHeaderFieldsTooLarge:
		return status // the path may be none of the document's
	}
	op, ok := c.doc.routed(r.method, r.path)
	if !ok {
		fail("a path that the document does not have", r.path)
	}
	documented, ok := op.Responses[strconv.Itoa(status)]
	if !ok {
		fail("the document has no such status of", op.OperationID)
	}
	if media, _, _ := mime.ParseMediaType(kind); len(documented.Content) > 0 {
		if _, ok := documented.Content[media]; !ok {
			fail("the document has no such type of", op.OperationID)
		}
	}
	if item, ok := c.doc.Paths[r.path]; ok && item[strings.ToLower(r.method)].OperationID == "" {
		return status // as GET of /v1/exports/retry, which is {id} to ServeMux and nothing to the validator
	}
	if strings.HasSuffix(kind, "json") {
		res.Body = io.NopCloser(bytes.NewReader(body))
		if ok, errs := c.validator.ValidateHttpResponse(req, res); !ok {
			fail("the document describes another answer", errs)
		}
	}
	if status < 300 {
		req.Body = io.NopCloser(strings.NewReader(r.body))
		if r.body != "" && req.Header.Get("Content-Type") == "" {
			req.Header.Set("Content-Type", "application/json") // for which it is taken
		}
		if ok, errs := c.validator.ValidateHttpRequestSync(req); !ok {
			fail("accepted although the document does not allow it", errs)
		}
	}
	return status
}

// problemFault returns what is wrong with a problem document (RFC 9457), or "".
func problemFault(status int, kind string, body []byte) string {
	var p problem
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	switch err := d.Decode(&p); {
	case kind != "application/problem+json":
		return "its type is " + kind
	case err != nil:
		return err.Error()
	case p.Status != status, p.Title == "", p.Detail == "":
		return "a member is missing or wrong"
	case len(body) > 8<<10:
		return "it is too long"
	}
	for _, e := range p.Errors {
		if e.Message == "" || e.Location == "" {
			return "an error without message or location"
		}
	}
	return ""
}
