package api_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// unzip reads an archive and returns the contents by name, in order.
func unzip(t *testing.T, data []byte) (names []string, contents map[string]string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	contents = map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r) // checks the CRC
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if f.Method != zip.Store || f.Flags != 0x800 || f.NonUTF8 || f.CompressedSize64 != f.UncompressedSize64 || f.Modified.IsZero() {
			t.Errorf("the header of %s: %+v", f.Name, f.FileHeader)
		}
		names, contents[f.Name] = append(names, f.Name), string(text)
	}
	return names, contents
}

func (f *fixture) zip(t *testing.T, id string) answer {
	t.Helper()
	return f.call(t, ana, "GET", "/v1/batches/"+id+"/download", "")
}

func TestDownloadBatch(t *testing.T) {
	t.Parallel()
	f := setup(t)
	b := f.batch(t, 9)
	large := strings.Repeat("0123456789abcdef", 40_000) // 640 KB
	for i, file := range []struct{ name, content string }{
		{"Ana Resume.pdf", "one"}, {"ana resume.pdf", "two"}, {"Ana Resume.pdf", large}, {"../../etc/passwd", "three"},
		{"履歴書.pdf", "four"}, {"manifest.json", "five"}, {"a\\b:c\x01.pdf", "six"},
	} {
		f.complete(t, b.Exports[i].ID, []byte(file.content), file.name)
	}
	f.fail(t, b.Exports[7].ID, export.RenderTimeout)
	if p := wantProblem(t, f.zip(t, b.ID), 409); !strings.Contains(p.Detail, "1 of its 9 exports") {
		t.Errorf("unfinished: %s", p.Detail)
	}
	f.delete(t, ana, b.Exports[8].ID)
	page := f.getBatch(t, b.ID, "")
	if !page.Finished || page.DownloadURL != "/v1/batches/"+b.ID+"/download" {
		t.Fatalf("batch %+v", page.Batch)
	}
	a := f.zip(t, b.ID)
	if a.status != 200 || a.header.Get("Content-Type") != "application/zip" || a.header.Get("Content-Length") != fmt.Sprint(len(a.body)) ||
		a.header.Get("Content-Disposition") != `attachment; filename="exports-`+b.ID+`.zip"` {
		t.Fatalf("%d %v", a.status, a.header)
	}
	names, contents := unzip(t, a.body)
	if got := fmt.Sprintf("%q", names); got != `["manifest.json" "Ana Resume.pdf" "ana resume (2).pdf" "Ana Resume (3).pdf" "etc passwd" "履歴書.pdf" "manifest (2).json" "a b c.pdf"]` {
		t.Errorf("names %s", got)
	}
	if contents["Ana Resume.pdf"] != "one" || contents["ana resume (2).pdf"] != "two" || contents["Ana Resume (3).pdf"] != large || contents["履歴書.pdf"] != "four" {
		t.Error("the files have other contents")
	}
	var manifest struct {
		BatchID string `json:"batch_id"`
		Exports []struct {
			ID, Status, File, SHA256 string
			Size                     int
			Failure                  *api.Failure
		}
	}
	if err := json.Unmarshal([]byte(contents["manifest.json"]), &manifest); err != nil {
		t.Fatal(err)
	}
	if manifest.BatchID != b.ID || len(manifest.Exports) != 9 || manifest.Exports[1].File != "ana resume (2).pdf" || manifest.Exports[1].SHA256 != f.get(t, b.Exports[1].ID).SHA256 ||
		manifest.Exports[7].Failure.Code != "render_timeout" || manifest.Exports[7].File != "" || manifest.Exports[8].Status != "canceled" {
		t.Errorf("manifest %+v", manifest)
	}
	// No data descriptors: the local header of each file has its size.
	if size := binary.LittleEndian.Uint32(a.body[18:]); size != uint32(len(contents["manifest.json"])) {
		t.Errorf("the first local header has the size %d", size)
	}
	if again := f.zip(t, b.ID); !bytes.Equal(again.body, a.body) {
		t.Error("the same batch gives another archive")
	}
	head := f.call(t, ana, "HEAD", "/v1/batches/"+b.ID+"/download", "")
	if head.status != 200 || len(head.body) != 0 || head.header.Get("Content-Length") != fmt.Sprint(len(a.body)) {
		t.Errorf("HEAD: %d %v", head.status, head.header)
	}
	for i, e := range b.Exports {
		want := map[bool]int{true: 2}[i < 7] // twice, and not by HEAD
		testenv.Eventually(t, "the downloads are counted", func() bool { return f.get(t, e.ID).DownloadCount == want })
	}
}

