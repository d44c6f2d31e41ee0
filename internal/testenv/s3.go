package testenv

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// s3Server is the S3 server of the tests, which keeps objects in a directory.
const (
	s3Server  = "github.com/versity/versitygw/cmd/versitygw"
	s3Version = "v1.8.0"
)

// The credentials that an S3 server of the tests accepts, and its region.
const (
	S3AccessKey = "test-access"
	S3SecretKey = "test-secret-of-20-characters"
	S3Region    = "eu-test-1"
)

// S3 is a running S3 server.
type S3 struct {
	Endpoint string
	CA       string // file with the authority of its certificate, if it has one
	dir      string
}

// StartS3 starts an S3 server for one test. With TLS it has a certificate of an authority
// that no other program knows.
func StartS3(t testing.TB, withTLS bool) S3 {
	t.Helper()
	address := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	s := S3{Endpoint: "http://" + address, dir: t.TempDir()}
	args := []string{"--port", address, "--access", S3AccessKey, "--secret", S3SecretKey, "--region", S3Region, "--quiet", "--keep-alive"}
	if withTLS {
		s.Endpoint, s.CA = "https://"+address, filepath.Join(t.TempDir(), "certificate.pem")
		key := filepath.Join(t.TempDir(), "key.pem")
		writeCertificate(t, s.CA, key)
		args = append(args, "--cert", s.CA, "--key", key)
	}
	cmd := exec.CommandContext(context.Background(), s3Binary(t), append(args, "posix", "--sidecar", t.TempDir(), s.dir)...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting the S3 server: %v", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
		if t.Failed() {
			t.Logf("the S3 server wrote:\n%s", output.String())
		}
	})
	Eventually(t, "the S3 server", func() bool {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
		return err == nil && conn.Close() == nil
	})
	return s
}

// Bucket creates a bucket and returns its URL.
func (s S3) Bucket(t testing.TB, name string) string {
	t.Helper()
	if err := os.Mkdir(filepath.Join(s.dir, name), 0o755); err != nil {
		t.Fatal(err)
	}
	return s.URL(name)
}

// URL returns the URL of a bucket, which may not exist.
func (s S3) URL(name string) string {
	return "s3://" + name + "?region=" + S3Region + "&use_path_style=true&endpoint=" + s.Endpoint
}

// Files returns the paths of all files in a bucket, also of parts of uploads.
func (s S3) Files(t testing.TB, bucket string) []string {
	t.Helper()
	var files []string
	root := filepath.Join(s.dir, bucket)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, path[len(root)+1:])
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed meanwhile
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// s3Binary returns the server's program. It is built once and kept in the user's cache.
func s3Binary(t testing.TB) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	dir := filepath.Join(cache, "letraz-export-test", s3Version)
	binary := filepath.Join(dir, "versitygw")
	if _, err := os.Stat(binary); err == nil {
		return binary
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	build, err := os.MkdirTemp(dir, "build-*") // other test binaries may build it at the same time
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(build) }()
	cmd := exec.CommandContext(t.Context(), "go", "install", s3Server+"@"+s3Version)
	cmd.Dir = build // outside the module
	cmd.Env = append(os.Environ(), "GOBIN="+build, "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building the S3 server for the tests: %v\n%s", err, out)
	}
	if err := os.Rename(filepath.Join(build, "versitygw"), binary); err != nil {
		t.Fatal(err)
	}
	return binary
}

// writeCertificate writes a certificate for the loopback address, signed by itself.
func writeCertificate(t testing.TB, certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	privateDER, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{
		certificate: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: privateDER},
	} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
