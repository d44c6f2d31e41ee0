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

// failing makes the file store fail in one way for a time.
func (tr *trial) failing(fail func(context.Context) error) func(*testing.T, context.Context) {
	return func(t *testing.T, ctx context.Context) {
		do(t, fail(ctx))
		checker.Pause(ctx, outage)
		do(t, tr.S3.Heal(ctx))
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

// Faults between the hosts of a cluster lose no export, double none and serve none late. A
// short run causes some of them at the same time.
func TestCluster_Faults(t *testing.T) {
	needEngine(t)
	tr := newTrial(t, New(t, current))
	defer tr.table(t)
	t.Run("one export", tr.oneExport)
	tr.fault(t, "none", func(t *testing.T, ctx context.Context) { checker.Pause(ctx, 5*time.Second) })
	tr.natsFaults(t)
	tr.partitions(t)
	tr.storeFaults(t)
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
	tr.more(t, "a worker's node lost", tr.lose(named("worker-1")))
	tr.more(t, "rolling restart of every role", tr.restart(tr.names()...))
	tr.takeover(t)
	tr.sweepOrphans(t)
	tr.wrongClock(t)
}

func (tr *trial) natsFaults(t *testing.T) {
	t.Helper()
	tr.more(t, "NATS: a server lost that leads no stream", tr.lose(tr.follower))
	tr.more(t, "NATS: the stream's leader lost", tr.lose(tr.leader))
	tr.fault(t, "NATS: two of three lost", func(t *testing.T, ctx context.Context) {
		do(t, tr.Node("nats-1").Kill(ctx))
		do(t, tr.Node("nats-2").Kill(ctx))
		checker.Pause(ctx, outage)
		do(t, tr.Node("nats-1").Start(ctx))
		do(t, tr.Node("nats-2").Start(ctx))
		do(t, tr.natsWhole(ctx))
	})
	// Clients stay connected to the leader, which can no longer store or deliver.
	tr.fault(t, "NATS: the stream's leader cut from the other two", func(t *testing.T, ctx context.Context) {
		leader, err := tr.leader(ctx)
		do(t, err)
		do(t, tr.Node(leader).Cut(ctx, tr.Routes))
		checker.Pause(ctx, outage)
		if now, err := tr.streamOf(ctx, other(leader)); err != nil || now.Leader == leader {
			t.Errorf("the majority's leader of the stream is %q, %v: it was %s", now.Leader, err, leader)
		}
		do(t, tr.Node(leader).Join(ctx, tr.Routes))
		do(t, tr.natsWhole(ctx))
	})
	tr.more(t, "NATS: every server cut from every other", func(t *testing.T, ctx context.Context) {
		tr.cut(tr.Routes, natsServers...)(t, ctx)
		do(t, tr.natsWhole(ctx))
	})
}

func (tr *trial) partitions(t *testing.T) {
	t.Helper()
	if short() {
		tr.fault(t, "partition: worker 1 from Postgres, worker 2 from S3", func(t *testing.T, ctx context.Context) {
			do(t, tr.Node("worker-2").Cut(ctx, tr.Files))
			tr.cut(tr.Database, "worker-1")(t, ctx)
			do(t, tr.Node("worker-2").Join(ctx, tr.Files))
		})
		tr.fault(t, "partition: a worker and every dispatcher from NATS", tr.cut(tr.Queue, "worker-1", "dispatch-1", "dispatch-2"))
	}
	tr.more(t, "partition: a worker from Postgres", tr.cut(tr.Database, "worker-1"))
	tr.more(t, "partition: a worker from NATS", tr.cut(tr.Queue, "worker-1"))
	tr.more(t, "partition: a worker from S3", tr.cut(tr.Files, "worker-1"))
	tr.more(t, "partition: every worker from Postgres", tr.cut(tr.Database, "worker-1", "worker-2"))
	tr.more(t, "partition: every dispatcher from NATS", tr.cut(tr.Queue, "dispatch-1", "dispatch-2"))
	tr.more(t, "partition: an API from Postgres", tr.cut(tr.Database, "api-2"))
}

func (tr *trial) storeFaults(t *testing.T) {
	t.Helper()
	overload := func(share float64, delay time.Duration) func(context.Context) error {
		return func(ctx context.Context) error { return tr.S3.Overload(ctx, share, delay) }
	}
	tr.more(t, "S3: two of three requests 503, others after 1 s", tr.failing(overload(0.67, time.Second)))
	tr.fault(t, "S3: overloaded, then 503 to everything", func(t *testing.T, ctx context.Context) {
		do(t, tr.S3.Overload(ctx, 0.67, time.Second))
		checker.Pause(ctx, outage)
		tr.failing(overload(1, 0))(t, ctx)
	})
	tr.more(t, "S3: two of three connections reset", tr.failing(func(context.Context) error { return tr.S3.Reset() }))
	tr.fault(t, "S3: hangs", tr.failing(func(context.Context) error { return tr.S3.Hang() }))
	tr.more(t, "S3: refuses connections", tr.failing(func(context.Context) error { return tr.S3.Refuse() }))
	// The store is closed while it is copied, so that the copy has every file.
	tr.fault(t, "S3: the bucket deleted and restored", func(t *testing.T, ctx context.Context) {
		do(t, tr.S3.Refuse())
		backup, err := tr.Bucket.Delete(ctx)
		do(t, err)
		do(t, tr.S3.Heal(ctx))
		checker.Pause(ctx, outage)
		do(t, tr.S3.Refuse())
		do(t, tr.Bucket.Restore(ctx, backup))
		do(t, tr.S3.Heal(ctx))
	})
}

// wrongClock replaces one host's roles by ones whose clock is an hour fast. A short run does
// that in the rolling upgrade.
func (tr *trial) wrongClock(t *testing.T) {
	t.Helper()
	if !hasty.has(t) {
		t.Log("the clock of a host was not changed: there is no image with a fast clock")
		return
	}
	tr.more(t, "clock: a host's is an hour fast", func(t *testing.T, ctx context.Context) {
		for _, name := range []string{"sweep-1", "dispatch-1", "worker-1", "api-1"} {
			tr.Replace(t, tr.Node(name), hasty)
		}
		tr.images = current
		checker.Pause(ctx, outage)
	})
	tr.more(t, "clock: the host with the right one lost", func(t *testing.T, ctx context.Context) {
		for _, role := range []string{"dispatch", "worker", "api"} {
			do(t, tr.Node(role+"-2").Kill(ctx))
		}
		checker.Pause(ctx, outage)
		for _, role := range []string{"dispatch", "worker", "api"} {
			do(t, tr.Node(role+"-2").Start(ctx))
		}
	})
}

// other returns a server of NATS that is not this one.
func other(server string) string {
	if server == natsServers[0] {
		return natsServers[1]
	}
	return natsServers[0]
}

// names returns the names of the service's containers.
func (c *Cluster) names() []string {
	var list []string
	for _, n := range c.Roles() {
		list = append(list, n.Name)
	}
	return list
}
