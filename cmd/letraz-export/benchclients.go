package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/letrazapp/letraz-export/internal/bench"
)

type benchClientsCmd struct {
	Waiting    []int  `help:"Numbers of clients that want a file at the same time." default:"1,8"`
	Documents  int    `help:"Documents in each round." default:"100"`
	Rounds     int    `help:"Rounds of each, alternating; medians are reported." default:"4"`
	Sample     string `help:"Sample resume to export." default:"first-job"`
	benchFlags `embed:""`
}

// Validate is called by kong.
func (b *benchClientsCmd) Validate() error {
	switch {
	case len(b.Waiting) == 0 || slices.Min(b.Waiting) < 1 || slices.Max(b.Waiting) > 1000:
		return errors.New("--waiting must be numbers between 1 and 1000")
	case b.Documents < 10 || b.Documents > 100_000:
		return errors.New("--documents must be between 10 and 100000")
	case b.Rounds < 1 || b.Rounds > 100:
		return errors.New("--rounds must be between 1 and 100")
	}
	return b.check(1)
}

// Run measures on private servers in a temporary directory.
func (b *benchClientsCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	service, err := startBench(e, b.benchFlags, benchOptions{sample: b.Sample, clients: slices.Max(b.Waiting)}, &c)
	if err != nil {
		return err
	}
	measurement := bench.Clients{Counts: b.Waiting, Documents: b.Documents, Rounds: b.Rounds}
	report, err := measurement.Measure(e.ctx, service.Service)
	if err != nil {
		return err
	}
	return b.show(e, report)
}

type benchStreamsCmd struct {
	Streams    int    `help:"Streams of events, and exports in each round." default:"1000"`
	Rounds     int    `help:"Rounds with and without streams, alternating; medians are reported." default:"3"`
	Clients    int    `help:"HTTP clients that request the exports." default:"16"`
	Sample     string `help:"Sample resume to export." default:"first-job"`
	benchFlags `embed:""`
}

// Validate is called by kong.
func (b *benchStreamsCmd) Validate() error {
	switch {
	case b.Streams < 1 || b.Streams > maxBenchStreams:
		return fmt.Errorf("--streams must be between 1 and %d", maxBenchStreams)
	case b.Rounds < 1 || b.Rounds > 100:
		return errors.New("--rounds must be between 1 and 100")
	}
	return b.check(b.Clients)
}

// Run measures on private servers in a temporary directory.
func (b *benchStreamsCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding this program: %w", err)
	}
	service, err := startBench(e, b.benchFlags, benchOptions{sample: b.Sample, clients: b.Clients}, &c)
	if err != nil {
		return err
	}
	measurement := bench.Streams{Streams: b.Streams, Rounds: b.Rounds, Clients: b.Clients,
		Follow: func(ctx context.Context, ids []string) (bench.Followers, error) {
			return startFollowers(ctx, self, service.apiURL, service.token, ids)
		}}
	report, err := measurement.Measure(e.ctx, service.Service)
	if err != nil {
		return err
	}
	return b.show(e, report)
}

// followers is a process that follows exports.
type followers struct {
	cmd *exec.Cmd
	out *bufio.Reader
}

// startFollowers starts a process that follows the exports, and waits until all streams are
// open.
func startFollowers(ctx context.Context, program, url, token string, ids []string) (bench.Followers, error) {
	cmd := exec.CommandContext(ctx, program, "bench", "follow", "--server", url)
	cmd.Stdin, cmd.Stderr = strings.NewReader(token+"\n"+strings.Join(ids, "\n")+"\n"), os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("starting the clients: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the clients: %w", err)
	}
	f := followers{cmd, bufio.NewReader(out)}
	if line, err := f.out.ReadString('\n'); err != nil || line != "open\n" {
		return nil, fmt.Errorf("the clients did not open their streams: %w", errors.Join(err, cmd.Wait()))
	}
	return f, nil
}

// Finish waits until the process has ended.
func (f followers) Finish() (bench.Followed, error) {
	var got bench.Followed
	data, err := io.ReadAll(f.out)
	if err := errors.Join(err, f.cmd.Wait()); err != nil {
		return got, fmt.Errorf("following the exports: %w", err)
	}
	if err := json.Unmarshal(data, &got); err != nil {
		return got, fmt.Errorf("reading what the clients received: %w", err)
	}
	return got, nil
}

// benchFollowCmd is the other process of bench streams.
type benchFollowCmd struct {
	Server string `required:""`
}

// Run follows the exports whose ids are the lines of standard input, after one with the token.
func (b *benchFollowCmd) Run(e *env) error {
	return bench.Follow(e.ctx, b.Server, os.Stdin, e.stdout)
}
