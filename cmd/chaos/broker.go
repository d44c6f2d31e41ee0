package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/letrazapp/letraz-export/internal/embedded"
	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// broker is a NATS server in a separate process, which runs this program.
type broker struct {
	dir     string
	address string
	process *process
	mu      sync.Mutex
}

// requestStream is the stream of requests, named as in internal/queue. Its subjects contain
// the export's id, and it has one consumer per lane.
const requestStream = "EXPORTS"

// serveNATS runs the NATS server of that process until a signal.
func serveNATS(args []string, stderr io.Writer) int {
	if len(args) != 2 {
		fmt.Fprintln(stderr, "usage: chaos nats DIR ADDRESS")
		return 2
	}
	server, err := embedded.StartNATS(embedded.NATSOptions{Dir: args[0], Listen: args[1], MaxStore: 8 << 30})
	if err != nil {
		fmt.Fprintln(stderr, "chaos nats:", err)
		return 1
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	<-ctx.Done()
	if err := server.Close(); err != nil {
		fmt.Fprintln(stderr, "chaos nats:", err)
		return 1
	}
	return 0
}

func startBroker(ctx context.Context, dir, logs string, j *checker.Journal) (*broker, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding this program: %w", err)
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	b := &broker{dir: dir, address: address}
	b.process = &process{name: "nats", program: self, args: []string{"nats", dir, address}, env: os.Environ(),
		log: filepath.Join(logs, "nats.log"), journal: j}
	b.process.start()
	return b, b.ready(ctx)
}

// kill kills the server; its supervisor starts it again. With empty, its files are deleted
// before that.
func (b *broker) kill(ctx context.Context, empty bool) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !empty {
		b.process.signal(syscall.SIGKILL)
		return b.ready(ctx)
	}
	// Delete the directory while the server is not running.
	if err := b.process.stopAs(ctx, syscall.SIGKILL); err != nil {
		return err
	}
	err := os.RemoveAll(b.dir)
	b.process.start()
	return errors.Join(err, b.ready(ctx))
}

// ready waits until the server answers.
func (b *broker) ready(ctx context.Context) error {
	return b.with(ctx, func(ctx context.Context, js jetstream.JetStream) error {
		_, err := js.AccountInfo(ctx)
		return err
	})
}

// with calls do with a direct connection to the server, until it succeeds.
func (b *broker) with(ctx context.Context, do func(context.Context, jetstream.JetStream) error) error {
	return checker.Retry(ctx, func() error {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		conn, err := nats.Connect("nats://"+b.address, nats.Timeout(time.Second))
		if err != nil {
			return err
		}
		defer conn.Close()
		js, err := jetstream.New(conn)
		if err != nil {
			return err
		}
		return do(ctx, js)
	})
}

// holds reports whether the stream has a message for the export, waiting or delivered to a
// worker.
func (b *broker) holds(ctx context.Context, id string) (kept bool, err error) {
	err = b.with(ctx, func(ctx context.Context, js jetstream.JetStream) error {
		s, err := js.Stream(ctx, requestStream)
		if err != nil {
			return err
		}
		info, err := s.Info(ctx, jetstream.WithSubjectFilter(">"))
		if err != nil {
			return err
		}
		for subject := range info.State.Subjects {
			kept = kept || slices.Contains(strings.Split(subject, "."), id)
		}
		return nil
	})
	return kept, err
}

// purge deletes every waiting message.
func (b *broker) purge(ctx context.Context) error {
	return b.with(ctx, func(ctx context.Context, js jetstream.JetStream) error {
		s, err := js.Stream(ctx, requestStream)
		if errors.Is(err, jetstream.ErrStreamNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return s.Purge(ctx)
	})
}

func (b *broker) deleteStream(ctx context.Context) error {
	return b.with(ctx, func(ctx context.Context, js jetstream.JetStream) error {
		if err := js.DeleteStream(ctx, requestStream); !errors.Is(err, jetstream.ErrStreamNotFound) {
			return err
		}
		return nil
	})
}

// deleteConsumers deletes the consumers of every lane.
func (b *broker) deleteConsumers(ctx context.Context) error {
	return b.with(ctx, func(ctx context.Context, js jetstream.JetStream) error {
		s, err := js.Stream(ctx, requestStream)
		if errors.Is(err, jetstream.ErrStreamNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		names := s.ConsumerNames(ctx)
		for name := range names.Name() {
			if err := s.DeleteConsumer(ctx, name); err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
				return err
			}
		}
		return names.Err()
	})
}