func TestDownloadBatch_NoFiles(t *testing.T) {
	t.Parallel()
	f := setup(t)
	failed := f.batch(t, 1)
	f.fail(t, failed.Exports[0].ID, export.Internal)
	if p := wantProblem(t, f.zip(t, failed.ID), 409); !strings.Contains(p.Detail, "failed or is canceled") {
		t.Errorf("all failed: %s", p.Detail)
	}
	past := f.batch(t, 1)
	f.complete(t, past.Exports[0].ID, []byte("x"), "a.pdf")
	f.expire(t, past.Exports[0].ID)
	wantProblem(t, f.zip(t, past.ID), 410)
	erased := f.batch(t, 1)
	f.call(t, ana, "DELETE", "/v1/exports?all=true", "").wantStatus(t, 200)
	wantProblem(t, f.zip(t, erased.ID), 404)
	wantProblem(t, f.call(t, ana, "GET", "/v1/batches/"+uuid.NewString()+"/download?a=b", ""), 422, "query.a")
}

// A damaged file breaks the transfer, and fails its export; the next archive is without it.
func TestDownloadBatch_DamagedFile(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]int{"small": 5000, "large": 600_000} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			b := f.batch(t, 3)
			var last export.Request
			for _, e := range b.Exports {
				last = f.complete(t, e.ID, bytes.Repeat([]byte("x"), size), "a.pdf")
			}
			f.damage(t, last, flip)
			res := f.beginZip(t, b.ID)
			if n, err := io.Copy(io.Discard, res.Body); err == nil {
				t.Errorf("the archive came to its end: %d bytes", n)
			}
			testenv.Eventually(t, "the export has failed", func() bool { return f.get(t, last.ID).Status == "failed" })
			wantDownloads(t, f, b.Exports[0].ID, 0)
			if names, _ := unzip(t, f.zip(t, b.ID).body); len(names) != 3 {
				t.Errorf("then it has %q", names)
			}
		})
	}
}

// A file that is gone breaks the transfer.
func TestDownloadBatch_FileGone(t *testing.T) {
	t.Parallel()
	f := setup(t)
	b := f.batch(t, 2)
	f.complete(t, b.Exports[0].ID, bytes.Repeat([]byte("x"), 100_000), "a.pdf")
	gone := f.complete(t, b.Exports[1].ID, []byte("two"), "b.pdf")
	if err := f.files.Delete(t.Context(), gone.Artifact.BlobKey); err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, f.beginZip(t, b.ID).Body); err == nil {
		t.Errorf("the archive came to its end: %d bytes", n)
	}
	wantDownloads(t, f, b.Exports[0].ID, 0)

	first := f.batch(t, 1)
	damaged := f.complete(t, first.Exports[0].ID, []byte("three"), "c.pdf")
	f.damage(t, damaged, flip)
	if p := wantProblem(t, f.zip(t, first.ID), 500); !strings.Contains(p.Detail, "damaged") {
		t.Errorf("nothing was sent, and the answer says %q", p.Detail)
	}
}

func TestDownloadBatch_EndsWithItsExports(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		recheck time.Duration
		end     func(t *testing.T, f *fixture, b batchPage)
	}{
		"batch deleted": {time.Hour, func(t *testing.T, f *fixture, b batchPage) {
			f.call(t, ana, "DELETE", "/v1/batches/"+b.ID, "").wantStatus(t, 204)
		}},
		"one export deleted": {time.Hour, func(t *testing.T, f *fixture, b batchPage) {
			f.call(t, ana, "DELETE", "/v1/exports/"+b.Exports[1].ID, "").wantStatus(t, 204)
		}},
		"erased with all": {time.Hour, func(t *testing.T, f *fixture, _ batchPage) {
			f.call(t, eve, "DELETE", "/v1/exports?user_id="+ana, "").wantStatus(t, 200)
		}},
		"one expired": {10 * time.Millisecond, func(t *testing.T, f *fixture, b batchPage) { f.expire(t, b.Exports[1].ID) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := setup(t, func(c2 *api.Config) { c2.RecheckEvery = c.recheck })
			b := f.batch(t, 2)
			f.complete(t, b.Exports[0].ID, large(), "a.pdf")
			f.complete(t, b.Exports[1].ID, []byte("small"), "b.pdf")
			res := f.beginZip(t, b.ID)
			if _, err := io.CopyN(io.Discard, res.Body, 1<<20); err != nil {
				t.Fatal(err)
			}
			c.end(t, f, b)
			testenv.Eventually(t, "the download ends", func() bool { return strings.Contains(f.log.String(), "batch download broken off") })
			if n, err := io.Copy(io.Discard, res.Body); err == nil {
				t.Errorf("the archive came to its end: %d bytes", n)
			}
		})
	}
}

