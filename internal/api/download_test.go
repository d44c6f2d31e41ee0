package api_test

import (
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"strings"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestDownload_BytesAndHeaders(t *testing.T) {
	t.Parallel()
	f := setup(t)
	data := []byte("%PDF-1.7 all of it")
	r := f.ready(t, data, "Ana Example Resume.pdf")
	for _, user := range []string{ana, eve} {
		a := f.call(t, user, "GET", "/v1/exports/"+r.ID+"/download", "")
		if a.status != 200 || string(a.body) != string(data) {
			t.Fatalf("%d %s", a.status, a.body)
		}
		sum := sha256.Sum256(data)
		for name, want := range map[string]string{
			"Content-Type": "application/pdf", "Content-Length": "18", "ETag": `"` + hex.EncodeToString(sum[:]) + `"`,
			"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff",
			"Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
			"Content-Disposition":     `attachment; filename="Ana Example Resume.pdf"; filename*=UTF-8''Ana%20Example%20Resume.pdf`,
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	}
	wantProblem(t, f.call(t, ben, "GET", "/v1/exports/"+r.ID+"/download", ""), 404)
	wantProblem(t, f.call(t, ana, "GET", "/v1/exports/"+r.ID+"/download?inline=1", ""), 422, "query.inline")
}

// Every format is an attachment, so that a browser saves it and does not display it.
func TestDownload_ContentTypes(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for _, format := range export.Formats() {
		r := f.ready(t, []byte("<b>anything</b>"), "Ana Example Resume."+string(format))
		f.sql(t, "UPDATE export_request SET format = $2 WHERE id = $1", r.ID, string(format))
		head := f.call(t, ana, "GET", "/v1/exports/"+r.ID+"/download", "").header
		if got := head.Get("Content-Type"); got != format.ContentType() || got == "" {
			t.Errorf("%s: the type is %q", format, got)
		}
		kind, parameters, err := mime.ParseMediaType(head.Get("Content-Disposition"))
		if err != nil || kind != "attachment" || parameters["filename"] != "Ana Example Resume."+string(format) || head.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v %s %v", format, err, kind, parameters)
		}
	}
}

func TestDownload_PlainFileName(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for name, want := range map[string]string{
		"Käthe Strößner-Müller Lebenslauf.pdf": "Kathe Strossner-Muller Lebenslauf.pdf",
		"Nguyễn Thị Diễm CV.pdf":               "Nguyen Thi Diem CV.pdf",
		"山田太郎 履歴書.pdf":                         "Resume.pdf",
		"Zed “Z” O’Mallory 🦊.pdf":              "Zed Z O'Mallory.pdf",
		"100% \"me\".pdf":                      "100 me.pdf",
		"．．／．．／etc／cron.d／x Resume.txt":        "etc cron.d x Resume.txt",
		"℀ ½ …x.pdf":                           "x.pdf",
		"ＣＯＮ.pdf":                              "_CON.pdf",
	} {
		r := f.ready(t, []byte("x"), name)
		header := f.call(t, ana, "GET", "/v1/exports/"+r.ID+"/download", "").header.Get("Content-Disposition")
		if plain, _, _ := strings.Cut(header, "; filename*="); plain != `attachment; filename="`+want+`"` {
			t.Errorf("%q: %s, want %q", name, plain, want)
		}
	}
}

// Package mime parses the header according to RFC 6266 and RFC 8187.
func TestDownload_FileName(t *testing.T) {
	t.Parallel()
	f := setup(t)
	for name, want := range map[string]string{
		"Ana.pdf":                     "Ana.pdf",
		`a "quoted" name.pdf`:         "a quoted name.pdf",
		"100%; filename=evil.exe.pdf": "100%; filename=evil.exe.pdf",
		"a=b:c@d,e'f(g)*.pdf":         "a=b c@d,e'f(g).pdf",
		"Željko Resumé.pdf":           "Željko Resumé.pdf",
		"山田太郎 履歴書.pdf":                "山田太郎 履歴書.pdf",
		"سيرة 😀.pdf":                  "سيرة 😀.pdf",
		"../../etc/passwd":            "etc passwd",
		"．．／．．／etc／cron.d／x.pdf":      "etc cron.d x.pdf",
		"ＣＯＮ.pdf":                     "_ＣＯＮ.pdf",
		`C:\Windows\a.pdf`:            "C Windows a.pdf",
		"a\r\nSet-Cookie: x=1\t.pdf":  "a Set-Cookie x=1.pdf",
	} {
		r := f.ready(t, []byte("x"), name)
		a := f.call(t, ana, "GET", "/v1/exports/"+r.ID+"/download", "")
		header := a.header.Get("Content-Disposition")
		kind, params, err := mime.ParseMediaType(header)
		if err != nil || kind != "attachment" || params["filename"] != want {
			t.Errorf("%q becomes %q, read as %q, %v", name, header, params["filename"], err)
		}
		if a.status != 200 || a.header.Get("Set-Cookie") != "" {
			t.Errorf("%q: %d %v", name, a.status, a.header)
		}
		_, extended, _ := strings.Cut(header, "filename*=UTF-8''")
		if strings.ContainsAny(extended, "=:@,;'()*/\\ \"") {
			t.Errorf("%q: %q holds what an extended parameter must encode", name, extended)
		}
		if plain, _, _ := strings.Cut(header, "; filename*="); strings.ContainsFunc(plain, func(c rune) bool { return c < ' ' || c > '~' }) || strings.Contains(plain, "%") {
			t.Errorf("%q: the plain name is %q", name, plain)
		}
	}
}

func TestDownload_NotReady(t *testing.T) {
	t.Parallel()
	f := setup(t)
	download := func(id string) answer { return f.call(t, ana, "GET", "/v1/exports/"+id+"/download", "") }
	queued := testenv.Request(t, f.store, ana, f.anas)
	a := download(queued.ID)
	wantProblem(t, a, 409)
	if a.header.Get("Retry-After") == "" {
		t.Error("queued: no Retry-After")
	}
	rendering, err := f.store.ClaimExport(t.Context(), export.Message{ExportID: queued.ID}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if a = download(rendering.ID); a.header.Get("Retry-After") == "" {
		t.Error("rendering: no Retry-After")
	}
	wantProblem(t, a, 409)
	if _, err := f.store.FailExport(t.Context(), rendering, export.FailureOf(export.Fail(export.InvalidResume, "broken"))); err != nil {
		t.Fatal(err)
	}
	if a = download(rendering.ID); a.header.Get("Retry-After") != "" {
		t.Error("failed: Retry-After promises a file")
	}
	wantProblem(t, a, 409)
	f.expire(t, rendering.ID)
	wantProblem(t, download(rendering.ID), 410)
}

// The expiry in the row decides, by the database's clock, also before a sweep.
func TestDownload_Expired(t *testing.T) {
	t.Parallel()
	f := setup(t)
	r := f.ready(t, []byte("still on the disk"), "a.pdf")
	path := "/v1/exports/" + r.ID + "/download"
	if a := f.call(t, ana, "GET", path, ""); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	f.expire(t, r.ID)
	wantProblem(t, f.call(t, ana, "GET", path, ""), 410)
	wantProblem(t, f.call(t, eve, "GET", path, ""), 410)
	if a := f.call(t, ana, "GET", path, "", "Range", "bytes=0-3"); a.status != 410 {
		t.Errorf("a range: %d", a.status)
	}
	if a := f.call(t, ana, "HEAD", path, ""); a.status != 410 {
		t.Errorf("HEAD: %d", a.status)
	}
	wantProblem(t, f.call(t, ben, "GET", path, ""), 404)
}

func TestDownload_MissingFile(t *testing.T) {
	t.Parallel()
	f := setup(t)
	missing := f.ready(t, []byte("a file"), "a.pdf")
	if err := f.files.Delete(t.Context(), missing.Artifact.BlobKey); err != nil {
		t.Fatal(err)
	}
	wantInternal(t, f.call(t, ana, "GET", "/v1/exports/"+missing.ID+"/download", ""))
	if got := f.call(t, ana, "GET", "/v1/exports/"+missing.ID, "").export(t, 200); got.Status != "ready" {
		t.Errorf("an export whose file is missing became %s", got.Status)
	}
	if !strings.Contains(f.log.String(), "no such file in the store") {
		t.Error("the log does not say what is wrong")
	}
}

func wantDownloads(t *testing.T, f *fixture, id string, want int) {
	t.Helper()
	got := f.call(t, ana, "GET", "/v1/exports/"+id, "").export(t, 200)
	if got.DownloadCount != want || got.Downloaded != (want > 0) || (got.DownloadedAt != nil) != (want > 0) {
		t.Errorf("downloaded %v %v, count %d; want %d", got.Downloaded, got.DownloadedAt, got.DownloadCount, want)
	}
}
