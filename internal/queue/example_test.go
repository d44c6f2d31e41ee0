package queue_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"
	"time"

	"github.com/letrazapp/letraz-export/internal/embedded"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/queue"
)

// The messages of one export, whose first attempt fails and whose second succeeds.
func Example() {
	if err := oneExport(context.Background()); err != nil {
		log.Fatal(err)
	}
	// Output:
	// interactive: attempt 1 of 01a202b3-6b9e-7b9f-9aa2-567989566ad4
	// retry: attempt 2 of 01a202b3-6b9e-7b9f-9aa2-567989566ad4
	// retry: no message is waiting
}

func oneExport(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp("", "queue")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	server, err := embedded.StartNATS(embedded.NATSOptions{Dir: dir, MaxStore: 1 << 30})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	q, err := queue.Connect(queue.Options{InProcess: server, Name: "example", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer q.Close()
	if err := q.Provision(ctx); err != nil { // as letraz-export migrate does
		return err
	}

	// The API publishes the first attempt's message, the dispatcher those of retries.
	r := export.Request{ID: "01a202b3-6b9e-7b9f-9aa2-567989566ad4", Lane: export.Interactive, DispatchGen: 1}
	if err := take(ctx, q, r); err != nil {
		return err
	}
	r.Attempt, r.DispatchGen = 1, 2
	if err := take(ctx, q, r); err != nil {
		return err
	}

	retries, err := q.Receive(ctx, export.Retries)
	if err != nil {
		return err
	}
	defer retries.Stop()
	_, err = retries.Next(ctx, 0)
	fmt.Printf("retry: %v\n", err)

	// The worker tells listeners.
	return q.PublishEvent(ctx, export.Event{ExportID: r.ID, Status: export.Ready, At: time.Now()})
}

// take publishes the message for the request's next attempt, and takes it as a worker
// does, which claims the row, works, and acknowledges last.
func take(ctx context.Context, q *queue.Queue, r export.Request) error {
	if err := q.PublishRequest(ctx, r); err != nil {
		return err
	}
	receiver, err := q.Receive(ctx, r.MessageLane())
	if err != nil {
		return err
	}
	defer receiver.Stop()
	d, err := receiver.Next(ctx, 5*time.Second)
	if err != nil {
		return err
	}
	m, err := d.Message()
	if err != nil {
		return err
	}
	fmt.Printf("%s: attempt %d of %s\n", r.MessageLane(), m.Attempts+1, m.ExportID)
	return d.Ack(ctx)
}
