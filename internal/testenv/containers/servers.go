package containers

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"

	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// The images of the servers, as in deploy/compose files; scripts/base-images.sh provides them.
const (
	postgresImage = "postgres:15-bookworm"
	natsImage     = "nats:2.15.2"
	s3Image       = "versity/versitygw:v1.8.0"
	proxyImage    = "letraz-export-test-proxies" // of scripts/cluster-images.sh
)

const mb = 1 << 20

// startPostgres starts the database and connects to it. It keeps every commit when it is
// killed.
func (c *Cluster) startPostgres(t testing.TB) {
	t.Helper()
	port := freePort(t)
	c.start(t, nodeSpec{
		name: "postgres", image: postgresImage, networks: []*testcontainers.DockerNetwork{c.Database}, ports: map[int]int{port: 5432}, memory: 512 * mb,
		env:     map[string]string{"POSTGRES_PASSWORD": "letraz", "POSTGRES_DB": "letraz"},
		command: []string{"postgres", "-c", "max_connections=100"},
		ready:   wait.ForExec([]string{"pg_isready", "-U", "postgres", "-d", "letraz", "-h", "127.0.0.1"}),
	})
	config, err := pgxpool.ParseConfig("postgres://postgres:letraz@" + local(port) + "/letraz?sslmode=disable")
	if err != nil {
		t.Fatal(err)
	}
	config.MaxConns = 8
	if c.DB, err = pgxpool.NewWithConfig(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.DB.Close)
}

// natsServers are the names of the NATS servers.
var natsServers = []string{"nats-1", "nats-2", "nats-3"}

// startNATS starts three servers that form a cluster.
func (c *Cluster) startNATS(t testing.TB) {
	t.Helper()
	var routes []string
	for _, name := range natsServers {
		routes = append(routes, "nats://"+c.alias(c.Routes, name)+":6222")
	}
	for _, name := range natsServers {
		port := freePort(t)
		c.monitors[name] = "http://" + local(port)
		c.start(t, nodeSpec{
			name: name, image: natsImage, networks: []*testcontainers.DockerNetwork{c.Queue, c.Routes}, ports: map[int]int{port: 8222}, memory: 192 * mb,
			command: []string{"--name", name, "--jetstream", "--store_dir", "/data", "--http_port", "8222", "--client_advertise", name + ":4222",
				"--cluster_name", "letraz", "--cluster", "nats://0.0.0.0:6222", "--cluster_advertise", c.alias(c.Routes, name) + ":6222",
				"--routes", strings.Join(routes, ",")},
			ready: wait.ForLog("Server is ready"),
		})
	}
	if err := checker.Retry(t.Context(), func() error { return c.electedNATS(t.Context()) }); err != nil {
		t.Fatalf("the NATS servers form no cluster: %v", err)
	}
}

// natsURL is the address of the three servers.
func natsURL() string { return "nats://" + strings.Join(natsServers, ":4222,nats://") + ":4222" }

// startS3 starts the S3 server, and the proxies through which the service reaches it.
func (c *Cluster) startS3(t testing.TB) {
	t.Helper()
	direct, control, front := freePort(t), freePort(t), freePort(t)
	c.start(t, nodeSpec{
		name: "s3", image: s3Image, networks: []*testcontainers.DockerNetwork{c.Files}, ports: map[int]int{direct: 7070}, memory: 256 * mb,
		env:     map[string]string{"ROOT_ACCESS_KEY": accessKey, "ROOT_SECRET_KEY": secretKey},
		command: []string{"posix", "--sidecar", "/tmp/sidecar", "/tmp/files"},
		files:   []testcontainers.ContainerFile{emptyFile("/tmp/files/.made"), emptyFile("/tmp/sidecar/.made")},
		ready:   wait.ForListeningPort("7070/tcp").SkipInternalCheck(),
	})
	c.start(t, nodeSpec{
		name: "s3-proxy", image: proxyImage, networks: []*testcontainers.DockerNetwork{c.Files}, ports: map[int]int{control: 8474}, memory: 128 * mb,
		command: []string{"/toxiproxy", "-host", "0.0.0.0"},
		ready:   wait.ForHTTP("/version").WithPort("8474/tcp"),
	})
	c.start(t, nodeSpec{
		name: "s3-front", image: proxyImage, networks: []*testcontainers.DockerNetwork{c.Files}, ports: map[int]int{front: 8475}, memory: 128 * mb,
		command: []string{"/s3front", "http://s3-proxy:7070"},
		ready:   wait.ForHTTP("/").WithPort("8475/tcp"),
	})
	c.Bucket = openBucket(t, direct)
	c.S3 = openFaucet(t, local(front), local(control))
}

func emptyFile(path string) testcontainers.ContainerFile {
	return testcontainers.ContainerFile{Reader: strings.NewReader(""), ContainerFilePath: path, FileMode: 0o644}
}

func blobURL(host string) string {
	return fmt.Sprintf("s3://%s?region=us-east-1&use_path_style=true&endpoint=http://%s", bucketName, host)
}
