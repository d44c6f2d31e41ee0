package containers

import (
	"context"
	"testing"
	"time"

	"github.com/testcontainers/testcontainers-go"

	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// outage is how long something is away: longer than the lease, so that work changes hands.
const outage = Lease + 3*time.Second

// do fails the test if a step of a fault fails.
func do(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// cut takes nodes off a network for a time.
func (tr *trial) cut(network *testcontainers.DockerNetwork, names ...string) func(*testing.T, context.Context) {
	return func(t *testing.T, ctx context.Context) {
		for _, name := range names {
			do(t, tr.Node(name).Cut(ctx, network))
		}
		checker.Pause(ctx, outage)
		for _, name := range names {
			do(t, tr.Node(name).Join(ctx, network))
		}
	}
}

// lose kills a node for a time.
func (tr *trial) lose(choose func(context.Context) (string, error)) func(*testing.T, context.Context) {
	return func(t *testing.T, ctx context.Context) {
		name, err := choose(ctx)
		do(t, err)
		do(t, tr.Node(name).Kill(ctx))
		checker.Pause(ctx, outage)
		do(t, tr.Node(name).Start(ctx))
		if _, isNATS := tr.monitors[name]; isNATS {
			do(t, tr.natsWhole(ctx))
		}
	}
}

// files makes the file store fail in one way for a time.
func (tr *trial) files(fail func() error) func(*testing.T, context.Context) {
	return func(t *testing.T, ctx context.Context) {
		do(t, fail())
		checker.Pause(ctx, outage)
		do(t, tr.S3.Heal())
	}
}

func (tr *trial) restart(names ...string) func(*testing.T, context.Context) {
	return func(t *testing.T, ctx context.Context) {
		for _, name := range names {
			do(t, tr.Node(name).Restart(ctx))
			checker.Pause(ctx, 500*time.Millisecond)
		}
	}
}

func named(name string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return name, nil }
}

// Faults between the hosts of a cluster lose no export, double none and serve none late.
func TestCluster_Faults(t *testing.T) {
	needEngine(t)
	tr := newTrial(t, New(t, current))
	defer tr.table(t)
	tr.fault(t, "none", func(t *testing.T, ctx context.Context) { checker.Pause(ctx, 5*time.Second) })
	tr.more(t, "NATS: a server lost that leads no stream", tr.lose(tr.follower))
	tr.fault(t, "NATS: the stream's leader lost", tr.lose(tr.leader))
	tr.fault(t, "NATS: two of three lost", func(t *testing.T, ctx context.Context) {
		do(t, tr.Node("nats-1").Kill(ctx))
		do(t, tr.Node("nats-2").Kill(ctx))
		checker.Pause(ctx, outage)
		do(t, tr.Node("nats-1").Start(ctx))
		do(t, tr.Node("nats-2").Start(ctx))
		do(t, tr.natsWhole(ctx))
	})
	tr.fault(t, "partition: a worker from Postgres", tr.cut(tr.Database, "worker-1"))
	tr.fault(t, "partition: a worker from NATS", tr.cut(tr.Queue, "worker-1"))
	tr.fault(t, "partition: a worker from S3", tr.cut(tr.Files, "worker-1"))
	tr.more(t, "partition: every worker from Postgres", tr.cut(tr.Database, "worker-1", "worker-2"))
	tr.fault(t, "partition: every dispatcher from NATS", tr.cut(tr.Queue, "dispatch-1", "dispatch-2"))
	tr.more(t, "partition: an API from Postgres", tr.cut(tr.Database, "api-2"))
	tr.more(t, "S3: answers after 1.5 s", tr.files(func() error { return tr.S3.Slow(1500 * time.Millisecond) }))
	tr.fault(t, "S3: two of three connections reset", tr.files(tr.S3.Reset))
	tr.fault(t, "S3: hangs", tr.files(tr.S3.Hang))
	tr.more(t, "S3: refuses connections", tr.files(tr.S3.Refuse))
	tr.more(t, "Postgres: restarted", func(t *testing.T, ctx context.Context) {
		do(t, tr.Node("postgres").Restart(ctx))
		checker.Pause(ctx, outage)
	})
	tr.fault(t, "Postgres: killed", func(t *testing.T, ctx context.Context) {
		do(t, tr.Node("postgres").Kill(ctx))
		do(t, tr.Node("postgres").Start(ctx))
		checker.Pause(ctx, outage)
	})
	tr.fault(t, "a worker frozen past its lease", func(t *testing.T, ctx context.Context) {
		do(t, tr.Node("worker-1").Pause(ctx))
		checker.Pause(ctx, outage)
		do(t, tr.Node("worker-1").Unpause(ctx))
	})
	tr.fault(t, "a worker's node lost", tr.lose(named("worker-1")))
	tr.fault(t, "rolling restart of every role", tr.restart(tr.names()...))
	tr.takeover(t)
}

// names returns the names of the service's containers.
func (c *Cluster) names() []string {
	var list []string
	for _, n := range c.Roles() {
		list = append(list, n.Name)
	}
	return list
}
