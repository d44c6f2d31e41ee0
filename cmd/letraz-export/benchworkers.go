package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/letrazapp/letraz-export/internal/bench"
)

type benchWorkersCmd struct {
	Workers    []int         `help:"Numbers of worker processes to compare." default:"1,2,4,8"`
	Documents  int           `help:"Documents in each round." default:"200"`
	Rounds     int           `help:"Rounds of each number, alternating." default:"2"`
	Rate       float64       `help:"Exports requested each second, by all clients together: fewer than the machine can print, so that the cost of distribution is measured and not that of a saturated machine. 0: all of a round at once." default:"0"`
	Idle       time.Duration `help:"Also measure, for this long in each round, the workers while nothing is requested." default:"0s"`
	Clients    int           `help:"HTTP clients that ask for exports." default:"8"`
	Sample     string        `help:"Sample resume to export." default:"first-job"`
	benchFlags `embed:""`
}

// Validate is called by kong.
func (b *benchWorkersCmd) Validate() error {
	switch {
	case len(b.Workers) == 0 || slices.Min(b.Workers) < 1 || slices.Max(b.Workers) > 64:
		return errors.New("--workers must be numbers between 1 and 64")
	case b.Documents < 10 || b.Documents > 100_000:
		return errors.New("--documents must be between 10 and 100000")
	case b.Rounds < 1 || b.Rounds > 100:
		return errors.New("--rounds must be between 1 and 100")
	case !(b.Rate >= 0 && b.Rate <= 1000):
		return errors.New("--rate must be between 0 and 1000")
	case b.Idle < 0 || b.Idle > time.Hour:
		return errors.New("--idle must be between 0 and 1h")
	}
	if b.Slots == 0 {
		b.Slots = 1
	}
	return b.check(b.Clients)
}

// Run measures worker processes on private servers in a temporary directory.
func (b *benchWorkersCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding this program: %w", err)
	}
	on, err := startBench(e, b.benchFlags, benchOptions{sample: b.Sample, clients: b.Clients, natsListen: "127.0.0.1:0"}, &c)
	if err != nil {
		return err
	}
	measurement := bench.Workers{Counts: b.Workers, Documents: b.Documents, Rounds: b.Rounds, Rate: b.Rate, Idle: b.Idle, Clients: b.Clients, Slots: b.Slots,
		Start: func(ctx context.Context) (func() error, error) {
			return startWorkerProcess(ctx, self, b.workerArgs(on))
		},
		Unfinished: func(ctx context.Context) (int64, error) {
			state, err := on.store.QueueState(ctx)
			all := state.Total()
			return all.Waiting + all.Resting + all.Rendering, err
		},
		Servers: on.serverCounts}
	report, err := measurement.Measure(e.ctx, on.Service)
	if err != nil {
		return err
	}
	return b.show(e, report)
}

// serverCounts returns what Postgres and NATS have done until now.
func (on *benchService) serverCounts(ctx context.Context) (bench.ServerCounts, error) {
	database, err := on.store.Activity(ctx)
	if err != nil {
		return bench.ServerCounts{}, err
	}
	messages, err := on.nats.Traffic()
	return bench.ServerCounts{Transactions: float64(database.Transactions), LogBytes: float64(database.LogBytes), DatabaseConns: database.Connections,
		Messages: float64(messages.Messages), MessageBytes: float64(messages.Bytes), NATSConns: messages.Connections}, err
}

// workerArgs returns the command line of a worker that prints every export.
func (b *benchWorkersCmd) workerArgs(on *benchService) []string {
	slots := strconv.Itoa(b.Slots)
	args := []string{"worker", "--database-url", on.databaseURL, "--nats-url", on.natsURL, "--blob-url", on.filesURL,
		"--slots", slots, "--slots-min", slots, "--no-reuse", "--chrome-user", b.ChromeUser}
	if b.Chrome != "" {
		args = append(args, "--chrome", b.Chrome)
	}
	if b.NoSandbox {
		args = append(args, "--no-sandbox")
	}
	return args
}

// startWorkerProcess starts a worker and waits until it is ready. The returned function ends it.
func startWorkerProcess(ctx context.Context, program string, args []string) (stop func() error, err error) {
	cmd := exec.CommandContext(context.WithoutCancel(ctx), program, args...) // is to be stopped, not killed
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); !isSetting(name) {
			cmd.Env = append(cmd.Env, v)
		}
	}
	log, err := cmd.StderrPipe()
	if err != nil {
		return nil, fmt.Errorf("starting a worker: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting a worker: %w", err)
	}
	ready, ended := make(chan struct{}), make(chan struct{})
	var last string // line of the log; to be read after ended is closed
	go func() {
		defer close(ended)
		var once sync.Once
		for lines := bufio.NewScanner(log); lines.Scan(); {
			last = lines.Text()
			if strings.Contains(last, "the worker is ready") {
				once.Do(func() { close(ready) })
			}
		}
		_ = cmd.Wait() // its status is in ProcessState
	}()
	stop = func() error {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended
		select {
		case <-ended:
			if code := cmd.ProcessState.ExitCode(); code != 0 {
				return fmt.Errorf("a worker ended with status %d: %s", code, last)
			}
			return nil
		case <-time.After(time.Minute):
			_ = cmd.Process.Kill()
			<-ended
			return fmt.Errorf("a worker did not end within a minute: %s", last)
		}
	}
	select {
	case <-ready:
		return stop, nil
	case <-ended:
		return nil, fmt.Errorf("a worker ended at once: %s", last)
	case <-ctx.Done():
		return nil, errors.Join(context.Cause(ctx), stop())
	}
}

// isSetting reports whether an environment variable is a setting of this program, which a
// benchmark keeps from the processes that it starts.
func isSetting(name string) bool {
	return strings.HasPrefix(name, "LETRAZ_") || slices.Contains([]string{"DATABASE_URL", "NATS_URL", "BLOB_URL", "JWT_SECRET", "JWKS_URL"}, name)
}
