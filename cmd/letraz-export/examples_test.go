package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/letrazapp/letraz-export/internal/testenv"
)

// examplePrograms are the programs below examples/, without their arguments.
var examplePrograms = []struct {
	dir     string
	command []string
	needs   []string
}{
	{"curl", []string{"sh", "export.sh"}, []string{"sh", "curl"}},
	{"go", []string{"go", "run", "."}, []string{"go"}}, // with client/
	{"node", []string{"node", "export.mjs"}, []string{"node"}},
	{"python", []string{"python3", "export.py"}, []string{"python3"}},
}

// Each example exports a resume that comes with the request, for a user whom only the token
// knows, although an answer is lost and the API is unavailable at times.
func TestExamples(t *testing.T) {
	dir := dataDir(t)
	p := start(t, ready, "serve", "--data-dir", dir, "--listen", "127.0.0.1:0")
	direct := serveURL(t, dir)
	resume, err := os.ReadFile(sampleFile(t, "nurse"))
	if err != nil {
		t.Fatal(err)
	}
	for _, example := range examplePrograms {
		t.Run(example.dir, func(t *testing.T) {
			for _, tool := range example.needs {
				if _, err := exec.LookPath(tool); err != nil {
					t.Skipf("%s, which examples/%s needs, is not installed", tool, example.dir)
				}
			}
			own, user := t.TempDir(), "user_of_"+example.dir
			token := strings.TrimSpace(must(t, "token", "--data-dir", dir, user))
			output := filepath.Join(own, "resume.pdf")
			run := func(url string, document []byte) (string, error) {
				input := filepath.Join(own, "resume.json")
				if err := os.WriteFile(input, document, 0o600); err != nil {
					t.Fatal(err)
				}
				cmd := exec.CommandContext(t.Context(), example.command[0], append(example.command[1:], input, output)...)
				cmd.Dir = filepath.Join("../../examples", example.dir)
				cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "LETRAZ_URL="+url, "LETRAZ_TOKEN="+token)
				said, err := cmd.CombinedOutput()
				return string(said), err
			}

			front := newUnreliable(t, direct)
			said, err := run(front.URL, resume)
			if err != nil {
				t.Fatalf("%v\n%s\n%s", err, said, p.output())
			}
			if front.posts != 3 || front.downloads != 2 {
				t.Errorf("%d requests for an export and %d for its file, want 3 and 2", front.posts, front.downloads)
			}
			file, err := os.ReadFile(output)
			if err != nil || !bytes.HasPrefix(file, []byte("%PDF-")) {
				t.Fatalf("%s is no PDF (%v):\n%s", output, err, said)
			}
			sum := sha256.Sum256(file)
			state := testenv.Value(t, databaseOf(t, dir), "SELECT string_agg(concat(status, ' ', encode(sha256, 'hex'), ' ', resume_id), ', ') FROM export_request WHERE user_id = $1", user)
			if want := "ready " + hex.EncodeToString(sum[:]) + " "; state != want {
				t.Errorf("the exports are %q, want %q:\n%s", state, want, said)
			}

			// What the API refuses is told, and the program fails.
			if said, err := run(direct, []byte(`[]`)); err == nil || !strings.Contains(said, "expected") {
				t.Errorf("a resume that is a list: %v\n%s", err, said)
			}
		})
	}

	t.Run("client module", func(t *testing.T) {
		if _, err := exec.LookPath("go"); err != nil {
			t.Skip("go, which compiles client/, is not installed")
		}
		key := strings.TrimSpace(must(t, "key", "create", "client", "--scope", "resumes:read,resumes:write,exports:read,exports:write", "--all-users", "--data-dir", dir))
		cmd := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-v", "-run", "TestService", ".")
		cmd.Dir = "../../client"
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "LETRAZ_URL="+direct, "LETRAZ_API_KEY="+key)
		if said, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(said), "--- PASS: TestService") {
			t.Errorf("%v\n%s", err, said)
		}
	})
}

// unreliable is a proxy that loses the answer of the first request for an export, and says of the
// second one and of the first download that it is unavailable.
type unreliable struct {
	*httptest.Server
	mu               sync.Mutex
	posts, downloads int
}

func newUnreliable(t *testing.T, target string) *unreliable {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(u)
	front := &unreliable{}
	front.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		front.mu.Lock()
		var post, download int
		switch {
		case req.Method == http.MethodPost:
			front.posts++
			post = front.posts
		case strings.HasSuffix(req.URL.Path, "/download"):
			front.downloads++
			download = front.downloads
		}
		front.mu.Unlock()
		switch {
		case post == 1:
			proxy.ServeHTTP(httptest.NewRecorder(), req)
			panic(http.ErrAbortHandler)
		case post == 2 || download == 1:
			_, _ = io.Copy(io.Discard, req.Body) // the answer matters, whatever came
			w.Header().Set("Retry-After", "1")
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, `{"status": 503, "detail": "The service is unavailable."}`)
		default:
			proxy.ServeHTTP(w, req)
		}
	}))
	t.Cleanup(front.Close)
	return front
}
