package containers

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// Settings of the roles: short times, so that much happens in a run.
const (
	Lease       = 5 * time.Second // the minimum of the flag
	MaxAttempts = 5
	Workers     = 2
	SlotsEach   = 1
)

// root is the repository.
var root = filepath.Join("..", "..", "..")

// environment returns the variables of every role.
func (c *Cluster) environment(also map[string]string) map[string]string {
	env := map[string]string{
		"DATABASE_URL": "postgres://postgres:letraz@postgres:5432/letraz?sslmode=disable", "NATS_URL": natsURL(), "LETRAZ_NATS_REPLICAS": "3",
		"BLOB_URL": blobURL("s3-front:7070"), "AWS_ACCESS_KEY_ID": accessKey, "AWS_SECRET_ACCESS_KEY": secretKey,
		"JWT_SECRET": c.Secret, "LETRAZ_LOG_FORMAT": "json",
	}
	maps.Copy(env, also)
	return env
}

func (c *Cluster) all() []*testcontainers.DockerNetwork {
	return []*testcontainers.DockerNetwork{c.Database, c.Queue, c.Files}
}

// once runs a command of the service to its end and returns what it wrote.
func (c *Cluster) once(t testing.TB, name string, files []testcontainers.ContainerFile, command ...string) string {
	t.Helper()
	n := c.start(t, nodeSpec{name: name, image: c.images.API, command: command, env: c.environment(nil), files: files, networks: c.all(),
		memory: 256 * mb, once: true, ready: wait.ForExit()})
	log, err := n.Log(t.Context())
	if err == nil {
		err = n.succeeded(t.Context())
	}
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(command, " "), err, log)
	}
	return string(log)
}

// migrate creates or updates the tables and the streams. The servers of NATS need a moment to
// find each other.
func (c *Cluster) migrate(t testing.TB) { c.once(t, "migrate", nil, "migrate") }

// Import stores resumes and returns their IDs in the order of the files.
func (c *Cluster) Import(t testing.TB, name string, owner string, resume []byte) string {
	t.Helper()
	file := testcontainers.ContainerFile{Reader: strings.NewReader(string(resume)), ContainerFilePath: "/" + name + ".json", FileMode: 0o644}
	out := c.once(t, "import-"+name, []testcontainers.ContainerFile{file}, "import", "--user", owner, "/"+name+".json")
	for line := range strings.Lines(out) {
		if id, _, found := strings.Cut(line, "\t"); found && strings.HasPrefix(id, "rsm_") {
			return id
		}
	}
	t.Fatalf("import says %q", out)
	return ""
}

func (c *Cluster) startAPI(t testing.TB, name string) {
	t.Helper()
	if c.ports[name] == 0 {
		c.ports[name] = freePort(t)
		c.APIs = append(c.APIs, "http://"+local(c.ports[name]))
	}
	c.start(t, nodeSpec{name: name, image: c.images.API, command: []string{"api"}, networks: c.all(), ports: map[int]int{c.ports[name]: 8080}, memory: 256 * mb,
		env:   c.environment(map[string]string{"LETRAZ_MAX_ATTEMPTS": "5", "LETRAZ_GRACE": "5s", "LETRAZ_LISTEN": ":8080"}),
		ready: wait.ForLog("the API is ready")})
}

func (c *Cluster) startWorker(t testing.TB, name string) {
	t.Helper()
	seccomp, err := os.ReadFile(filepath.Join(root, "deploy", "seccomp.json"))
	if err != nil {
		t.Fatal(err)
	}
	c.start(t, nodeSpec{name: name, image: c.images.Worker, command: []string{"worker"}, networks: c.all(), memory: 1024 * mb, seccomp: string(seccomp),
		env: c.environment(map[string]string{"LETRAZ_LEASE": Lease.String(), "LETRAZ_SLOTS": "1", "LETRAZ_DEADLINE": "30s", "LETRAZ_GRACE": "5s",
			"LETRAZ_SLOTS_MIN": "1"}),
		ready: wait.ForLog("the worker is ready")})
}

func (c *Cluster) startDispatch(t testing.TB, name string) {
	t.Helper()
	c.start(t, nodeSpec{name: name, image: c.images.API, command: []string{"dispatch"}, env: c.environment(nil), networks: c.all(), memory: 256 * mb,
		ready: wait.ForLog("the dispatcher is ready")})
}

func (c *Cluster) startSweep(t testing.TB, name string) {
	t.Helper()
	c.start(t, nodeSpec{name: name, image: c.images.API, command: []string{"sweep", "--every", "1s"}, env: c.environment(nil), networks: c.all(), memory: 256 * mb})
}

// Replace replaces a container of the service by one of another version, as a rolling upgrade
// does: the old one is stopped first.
func (c *Cluster) Replace(t testing.TB, n *Node, images Images) {
	t.Helper()
	if err := n.stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.images = images
	switch n.role() {
	case "api":
		c.startAPI(t, n.Name)
	case "worker":
		c.startWorker(t, n.Name)
	case "dispatch":
		c.startDispatch(t, n.Name)
	case "sweep":
		c.startSweep(t, n.Name)
	}
}
