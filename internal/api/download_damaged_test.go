package api_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/export"
)

// damage changes the stored bytes of an export.
func (f *fixture) damage(t *testing.T, r export.Request, change func([]byte) []byte) {
	t.Helper()
	path := filepath.Join(f.dir, r.Artifact.BlobKey)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, change(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

// flip changes one byte in the middle.
func flip(data []byte) []byte {
	data[len(data)/2] ^= 1
	return data
}

// wantFileDamaged checks that the export has failed, once, for its damaged file.
func wantFileDamaged(t *testing.T, f *fixture, id string) {
	t.Helper()
	got := f.call(t, ana, "GET", "/v1/exports/"+id, "").export(t, 200)
	if got.Status != "failed" || got.Failure == nil || got.Failure.Code != "file_damaged" || got.Downloaded {
		t.Errorf("the export is %+v", got)
	}
	wantProblem(t, f.call(t, ana, "GET", "/v1/exports/"+id+"/download", ""), 409)
	if n := strings.Count(f.log.String(), "a stored file is damaged"); n != 1 {
		t.Errorf("the log says %d times that the file is damaged", n)
	}
	if got := f.call(t, ana, "POST", "/v1/exports/"+id+"/retry", "").export(t, 202); got.Status != "queued" {
		t.Errorf("tried again it is %s", got.Status)
	}
}

func TestDownload_DamagedFile(t *testing.T) {
	t.Parallel()
	data := []byte("all the bytes of a file")
	etag := fmt.Sprintf(`"%x"`, sha256.Sum256(data))
	for name, c := range map[string]struct {
		change func([]byte) []byte
		method string
		header []string
	}{
		"changed":       {flip, "GET", nil},
		"shortened":     {func(b []byte) []byte { return b[:len(b)-1] }, "GET", nil},
		"lengthened":    {func(b []byte) []byte { return append(b, 'x') }, "GET", nil},
		"empty":         {func([]byte) []byte { return nil }, "GET", nil},
		"range":         {flip, "GET", []string{"Range", "bytes=0-3"}},
		"any condition": {flip, "GET", []string{"If-None-Match", "*"}},
		"condition":     {flip, "GET", []string{"If-None-Match", etag}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			r := f.ready(t, data, "a.pdf")
			f.damage(t, r, c.change)
			if p := wantProblem(t, f.call(t, ana, c.method, "/v1/exports/"+r.ID+"/download", "", c.header...), 500); !strings.Contains(p.Detail, "damaged") {
				t.Errorf("the answer says %q", p.Detail)
			}
			wantFileDamaged(t, f, r.ID)
		})
	}
}

func TestDownload_DamagedLargeFile(t *testing.T) {
	t.Parallel()
	data := bytes.Repeat([]byte("0123456789abcdef"), 1<<16) // 1 MiB
	for name, c := range map[string]struct {
		method string
		header []string
		status int
	}{
		"whole":     {"GET", nil, 200},
		"range":     {"GET", []string{"Range", "bytes=0-3"}, 500},
		"condition": {"GET", []string{"If-None-Match", "*"}, 500},
		"head":      {"HEAD", nil, 500},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := setup(t)
			r := f.ready(t, data, "a.pdf")
			f.damage(t, r, flip)
			res := f.begin(t, c.method, r.ID, c.header...)
			body, err := io.ReadAll(res.Body)
			if res.StatusCode != c.status || c.status == 200 && (err == nil || len(body) >= len(data)) {
				t.Errorf("the answer is %d with %d of %d bytes, ended by %v", res.StatusCode, len(body), len(data), err)
			}
			f.awaitDownloads(t, 1)
			wantFileDamaged(t, f, r.ID)
		})
	}
}

func TestDownload_LargeFileInParts(t *testing.T) {
	t.Parallel()
	f := setup(t)
	data := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	r := f.ready(t, data, "a.pdf")
	path := "/v1/exports/" + r.ID + "/download"
	if a := f.call(t, ana, "GET", path, ""); a.status != 200 || !bytes.Equal(a.body, data) {
		t.Errorf("%d, %d bytes", a.status, len(a.body))
	}
	if a := f.call(t, ana, "GET", path, "", "Range", "bytes=1000000-"); a.status != 206 || !bytes.Equal(a.body, data[1000000:]) {
		t.Errorf("%d, %d bytes", a.status, len(a.body))
	}
}

// once is a file that is damaged while it is read; the stored file is not.
type once struct{ io.ReadSeekCloser }

func (o once) Read(p []byte) (int, error) {
	n, err := o.ReadSeekCloser.Read(p)
	for i := range n {
		p[i] ^= 1
	}
	return n, err
}

func TestDownload_DamagedInOneReadingOnly(t *testing.T) {
	t.Parallel()
	f := setup(t, func(c *api.Config) {
		c.Files = fakeFiles{c.Files, func(file io.ReadSeekCloser) (io.ReadSeekCloser, error) { return once{file}, nil }}
	})
	r := f.ready(t, []byte("a file"), "a.pdf")
	wantInternal(t, f.call(t, ana, "GET", "/v1/exports/"+r.ID+"/download", ""))
	if got := f.call(t, ana, "GET", "/v1/exports/"+r.ID, "").export(t, 200); got.Status != "ready" {
		t.Errorf("the export became %s", got.Status)
	}
}

// begin starts a download whose body the caller reads.
func (f *fixture) begin(t *testing.T, method, id string, header ...string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, f.server.URL+"/v1/exports/"+id+"/download", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token(t, ana))
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := f.server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}
