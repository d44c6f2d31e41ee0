package containers

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
)

// label marks everything that these tests make in the engine, so that a later run finds what
// an interrupted one left.
const label = "letraz-export.test-cluster"

// engineTimeout is the maximum time of one call to the engine on a busy machine.
const engineTimeout = 2 * time.Minute

// engine is the container engine.
type engine struct {
	client *testcontainers.DockerClient
}

// connect connects to the engine and removes what an interrupted run left.
func connect(t testing.TB) *engine {
	t.Helper()
	c, err := testcontainers.NewDockerClientWithOpts(t.Context())
	if err != nil {
		t.Fatalf("connecting to the container engine: %v", err)
	}
	t.Cleanup(func() { _ = c.Close() }) // nothing was written
	e := &engine{client: c}
	if err := e.sweep(t.Context()); err != nil {
		t.Fatalf("removing what an earlier run left: %v", err)
	}
	return e
}

// sweep removes every container and network with the label.
func (e *engine) sweep(ctx context.Context) error {
	marked := client.Filters{}.Add("label", label)
	containers, err := e.client.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: marked})
	if err != nil {
		return err
	}
	for _, c := range containers.Items {
		if _, err := e.client.ContainerRemove(ctx, c.ID, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true}); err != nil {
			return err
		}
	}
	networks, err := e.client.NetworkList(ctx, client.NetworkListOptions{Filters: marked})
	if err != nil {
		return err
	}
	for _, n := range networks.Items {
		if _, err := e.client.NetworkRemove(ctx, n.ID, client.NetworkRemoveOptions{}); err != nil {
			return err
		}
	}
	return nil
}

// freePort returns a port at which nothing listens. Ports are fixed, because the engine
// otherwise chooses another one at each start of a container.
func freePort(t testing.TB) int {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }() // nothing was written
	return l.Addr().(*net.TCPAddr).Port
}

func local(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

func wrap(what string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
