package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/ops"
	"github.com/letrazapp/letraz-export/internal/telemetry"
)

// opsFlags are the flags of the operations port, which every role has.
type opsFlags struct {
	OpsListen    string `placeholder:"ADDRESS" help:"Address of the operations port of this process, as :8081: /healthz, /readyz, /metrics and /ops/queue. Keep it off the internet. Default: none." env:"LETRAZ_OPS_LISTEN" group:"listen"`
	OpsToken     string `placeholder:"TOKEN" help:"Bearer token of /ops/queue, at least 16 characters. Default: only callers on the same machine are answered." env:"LETRAZ_OPS_TOKEN" group:"listen"`
	OpsTokenFile string `placeholder:"FILE" help:"File that has the token instead; blanks around it are ignored." env:"LETRAZ_OPS_TOKEN_FILE" type:"path" group:"listen"`
}

// formerOpsFlags has the name that the operations port had when it answered probes only.
type formerOpsFlags struct {
	HealthListen string `placeholder:"ADDRESS" help:"Former name of --ops-listen, which goes first." env:"LETRAZ_HEALTH_LISTEN" group:"listen"`
}

// minOpsToken is the shortest token, so that it cannot be guessed.
const minOpsToken = 16

// token returns the token of /ops/queue, or "".
func (f opsFlags) token() (string, error) {
	token := f.OpsToken
	if f.OpsTokenFile != "" {
		if token != "" {
			return "", errors.New("give --ops-token or --ops-token-file, not both")
		}
		data, err := os.ReadFile(f.OpsTokenFile)
		if err != nil {
			return "", fmt.Errorf("reading the operations token: %w", err)
		}
		if token = strings.TrimSpace(string(data)); token == "" {
			return "", fmt.Errorf("the file %s of the operations token is empty", f.OpsTokenFile)
		}
	}
	if token != "" && len(token) < minOpsToken {
		return "", fmt.Errorf("the operations token must have at least %d characters", minOpsToken)
	}
	return token, nil
}

// or returns the flags with the address that the former flag has, if there is no other.
func (f opsFlags) or(former formerOpsFlags) opsFlags {
	if f.OpsListen == "" {
		f.OpsListen = former.HealthListen
	}
	return f
}

// metrics returns the metrics of the role, or nil if there is no port to read them at.
func (f opsFlags) metrics(role string) *telemetry.Metrics {
	if f.OpsListen == "" {
		return nil
	}
	return telemetry.New(telemetry.Options{Version: version(), Role: role})
}

// opsGrace is the time that requests to the operations port have at shutdown.
const opsGrace = time.Second

// serveOps opens the operations port, if there is one, and serves it in the group. It
// measures the parts and, in the roles that look after the queue, the queue.
func (p parts) serveOps(ctx context.Context, group *errgroup.Group, f opsFlags, health *api.Health, measured ...string) error {
	if f.OpsListen == "" {
		return nil
	}
	token, err := f.token()
	if err != nil {
		return err
	}
	listener, err := api.Listen(ctx, f.OpsListen)
	if err != nil {
		return err
	}
	queue := ops.NewQueue(p.store)
	p.measure(queue, measured...)
	if err := p.metrics.Err(); err != nil {
		return err
	}
	handler := serverHeader(ops.Handler(ops.Config{Health: health.Handler(), Metrics: p.metrics.Handler(p.log), Queue: queue, Token: token, Logger: p.log}))
	p.log.Info("the operations port is open", "ops_url", baseURL(listener.Addr()), "token", token != "")
	group.Go(func() error { return api.Serve(ctx, listener, handler, opsGrace, p.log) })
	return nil
}

// measure adds what is read when the metrics are: the state of the named parts, and of the
// queue for "queue".
func (p parts) measure(queue *ops.Queue, names ...string) {
	var dependencies []telemetry.Dependency
	for _, name := range names {
		switch name {
		case "queue":
			p.metrics.WatchQueue(queue)
			continue
		case "postgres":
			p.metrics.WatchDatabase(p.store.Stats)
		case "nats":
			p.metrics.WatchConnection(p.queue.Connection)
		case "chrome":
			p.metrics.WatchBrowsers(p.engine.Stats)
		}
		dependencies = append(dependencies, telemetry.Dependency{Name: name, Check: p.check(name).Do})
	}
	p.metrics.WatchDependencies(dependencies)
}
