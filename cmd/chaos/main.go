package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// options are the flags of a run.
type options struct {
	program  string
	seed     uint64
	duration time.Duration
	short    bool
	rate     float64
	keep     bool
}

func run(args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 && args[0] == "nats" {
		return serveNATS(args[1:], stderr)
	}
	var o options
	flags := flag.NewFlagSet("chaos", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.program, "program", "bin/letraz-export-crashpoints", "the service, built with -tags crashpoints")
	flags.Uint64Var(&o.seed, "seed", 0, "repeats the schedule of an earlier run; 0 draws one")
	flags.DurationVar(&o.duration, "duration", 10*time.Minute, "how long there are faults")
	flags.BoolVar(&o.short, "short", false, "every kind of fault once, in about two minutes")
	flags.Float64Var(&o.rate, "rate", 5, "exports asked for each second")
	flags.BoolVar(&o.keep, "keep", false, "keep the logs also when all is well")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	if o.seed == 0 {
		o.seed = uint64(time.Now().UnixNano()) % 1_000_000
	}
	if o.short {
		o.duration = shortFaults
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	verdict, ok := chaos(ctx, o, stdout)
	fmt.Fprintln(stdout, verdict)
	if !ok {
		return 1
	}
	return 0
}
