// Command letraz-export exports resumes: an API that records requests, workers
// that render them with headless Chrome, and the upkeep around them, each as a
// command of its own or all together in serve.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(runMain()) }

// runMain ends the run at the first signal; a second one ends the process.
func runMain() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return run(ctx, os.Args[1:], os.Stdout, os.Stderr)
}
