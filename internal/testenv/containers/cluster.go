package containers

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/network"
)

// Images are the images of one version of the service.
type Images struct {
	API    string
	Worker string
}

// Cluster is the service and its servers. Each kind of server has a network of its own, so
// that a process can be cut off from one of them, and the NATS servers have another among
// themselves.
type Cluster struct {
	DB     *pgxpool.Pool // directly to Postgres, from this machine
	APIs   []string      // base URLs, from this machine
	Secret string        // with which tokens are signed

	Database, Queue, Files, Routes *testcontainers.DockerNetwork
	S3                             *Faucet
	Bucket                         *Bucket

	owner    testing.TB // the test that the cluster is removed with
	engine   *engine
	nodes    map[string]*Node
	images   Images
	logs     string // where logs of failed tests are kept
	monitors map[string]string
	ports    map[string]int // of each API
}

// New starts a cluster of this version of the service: two APIs, two workers, two dispatchers
// and a sweeper. It is removed when the test ends.
func New(t testing.TB, images Images) *Cluster {
	t.Helper()
	c := &Cluster{owner: t, engine: connect(t), nodes: map[string]*Node{}, images: images, Secret: rand.Text() + rand.Text(),
		monitors: map[string]string{}, ports: map[string]int{}, logs: logDir(t)}
	c.Database, c.Queue, c.Files, c.Routes = c.network(t), c.network(t), c.network(t), c.network(t)
	c.startPostgres(t)
	c.startNATS(t)
	c.startS3(t)
	c.migrate(t)
	for i := range 2 {
		c.startAPI(t, fmt.Sprintf("api-%d", i+1))
	}
	for i := range 2 {
		c.startWorker(t, fmt.Sprintf("worker-%d", i+1))
		c.startDispatch(t, fmt.Sprintf("dispatch-%d", i+1))
	}
	c.startSweep(t, "sweep-1")
	return c
}

// network makes a network, removed when the test ends.
func (c *Cluster) network(t testing.TB) *testcontainers.DockerNetwork {
	t.Helper()
	n, err := network.New(t.Context(), network.WithLabels(map[string]string{label: "network"}))
	if err != nil {
		t.Fatalf("making a network: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), engineTimeout)
		defer cancel()
		if err := n.Remove(ctx); err != nil {
			t.Errorf("removing a network: %v", err)
		}
	})
	return n
}

// alias returns the name of a container in a network.
func (c *Cluster) alias(in *testcontainers.DockerNetwork, name string) string {
	if in == c.Routes {
		return "route-" + name
	}
	return name
}

// logDir returns the directory of a test's logs, empty if none are kept.
func logDir(t testing.TB) string {
	root := os.Getenv("CLUSTER_LOGS")
	if root == "" {
		return ""
	}
	dir := filepath.Join(root, t.Name())
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Node returns the container of this name.
func (c *Cluster) Node(name string) *Node { return c.nodes[name] }

// Role returns the containers of a role in the order of their numbers.
func (c *Cluster) Role(role string) []*Node {
	var list []*Node
	for i := 1; c.nodes[fmt.Sprintf("%s-%d", role, i)] != nil; i++ {
		list = append(list, c.nodes[fmt.Sprintf("%s-%d", role, i)])
	}
	return list
}

// Roles returns every container of the service.
func (c *Cluster) Roles() []*Node {
	var list []*Node
	for _, role := range []string{"api", "dispatch", "worker", "sweep"} {
		list = append(list, c.Role(role)...)
	}
	return list
}

// role returns the role of a container of the service.
func (n *Node) role() string {
	role, _, _ := strings.Cut(n.Name, "-")
	return role
}
