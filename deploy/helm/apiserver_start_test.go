package helm

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"sigs.k8s.io/yaml"
)

// kubeDirectory names the variable with the directory that scripts/kube-apiserver.sh prints.
const kubeDirectory = "KUBE_APISERVER_DIR"

// apiServer is an API server of Kubernetes, with nothing that would run pods.
type apiServer struct {
	client   *dynamic.DynamicClient
	about    discovery.DiscoveryInterface
	kinds    meta.RESTMapper // as last read from the server
	warnings *warnings
}

// warnings are those of the last call.
type warnings struct {
	mu  sync.Mutex
	all []string
}

// HandleWarningHeader is called for each warning of an answer.
func (w *warnings) HandleWarningHeader(_ int, _ string, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, text)
}

func (w *warnings) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := w.all
	w.all = nil
	return all
}

// startAPIServer starts etcd and an API server on the loopback address, with the custom objects
// that the chart renders. make test-kube builds them.
func startAPIServer(t *testing.T) *apiServer {
	t.Helper()
	programs := os.Getenv(kubeDirectory)
	if programs == "" {
		t.Skip("make test-kube runs it")
	}
	dir := t.TempDir()
	store := "http://" + freeAddress(t)
	peers := "http://" + freeAddress(t)
	begin(t, programs+"/etcd", "--data-dir", dir+"/etcd", "--listen-client-urls", store, "--advertise-client-urls", store,
		"--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster", "default="+peers, "--unsafe-no-fsync")

	const token = "of-the-test"
	private, public := keys(t)
	for name, content := range map[string][]byte{
		"tokens.csv": []byte(token + ",test,test,system:masters\n"), "accounts.key": private, "accounts.pub": public,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	address := freeAddress(t)
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	begin(t, programs+"/kube-apiserver", "--etcd-servers", store, "--bind-address", "127.0.0.1", "--secure-port", port, "--cert-dir", dir+"/certificates",
		"--token-auth-file", dir+"/tokens.csv", "--authorization-mode", "RBAC", "--service-cluster-ip-range", "10.0.0.0/24",
		"--service-account-issuer", "https://kubernetes.default.svc", "--service-account-key-file", dir+"/accounts.pub",
		"--service-account-signing-key-file", dir+"/accounts.key")

	s := &apiServer{warnings: &warnings{}}
	config := &rest.Config{Host: "https://" + address, BearerToken: token, TLSClientConfig: rest.TLSClientConfig{Insecure: true}, WarningHandler: s.warnings, QPS: -1}
	about, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the API server is ready", func() bool {
		var status int
		about.RESTClient().Get().AbsPath("/readyz").Do(t.Context()).StatusCode(&status)
		return status == http.StatusOK
	})
	s.about = about
	if err := s.readKinds(); err != nil {
		t.Fatal(err)
	}
	if s.client, err = dynamic.NewForConfig(config); err != nil {
		t.Fatal(err)
	}
	s.define(t, programs+"/definitions/*/*.yaml")
	return s
}

// define makes the custom objects known that the files define.
func (s *apiServer) define(t *testing.T, pattern string) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no definitions in %s: %v", pattern, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		definition := &unstructured.Unstructured{}
		if err := yaml.Unmarshal(data, &definition.Object); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if _, err := s.create(t.Context(), definition); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		kind, _, _ := unstructured.NestedString(definition.Object, "spec", "names", "kind")
		group, _, _ := unstructured.NestedString(definition.Object, "spec", "group")
		eventually(t, "the kind "+kind+" is known", func() bool {
			if s.readKinds() != nil {
				return false
			}
			_, err = s.kinds.RESTMapping(schema.GroupKind{Group: group, Kind: kind})
			return err == nil
		})
	}
}

// readKinds asks the server which kinds of objects it has.
func (s *apiServer) readKinds() error {
	groups, err := restmapper.GetAPIGroupResources(s.about)
	if err != nil {
		return fmt.Errorf("reading the kinds: %w", err)
	}
	s.kinds = restmapper.NewDiscoveryRESTMapper(groups)
	return nil
}

// create creates an object as kubectl does with --validate=strict, and returns the server's
// warnings.
func (s *apiServer) create(ctx context.Context, object *unstructured.Unstructured) ([]string, error) {
	kind := object.GroupVersionKind()
	mapping, err := s.kinds.RESTMapping(kind.GroupKind(), kind.Version)
	if err != nil {
		return nil, err
	}
	s.warnings.take()
	_, err = s.client.Resource(mapping.Resource).Namespace(object.GetNamespace()).Create(ctx, object, metav1.CreateOptions{FieldValidation: metav1.FieldValidationStrict})
	return s.warnings.take(), err
}

// begin starts a program that is killed at the end of the test. Its output is shown if the test
// fails.
func begin(t *testing.T, program string, args ...string) {
	t.Helper()
	var log bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting %s: %v", program, err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // fails if it has ended already
		err := cmd.Wait()
		if t.Failed() {
			text := log.Bytes()
			t.Logf("%s ended: %v\n%s", filepath.Base(program), err, text[max(0, len(text)-4000):])
		}
	})
}

// freeAddress returns an address on which nothing listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Addr().String()
}

// keys returns a pair of keys as PEM.
func keys(t *testing.T) (private, public []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	publicDER, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: publicDER})
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); !condition(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within 5 minutes: %s", what)
		}
	}
}