// No more than a few archives of one user are sent at a time.
func TestDownloadBatch_AtATime(t *testing.T) {
	t.Parallel()
	f := setup(t)
	b := f.batch(t, 1)
	f.complete(t, b.Exports[0].ID, large(), "a.pdf")
	var begun []*http.Response
	for range 4 {
		begun = append(begun, f.beginZip(t, b.ID))
	}
	if p := wantProblem(t, f.zip(t, b.ID), 503); !strings.Contains(p.Detail, "too many ZIPs") {
		t.Errorf("a fifth: %s", p.Detail)
	}
	for _, res := range begun {
		_ = res.Body.Close() // it was only read
	}
	testenv.Eventually(t, "they end", func() bool { return strings.Count(f.log.String(), "batch download broken off") == 4 })
	if a := f.zip(t, b.ID); a.status != 200 {
		t.Errorf("after them: %d", a.status)
	}
	testenv.Eventually(t, "one download is counted", func() bool { return f.get(t, b.Exports[0].ID).DownloadCount == 1 })
}

// A client that reads nothing does not hold a download for ever.
func TestDownloadBatch_ClientThatReadsNothing(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *api.Config) { c.SendWithin = 50 * time.Millisecond })
	b := f.batch(t, 1)
	f.complete(t, b.Exports[0].ID, large(), "a.pdf")
	res := f.beginZip(t, b.ID)
	testenv.Eventually(t, "the download ends", func() bool { return strings.Contains(f.log.String(), "batch download broken off") })
	if n, err := io.Copy(io.Discard, res.Body); err == nil {
		t.Errorf("it came to its end: %d bytes", n)
	}
	wantDownloads(t, f, b.Exports[0].ID, 0)
}

// 500 files of 240 KB are sent in memory for one.
func TestDownloadBatch_Memory(t *testing.T) {
	f := setup(t)
	b := f.batch(t, 500)
	r := f.complete(t, b.Exports[0].ID, bytes.Repeat([]byte("x"), 240_000), "a.pdf")
	f.sql(t, `UPDATE export_request e SET status = 'ready', finished_at = now(), blob_key = r.blob_key, size = r.size, sha256 = r.sha256, filename = r.filename
		FROM export_request r WHERE r.id = $1 AND e.batch_id = r.batch_id AND e.id <> r.id`, r.ID)
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	res := f.beginZip(t, b.ID)
	peak, total := uint64(0), int64(0)
	for {
		n, err := io.CopyN(io.Discard, res.Body, 8<<20)
		total += n
		runtime.GC()
		runtime.ReadMemStats(&now)
		peak = max(peak, now.HeapAlloc)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if total < 500*240_000 || total != res.ContentLength {
		t.Errorf("%d bytes", total)
	}
	grown := int64(peak) - int64(before.HeapAlloc)
	t.Logf("%d MB sent, what is in use grew by %d KB at most", total>>20, grown>>10)
	if grown > 16<<20 {
		t.Errorf("what is in use grew by %d MB", grown>>20)
	}
}

// beginZip begins the download of a batch.
func (f *fixture) beginZip(t *testing.T, id string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, f.server.URL+"/v1/batches/"+id+"/download", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token(t, ana))
	res, err := f.server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	if res.StatusCode != http.StatusOK {
		t.Fatalf("status %d", res.StatusCode)
	}
	return res
}

func (f *fixture) get(t *testing.T, id string) api.Export {
	t.Helper()
	return f.call(t, ana, "GET", "/v1/exports/"+id, "").export(t, 200)
}
