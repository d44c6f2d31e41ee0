package api_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/link"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// linkKeys returns a keyring; each name is a key.
func linkKeys(t testing.TB, names ...string) *link.Keyring {
	t.Helper()
	var keys [][]byte
	for _, name := range names {
		keys = append(keys, bytes.Repeat([]byte(name), link.MinKey))
	}
	ring, err := link.NewKeyring(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

// withLinks makes the API sign links with key a; it accepts b, too.
func withLinks(t testing.TB) func(*api.Config) {
	return func(c *api.Config) { c.Links = linkKeys(t, "a", "b") }
}

// linkTo returns the download_url of an export.
func (f *fixture) linkTo(t *testing.T, id string) string {
	t.Helper()
	return f.call(t, ana, "GET", "/v1/exports/"+id, "").export(t, 200).DownloadURL
}

func TestLink_Download(t *testing.T) {
	t.Parallel()
	f := setup(t, withLinks(t))
	r := f.ready(t, []byte("0123456789"), "Željko Resumé.pdf")
	path := f.linkTo(t, r.ID)
	if !strings.HasPrefix(path, "/d/") || len(path) > 200 {
		t.Fatalf("download_url %q", path)
	}
	if again := f.linkTo(t, r.ID); again != path {
		t.Errorf("download_url changes to %q", again)
	}
	etag := f.call(t, "", "HEAD", path, "").header.Get("ETag")
	for _, c := range []struct {
		name, method, query string
		header              []string
		status              int
		body                string
	}{
		{"head", "HEAD", "", nil, 200, ""},
		{"range", "GET", "", []string{"Range", "bytes=2-4"}, 206, "234"},
		{"not modified", "GET", "", []string{"If-None-Match", etag}, 304, ""},
		{"precondition", "GET", "", []string{"If-Match", `"another"`}, 412, ""},
		{"range outside", "GET", "", []string{"Range", "bytes=10-"}, 416, ""},
		{"whole", "GET", "", nil, 200, "0123456789"},
		{"inline", "GET", "?inline=true", nil, 200, "0123456789"},
	} {
		a := f.call(t, "", c.method, path+c.query, "", c.header...)
		if a.status != c.status || a.status < 400 && string(a.body) != c.body {
			t.Errorf("%s: %d %q", c.name, a.status, a.body)
		}
		if h := a.header; h.Get("Referrer-Policy") != "no-referrer" || !strings.Contains(h.Get("Cache-Control"), "no-store") || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: header %v", c.name, h)
		}
	}
	testenv.Eventually(t, "two full downloads", func() bool {
		return f.call(t, ana, "GET", "/v1/exports/"+r.ID, "").export(t, 200).DownloadCount == 2
	})
	a := f.call(t, "", "GET", path, "")
	if got := a.header.Get("Content-Disposition"); got != `attachment; filename="Zeljko Resume.pdf"; filename*=UTF-8''%C5%BDeljko%20Resum%C3%A9.pdf` {
		t.Errorf("Content-Disposition %s", got)
	}
	if a.header.Get("Content-Type") != "application/pdf" || a.header.Get("X-Robots-Tag") != "noindex" || a.header.Get("Content-Security-Policy") == "" {
		t.Errorf("header %v", a.header)
	}
	a = f.call(t, "", "GET", path+"?inline=true", "")
	if got := a.header.Get("Content-Disposition"); !strings.HasPrefix(got, "inline; filename=") || a.header.Get("Content-Security-Policy") != "" {
		t.Errorf("inline: header %v", a.header)
	}
	token := strings.TrimPrefix(path, "/d/")
	if log := f.log.String(); strings.Contains(log, token) || !strings.Contains(log, `"path":"/d/…"`) || !strings.Contains(log, `"by_link":true`) {
		t.Error("the log has the token, or not the download")
	}
}

func TestLink_Refused(t *testing.T) {
	t.Parallel()
	f := setup(t, withLinks(t))
	r := f.ready(t, []byte("0123456789"), "a.pdf")
	path := f.linkTo(t, r.ID)
	hour := time.Now().Add(time.Hour)
	sign := func(key string, c link.Claim) string { return "/d/" + linkKeys(t, key).Sign(c) }
	claim := link.Claim{Purpose: link.Download, Subject: r.ID, Expires: hour}
	last := path[len(path)-1]
	for _, c := range []struct {
		name, path string
		status     int
	}{
		{"edited", path[:len(path)-2] + map[bool]string{true: "A", false: "B"}[path[len(path)-2] != 'A'] + string(last), 404},
		{"cut", path[:len(path)-10], 404},
		{"longer", path + "A", 404},
		{"no token", "/d/x", 404},
		{"empty", "/d/", 404},
		{"too long", "/d/" + strings.Repeat("A", 2001), 422},
		{"another key", sign("c", claim), 404},
		{"former key", sign("b", claim), 200},
		{"for events", sign("a", link.Claim{Purpose: link.ExportEvents, Subject: r.ID, Expires: hour}), 404},
		{"expired", sign("a", link.Claim{Purpose: link.Download, Subject: r.ID, Expires: time.Now().Add(-time.Hour)}), 410},
		{"no such export", sign("a", link.Claim{Purpose: link.Download, Subject: "0199aaaa-0000-7000-8000-000000000000", Expires: hour}), 410},
		{"no id", sign("a", link.Claim{Purpose: link.Download, Subject: "x", Expires: hour}), 410},
		{"not ready", sign("a", link.Claim{Purpose: link.Download, Subject: testenv.Request(t, f.store, ana, f.anas).ID, Expires: hour}), 410},
		{"failed", sign("a", link.Claim{Purpose: link.Download, Subject: f.failed(t, export.Internal).ID, Expires: hour}), 410},
		{"unknown parameter", path + "?download=1", 422},
		{"inline in another spelling", path + "?inline=1", 422},
		{"inline twice", path + "?inline=true&inline=true", 422},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := f.call(t, "", "GET", c.path, "")
			if c.status == 200 {
				a.wantStatus(t, 200)
				return
			}
			p := wantProblem(t, a, c.status)
			if text := string(a.body); c.status == 410 && p.Detail != "this link has ended; whoever gave it to you can make a new one" || strings.Contains(text, r.ID) || strings.Contains(text, ana) {
				t.Errorf("it tells more: %s", a.body)
			}
		})
	}
	wantProblem(t, f.call(t, "", "POST", path, ""), 405)
	// A token of a link is no bearer token.
	wantProblem(t, f.call(t, "", "GET", "/v1/exports", "", "Authorization", "Bearer "+strings.TrimPrefix(path, "/d/")), 401)
	wantDownloads(t, f, r.ID, 1)
}

