package blob_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// credentials sets the credentials of AWS in the environment, and none from files.
func credentials(t *testing.T, access, secret string) {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": access, "AWS_SECRET_ACCESS_KEY": secret, "AWS_REGION": "", "AWS_PROFILE": "", "AWS_CA_BUNDLE": "",
		"AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_CONFIG_FILE": os.DevNull, "AWS_EC2_METADATA_DISABLED": "true",
	} {
		t.Setenv(name, value)
	}
}

func TestS3(t *testing.T) {
	credentials(t, testenv.S3AccessKey, testenv.S3SecretKey)
	server := testenv.StartS3(t, false)
	for name, location := range map[string]string{
		"bucket": server.Bucket(t, "plain"), "prefix": server.Bucket(t, "shared") + "&prefix=team/exports/",
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, location)
			if err := s.Check(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := s.Probe(t.Context(), 100_000); err != nil {
				t.Fatal(err)
			}
			data := bytes.Repeat([]byte("0123456789"), 10_000)
			put(t, s, "exports/ab/a.pdf", data)
			if size, err := s.Copy(t.Context(), "exports/ab/a.pdf", "exports/cd/b.pdf"); err != nil || size != int64(len(data)) {
				t.Errorf("copied %d bytes, %v", size, err)
			}
			wantBytes(t, s, "exports/cd/b.pdf", data)
			if files := list(t, s, "exports"); len(files) != 2 || files["exports/ab/a.pdf"].Size != int64(len(data)) {
				t.Errorf("listed %v", files)
			}
			for range 2 {
				if err := s.Delete(t.Context(), "exports/ab/a.pdf"); err != nil {
					t.Error(err)
				}
			}
			wantNone(t, s, "exports/ab/a.pdf")
			wantBytes(t, s, "exports/cd/b.pdf", data)
			if _, err := s.Copy(t.Context(), "exports/ab/a.pdf", "exports/ef/c.pdf"); err == nil {
				t.Error("a file that does not exist was copied")
			}
		})
	}
}

// A copy is made by the server: no bytes of the file pass through this process.
func TestS3_CopiesAtServer(t *testing.T) {
	credentials(t, testenv.S3AccessKey, testenv.S3SecretKey)
	server := testenv.StartS3(t, false)
	location := server.Bucket(t, "bucket")
	var moved atomic.Int64
	s := open(t, through(t, server, location, func(r *http.Request) { moved.Add(max(r.ContentLength, 0)) }))
	data := bytes.Repeat([]byte("0123456789"), 100_000)
	put(t, open(t, location), "exports/ab/a.pdf", data)
	if _, err := s.Copy(t.Context(), "exports/ab/a.pdf", "exports/cd/b.pdf"); err != nil {
		t.Fatal(err)
	}
	wantBytes(t, open(t, location), "exports/cd/b.pdf", data)
	if n := moved.Load(); n > 1000 {
		t.Errorf("%d bytes were sent for a copy of %d", n, len(data))
	}
}

// through returns the location by way of a proxy that calls seen with each request.
func through(t *testing.T, server testenv.S3, location string, seen func(*http.Request)) string {
	t.Helper()
	target, err := url.Parse(server.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // which is signed
	}}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen(r)
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	return strings.Replace(location, server.Endpoint, front.URL, 1)
}

func TestS3_Multipart(t *testing.T) {
	credentials(t, testenv.S3AccessKey, testenv.S3SecretKey)
	server := testenv.StartS3(t, false)
	location := server.Bucket(t, "bucket")
	data := bytes.Repeat([]byte("0123456789abcdef"), 20<<16) // 20 MB

	var parts atomic.Int64
	s := open(t, through(t, server, location, func(r *http.Request) {
		if r.URL.Query().Has("partNumber") {
			parts.Add(1)
		}
	}))
	put(t, s, "exports/ab/large.zip", data)
	wantBytes(t, s, "exports/ab/large.zip", data)
	if parts.Load() < 2 {
		t.Errorf("%d parts", parts.Load())
	}
	if err := s.Delete(t.Context(), "exports/ab/large.zip"); err != nil {
		t.Fatal(err)
	}

	// The caller gives up while parts are being uploaded.
	ctx, giveUp := context.WithCancel(t.Context())
	var aborted atomic.Bool
	s = open(t, through(t, server, location, func(r *http.Request) {
		if r.URL.Query().Has("partNumber") {
			giveUp()
		}
		if r.Method == http.MethodDelete && r.URL.Query().Has("uploadId") {
			aborted.Store(true)
		}
	}))
	if err := s.Put(ctx, "exports/ab/aborted.zip", data, "application/zip"); err == nil {
		t.Error("the upload succeeded")
	}
	if !aborted.Load() {
		t.Error("the parts were left to the server")
	}
	testenv.Eventually(t, "nothing to be left", func() bool { return len(server.Files(t, "bucket")) == 0 })
}

