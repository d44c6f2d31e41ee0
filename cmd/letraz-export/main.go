// Command letraz-export exports resumes. It has an API that records requests, workers that
// render them with headless Chrome, a dispatcher and a sweeper, each as its own command or all
// together in serve.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(runMain()) }

// runMain runs the program. The first signal cancels its context; a second one ends the process.
func runMain() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}
