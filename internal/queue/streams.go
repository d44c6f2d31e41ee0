package queue

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Names on the server, part of the contract with other services.
const (
	requestStream  = "EXPORTS"
	eventStream    = "EXPORT_EVENTS"
	requestSubject = "exports.requested." // + lane + "." + export id; for retries + "." + attempts
	eventSubject   = "exports.event."     // + status + "." + export id
	workerConsumer = "workers-"           // + lane
)

// AckWait is the time after which the server delivers a message again if its worker does not
// call InProgress.
const AckWait = 30 * time.Second

const (
	// maxEventBytes is more than the events of a day need.
	maxEventBytes = 1 << 30
	// inProcessEventBytes keeps the memory of a server in this process low: some 70,000
	// events, in blocks of 4 MB. A larger bound makes blocks of 8 MB, which stay in
	// memory while they fill and count twice for the garbage collector.
	inProcessEventBytes = 31 << 20
)

// streams returns the settings of both streams.
func (q *Queue) streams() []jetstream.StreamConfig {
	return []jetstream.StreamConfig{{
		Name:        requestStream,
		Description: "Export requests waiting for a worker; the rows in Postgres are the truth",
		Subjects:    []string{requestSubject + ">"},
		Retention:   jetstream.WorkQueuePolicy,
		Storage:     jetstream.FileStorage,
		Replicas:    q.replicas,
		// One outstanding message per export: a repeat is refused, not queued twice.
		Discard:              jetstream.DiscardNew,
		MaxMsgsPerSubject:    1,
		DiscardNewPerSubject: true,
		// About 200 bytes each: bounded far below what a disk holds. A bound in bytes
		// would double the blocks that the server keeps in memory.
		MaxMsgs:    2_000_000,
		MaxMsgSize: 4 << 10,
		Duplicates: 2 * time.Minute,
	}, {
		Name:        eventStream,
		Description: "What became of export requests, for a day",
		Subjects:    []string{eventSubject + ">"},
		Retention:   jetstream.LimitsPolicy,
		Storage:     jetstream.FileStorage,
		Replicas:    q.replicas,
		Discard:     jetstream.DiscardOld,
		MaxAge:      24 * time.Hour,
		// Every event has a subject of its own, and the server keeps the subjects in
		// memory: 0.3 kB each, so 75 MB at most.
		MaxMsgs:    250_000,
		MaxBytes:   q.maxEventBytes,
		MaxMsgSize: 16 << 10,
		Duplicates: 2 * time.Minute,
	}}
}

// consumerConfig returns the settings of the consumer that the workers of a lane share.
func consumerConfig(lane export.Lane) jetstream.ConsumerConfig {
	subject := requestSubject + string(lane) + ".*"
	if lane == export.Retries {
		subject += ".*"
	}
	return jetstream.ConsumerConfig{
		Durable:       workerConsumer + string(lane),
		Description:   "Workers of the lane " + string(lane),
		FilterSubject: subject,
		AckPolicy:     jetstream.AckExplicitPolicy,
		AckWait:       AckWait,
		// The row has the attempts and the backoff, so the server delivers a message any
		// number of times, and a returned message does not delay others.
		MaxDeliver:    -1,
		MaxAckPending: -1,
	}
}

// subjectOf returns the subject of a request's next message. Each message has its own subject,
// because a subject holds one message: the message of a later attempt must not be refused
// because that of an earlier one, whose worker died, is still there.
func subjectOf(r export.Request) string {
	lane := r.MessageLane()
	subject := requestSubject + string(lane) + "." + r.ID
	if lane == export.Retries {
		subject += "." + strconv.Itoa(r.Attempt)
	}
	return subject
}

// Provision creates the streams and the workers' consumers, or brings their
// settings up to date, waiting for a connection until ctx ends. It is safe to
// run many at once and again.
func (q *Queue) Provision(ctx context.Context) error {
	if err := q.connected(ctx); err != nil {
		return fmt.Errorf("creating the streams: %w", err)
	}
	for _, cfg := range q.streams() {
		// Creating a stream that exists with the same settings does nothing.
		_, err := q.js.CreateStream(ctx, cfg)
		if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
			_, err = q.js.UpdateStream(ctx, cfg)
		}
		if err != nil {
			return fmt.Errorf("creating the stream %s: %w", cfg.Name, err)
		}
	}
	for _, lane := range export.MessageLanes() {
		cfg := consumerConfig(lane)
		if _, err := q.js.CreateOrUpdateConsumer(ctx, requestStream, cfg); err != nil {
			return fmt.Errorf("creating the consumer %s: %w", cfg.Durable, err)
		}
	}
	return nil
}

// Restore creates the streams and the consumers that are missing, as after a restart
// on an empty store, and returns their names. It changes nothing that is there: only
// Provision changes settings.
func (q *Queue) Restore(ctx context.Context) (made []string, err error) {
	if !q.conn.IsConnected() {
		return nil, ErrDisconnected
	}
	ctx, cancel := context.WithTimeout(ctx, publishTimeout)
	defer cancel()
	for _, cfg := range q.streams() {
		if _, err = q.js.Stream(ctx, cfg.Name); errors.Is(err, jetstream.ErrStreamNotFound) {
			if _, err = q.js.CreateStream(ctx, cfg); err == nil {
				made = append(made, cfg.Name)
			}
		}
		if err != nil {
			return made, fmt.Errorf("restoring the stream %s: %w", cfg.Name, err)
		}
	}
	for _, lane := range export.MessageLanes() {
		cfg := consumerConfig(lane)
		if _, err = q.js.Consumer(ctx, requestStream, cfg.Durable); errors.Is(err, jetstream.ErrConsumerNotFound) {
			if _, err = q.js.CreateConsumer(ctx, requestStream, cfg); err == nil {
				made = append(made, cfg.Durable)
			}
		}
		if err != nil {
			return made, fmt.Errorf("restoring the consumer %s: %w", cfg.Durable, err)
		}
	}
	return made, nil
}