func TestS3_Authority(t *testing.T) {
	credentials(t, testenv.S3AccessKey, testenv.S3SecretKey)
	server := testenv.StartS3(t, true)
	location := server.Bucket(t, "bucket")
	wantSentence(t, location, "certificate is not accepted")
	t.Setenv("AWS_CA_BUNDLE", server.CA)
	s := open(t, location)
	put(t, s, "exports/ab/a.pdf", []byte("a file"))
	wantBytes(t, s, "exports/ab/a.pdf", []byte("a file"))
	wantSentence(t, strings.Replace(location, "https:", "http:", 1), "")
}

func TestS3_CredentialsFile(t *testing.T) {
	credentials(t, "", "")
	server := testenv.StartS3(t, false)
	location := server.Bucket(t, "bucket")
	wantSentence(t, location, "no credentials were found")
	file := filepath.Join(t.TempDir(), "credentials")
	text := fmt.Sprintf("[exports]\naws_access_key_id = %s\naws_secret_access_key = %s\n", testenv.S3AccessKey, testenv.S3SecretKey)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", file)
	if err := open(t, location+"&profile=exports").Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// Credentials of the machine, the container or a web identity are fetched from a server that
// the environment names.
func TestS3_FetchedCredentials(t *testing.T) {
	credentials(t, "", "")
	server := testenv.StartS3(t, false)
	location := server.Bucket(t, "bucket")
	expires := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	const role = "/latest/meta-data/iam/security-credentials/"
	for name, c := range map[string]struct {
		env     map[string]string // URL stands for the server
		answers map[string]string // by method and path; KEY, SECRET and SESSION stand for the credentials
	}{
		"machine": {
			env: map[string]string{"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "URL"},
			answers: map[string]string{
				"PUT /latest/api/token": "of the machine", "GET " + role: "exports",
				"GET " + role + "exports": `{"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": "KEY", "SecretAccessKey": "SECRET", "Token": "SESSION", "Expiration": "` + expires + `"}`,
			},
		},
		"container": {
			env:     map[string]string{"AWS_CONTAINER_CREDENTIALS_FULL_URI": "URL/credentials", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "of the container"},
			answers: map[string]string{"GET /credentials": `{"AccessKeyId": "KEY", "SecretAccessKey": "SECRET", "Token": "SESSION", "Expiration": "` + expires + `"}`},
		},
		"web identity": {
			env: map[string]string{"AWS_WEB_IDENTITY_TOKEN_FILE": "FILE", "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/exports", "AWS_ENDPOINT_URL_STS": "URL"},
			answers: map[string]string{"POST /": `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>` +
				`<AccessKeyId>KEY</AccessKeyId><SecretAccessKey>SECRET</SecretAccessKey><SessionToken>SESSION</SessionToken><Expiration>` + expires + `</Expiration>` +
				`</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			secret, session := testenv.S3SecretKey, ""
			var proofs []string
			var mu sync.Mutex
			source := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				defer mu.Unlock()
				answer, ok := c.answers[r.Method+" "+r.URL.Path]
				if !ok {
					http.NotFound(w, r)
					return
				}
				proofs = append(proofs, r.Header.Get("X-Aws-Ec2-Metadata-Token"), r.Header.Get("Authorization"), r.FormValue("WebIdentityToken"))
				w.Header().Set("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "300")
				_, _ = io.WriteString(w, strings.NewReplacer("KEY", testenv.S3AccessKey, "SECRET", secret, "SESSION", session).Replace(answer))
			}))
			t.Cleanup(source.Close)
			token := filepath.Join(t.TempDir(), "token")
			if err := os.WriteFile(token, []byte("of the web identity"), 0o600); err != nil {
				t.Fatal(err)
			}
			for variable, value := range c.env {
				t.Setenv(variable, strings.NewReplacer("URL", source.URL, "FILE", token).Replace(value))
			}
			s := open(t, location)
			if err := s.Check(t.Context()); err != nil {
				t.Fatal(err)
			}
			put(t, s, "exports/ab/a.pdf", []byte("a file"))
			mu.Lock()
			if !slices.Contains(proofs, "of the "+name) {
				t.Errorf("it proved itself with %q", proofs)
			}
			secret = "another"
			mu.Unlock()
			wantSentence(t, location, "the secret key does not fit the access key")
			// The token is sent as well: the server of the tests knows none.
			mu.Lock()
			secret, session = testenv.S3SecretKey, "unknown"
			mu.Unlock()
			wantSentence(t, location, "the session token is not valid")
		})
	}
}

// wantSentence fails the test unless the check of the store says so, without a secret.
func wantSentence(t *testing.T, location, want string) {
	t.Helper()
	s, err := blob.Open(t.Context(), location)
	if err == nil {
		defer func() { _ = s.Close() }()
		err = s.Check(t.Context())
	}
	if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "hidden") {
		t.Errorf("the check of %s says %v, want %q", location, err, want)
		return
	}
	t.Log(err)
}

func TestCheck_Sentences(t *testing.T) {
	credentials(t, testenv.S3AccessKey, testenv.S3SecretKey)
	server := testenv.StartS3(t, false)
	location := server.Bucket(t, "bucket")
	wantSentence(t, server.URL("missing"), "there is no such bucket")
	wantSentence(t, strings.Replace(location, "region="+testenv.S3Region, "region=mars-1", 1), "another region")
	wantSentence(t, strings.Replace(location, "region="+testenv.S3Region+"&", "", 1), "the region is missing")
	wantSentence(t, "s3://bucket?region=eu-test-1&endpoint=http://store.invalid&use_path_style=true", "there is no host store.invalid")
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	wantSentence(t, "s3://bucket?region=eu-test-1&use_path_style=true&endpoint=http://"+closed.Addr().String(), "nothing listens")
	wantSentence(t, filepath.Join(t.TempDir(), "missing"), "there is no such directory")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "hidden-and-wrong")
	wantSentence(t, location, "the secret key does not fit")
	t.Setenv("AWS_ACCESS_KEY_ID", "nobody")
	wantSentence(t, location, "does not know the access key")
}

// Answers that the server of the other tests does not give.
func TestCheck_Codes(t *testing.T) {
	credentials(t, "id", "hidden")
	for code, want := range map[string]string{"InvalidAccessKeyId": "does not know the access key", "RequestTimeTooSkewed": "set the clock", "AccessDenied": "no right", "ExpiredToken": "expired"} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, "<Error><Code>%s</Code><Message>No.</Message></Error>", code)
		}))
		wantSentence(t, "s3://bucket?region=eu-test-1&use_path_style=true&endpoint="+server.URL, want)
		server.Close()
	}
}

func TestMark(t *testing.T) {
	credentials(t, testenv.S3AccessKey, testenv.S3SecretKey)
	server := testenv.StartS3(t, false)
	for name, location := range map[string]string{"directory": t.TempDir(), "bucket": server.Bucket(t, "bucket"), "memory": "mem://"} {
		t.Run(name, func(t *testing.T) {
			s := open(t, location)
			if marker, err := s.Marker(t.Context()); marker != "" || err != nil {
				t.Errorf("a new store has the marker %q, %v", marker, err)
			}
			got := make([]string, 8)
			var calls sync.WaitGroup
			for i := range got {
				calls.Go(func() {
					var err error
					if got[i], err = s.Mark(t.Context(), uuid.NewString()); err != nil {
						t.Error(err)
					}
				})
			}
			calls.Wait()
			for _, marker := range got {
				if marker != got[0] || len(marker) != 36 {
					t.Fatalf("markers %q", got)
				}
			}
			if name == "directory" {
				if files := filesIn(t, location); len(files) != 1 {
					t.Errorf("in the directory are %q", files)
				}
			}
		})
	}
}
