package containers

import (
	"bytes"
	"context"
	"fmt"

	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/log"
	"github.com/testcontainers/testcontainers-go/wait"

	"github.com/moby/moby/api/pkg/stdcopy"
)

// Node is one container. Its methods cause faults and end them.
type Node struct {
	Name string

	engine  *engine
	id      string
	aliases map[string]string // its name in each network, by the network's ID
}

// nodeSpec is what a container is made of.
type nodeSpec struct {
	name     string // also its alias in every network
	image    string
	command  []string
	env      map[string]string
	files    []testcontainers.ContainerFile
	networks []*testcontainers.DockerNetwork
	ports    map[int]int // ports of the container by the ports of this machine's loopback address
	memory   int64       // bytes
	seccomp  string      // profile; empty for the engine's
	ready    wait.Strategy
	once     bool // it ends by itself
}

// start starts a container and waits until it is ready. It is removed when the cluster is,
// also if t is a part of the cluster's test; its log is kept if the test failed.
func (c *Cluster) start(t testing.TB, s nodeSpec) *Node {
	t.Helper()
	n := &Node{Name: s.name, engine: c.engine, aliases: map[string]string{}}
	options := []testcontainers.ContainerCustomizer{
		testcontainers.WithCmd(s.command...), testcontainers.WithEnv(s.env), testcontainers.WithFiles(s.files...),
		testcontainers.WithLabels(map[string]string{label: s.name}), testcontainers.WithLogger(log.NewNoopLogger()),
		testcontainers.WithHostConfigModifier(func(h *container.HostConfig) {
			h.Memory = s.memory
			if !s.once {
				h.RestartPolicy = container.RestartPolicy{Name: container.RestartPolicyUnlessStopped}
			}
			h.PortBindings = network.PortMap{}
			for outside, inside := range s.ports {
				port := network.MustParsePort(fmt.Sprintf("%d/tcp", inside))
				h.PortBindings[port] = []network.PortBinding{{HostIP: netip.MustParseAddr("127.0.0.1"), HostPort: fmt.Sprint(outside)}}
			}
			if s.seccomp != "" {
				h.SecurityOpt = []string{"seccomp=" + s.seccomp}
			}
		}),
	}
	for _, inside := range s.ports {
		options = append(options, testcontainers.WithExposedPorts(fmt.Sprintf("%d/tcp", inside)))
	}
	for _, to := range s.networks {
		n.aliases[to.ID] = c.alias(to, s.name)
		options = append(options, withNetwork(to, n.aliases[to.ID]))
	}
	if s.ready != nil {
		options = append(options, testcontainers.WithWaitStrategyAndDeadline(engineTimeout, s.ready))
	}
	made, err := testcontainers.Run(t.Context(), s.image, options...)
	if made != nil {
		n.id = made.GetContainerID()
		c.owner.Cleanup(func() { n.remove(c.owner, c.logs) })
	}
	if err != nil {
		t.Fatalf("starting %s: %v", s.name, err)
	}
	c.nodes[s.name] = n
	return n
}

// withNetwork adds a container to a network, in which name is its alias.
func withNetwork(n *testcontainers.DockerNetwork, name string) testcontainers.CustomizeRequestOption {
	return func(r *testcontainers.GenericContainerRequest) error {
		if r.NetworkAliases == nil {
			r.NetworkAliases = map[string][]string{}
		}
		r.Networks = append(r.Networks, n.Name)
		r.NetworkAliases[n.Name] = []string{name}
		return nil
	}
}

// remove removes the container and keeps its log if the test failed.
func (n *Node) remove(t testing.TB, logs string) {
	ctx, cancel := context.WithTimeout(context.Background(), engineTimeout)
	defer cancel()
	if t.Failed() && logs != "" {
		text, err := n.Log(ctx)
		if err == nil {
			err = os.WriteFile(filepath.Join(logs, n.Name+"-"+n.id[:6]+".log"), text, 0o600)
		}
		if err != nil {
			t.Logf("keeping the log of %s: %v", n.Name, err)
		}
	}
	if _, err := n.engine.client.ContainerRemove(ctx, n.id, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true}); err != nil {
		t.Errorf("removing %s: %v", n.Name, err)
	}
}

// Log returns what the container wrote, of all its starts.
func (n *Node) Log(ctx context.Context) ([]byte, error) {
	r, err := n.engine.client.ContainerLogs(ctx, n.id, client.ContainerLogsOptions{ShowStdout: true, ShowStderr: true})
	if err != nil {
		return nil, wrap("reading the log of "+n.Name, err)
	}
	defer func() { _ = r.Close() }() // nothing was written
	var text bytes.Buffer
	_, err = stdcopy.StdCopy(&text, &text, r)
	return text.Bytes(), wrap("reading the log of "+n.Name, err)
}

// Kill ends the container as the loss of its machine would. Start starts it again.
func (n *Node) Kill(ctx context.Context) error {
	_, err := n.engine.client.ContainerKill(ctx, n.id, client.ContainerKillOptions{Signal: "SIGKILL"})
	return wrap("killing "+n.Name, err)
}

// Start starts a container that was killed.
func (n *Node) Start(ctx context.Context) error {
	_, err := n.engine.client.ContainerStart(ctx, n.id, client.ContainerStartOptions{})
	return wrap("starting "+n.Name, err)
}

// Restart stops the container with its stop signal and starts it again.
func (n *Node) Restart(ctx context.Context) error {
	patience := 30 // seconds
	_, err := n.engine.client.ContainerRestart(ctx, n.id, client.ContainerRestartOptions{Timeout: &patience})
	return wrap("restarting "+n.Name, err)
}

// stop stops the container for good. Its log remains.
func (n *Node) stop(ctx context.Context) error {
	patience := 30 // seconds
	_, err := n.engine.client.ContainerStop(ctx, n.id, client.ContainerStopOptions{Timeout: &patience})
	return wrap("stopping "+n.Name, err)
}

// succeeded returns an error unless the container ended with status 0.
func (n *Node) succeeded(ctx context.Context) error {
	r, err := n.engine.client.ContainerInspect(ctx, n.id, client.ContainerInspectOptions{})
	if err == nil && r.Container.State.ExitCode != 0 {
		err = fmt.Errorf("it ended with status %d", r.Container.State.ExitCode)
	}
	return wrap(n.Name, err)
}

// Pause stops the execution of the container's processes until Unpause.
func (n *Node) Pause(ctx context.Context) error {
	_, err := n.engine.client.ContainerPause(ctx, n.id, client.ContainerPauseOptions{})
	return wrap("pausing "+n.Name, err)
}

// Unpause continues the container's processes.
func (n *Node) Unpause(ctx context.Context) error {
	_, err := n.engine.client.ContainerUnpause(ctx, n.id, client.ContainerUnpauseOptions{})
	return wrap("continuing "+n.Name, err)
}

// Cut takes the container off a network: packets of existing connections are lost, and new
// ones have no route.
func (n *Node) Cut(ctx context.Context, from *testcontainers.DockerNetwork) error {
	_, err := n.engine.client.NetworkDisconnect(ctx, from.ID, client.NetworkDisconnectOptions{Container: n.id, Force: true})
	return wrap("cutting "+n.Name, err)
}

// Join connects the container with a network again.
func (n *Node) Join(ctx context.Context, to *testcontainers.DockerNetwork) error {
	_, err := n.engine.client.NetworkConnect(ctx, to.ID, client.NetworkConnectOptions{Container: n.id,
		EndpointConfig: &network.EndpointSettings{Aliases: []string{n.aliases[to.ID]}}})
	return wrap("joining "+n.Name, err)
}