func TestLink_EndsWithTheExport(t *testing.T) {
	t.Parallel()
	f := setup(t, withLinks(t))
	for name, end := range map[string]func(id string){
		"deleted":           func(id string) { f.call(t, ana, "DELETE", "/v1/exports/"+id, "").wantStatus(t, 204) },
		"expired":           func(id string) { f.expire(t, id) },
		"erased":            func(string) { f.call(t, ana, "DELETE", "/v1/exports?all=true", "").wantStatus(t, 200) },
		"owner deactivated": func(string) { f.sql(t, `UPDATE "user" SET is_active = false WHERE id = $1`, ana) },
	} {
		r := f.ready(t, []byte("0123456789"), "a.pdf")
		path := f.linkTo(t, r.ID)
		f.call(t, "", "GET", path, "").wantStatus(t, 200)
		end(r.ID)
		p := wantProblem(t, f.call(t, "", "GET", path, ""), 410)
		if p.Detail != "this link has ended; whoever gave it to you can make a new one" {
			t.Errorf("%s: %q", name, p.Detail)
		}
		f.sql(t, `UPDATE "user" SET is_active = true WHERE id = $1`, ana) // for the next one
	}
}

// The running download by a link ends, too.
func TestLink_DownloadEndsWhenTheExportDoes(t *testing.T) {
	t.Parallel()
	f := setup(t, withLinks(t))
	r := f.ready(t, large(), "a.pdf")
	res, err := f.server.Client().Get(f.server.URL + f.linkTo(t, r.ID))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	f.call(t, ana, "DELETE", "/v1/exports/"+r.ID, "").wantStatus(t, 204)
	if n, err := io.Copy(io.Discard, res.Body); err == nil {
		t.Errorf("the download of a deleted export came to its end: %d bytes", n)
	}
}

// The Host header is the caller's, and no URL is made with it.
func TestLink_PublicURL(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, public, begin string
		change              func(*api.Config)
	}{
		{"path", "", "/d/", withLinks(t)},
		{"public URL", "https://exports.example.com/base", "https://exports.example.com/base/d/", withLinks(t)},
		{"no keys", "", "/v1/exports/", func(*api.Config) {}},
		{"public URL, no keys", "https://exports.example.com", "https://exports.example.com/v1/exports/", func(*api.Config) {}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := setup(t, c.change, func(config *api.Config) { config.PublicURL = c.public })
			r := f.ready(t, []byte("0123456789"), "a.pdf")
			var got api.Export
			f.call(t, ana, "GET", "/v1/exports/"+r.ID, "", "X-Forwarded-Host", "evil.example", "Forwarded", "host=evil.example").decode(t, 200, &got)
			if !strings.HasPrefix(got.DownloadURL, c.begin) {
				t.Errorf("download_url %q", got.DownloadURL)
			}
			path := strings.TrimPrefix(strings.TrimPrefix(got.DownloadURL, c.public), "/base")
			f.call(t, ana, "GET", path, "").wantStatus(t, 200)
			if c.begin == "/v1/exports/" {
				wantProblem(t, f.call(t, "", "GET", "/d/"+linkKeys(t, "a").Sign(link.Claim{Purpose: link.Download, Subject: r.ID, Expires: time.Now().Add(time.Hour)}), ""), 404)
			}
		})
	}
}

// goneFiles opens no file: it was deleted after the row was read.
type goneFiles struct {
	api.Files
	before func()
}

func (g goneFiles) Open(context.Context, string) (io.ReadSeekCloser, int64, error) {
	g.before()
	return nil, 0, errors.New("there is no such file")
}

func TestLink_ErasedWhileOpening(t *testing.T) {
	t.Parallel()
	var erase func()
	f := setup(t, withLinks(t), func(c *api.Config) { c.Files = goneFiles{c.Files, func() { erase() }} })
	r := f.ready(t, []byte("0123456789"), "a.pdf")
	erase = func() {
		if _, err := f.store.EraseExports(t.Context(), ana, uuid.Nil.String(), time.Minute, 10); err != nil {
			t.Error(err)
		}
	}
	wantProblem(t, f.call(t, "", "GET", f.linkTo(t, r.ID), ""), 410)
}
