package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/letrazapp/letraz-export/internal/export"
)

// requestMessage is the body of a request's message. Workers refuse a version
// they do not know.
type requestMessage struct {
	Version  int    `json:"v"`
	ExportID string `json:"export_id"`
	Attempts int    `json:"attempts,omitempty"` // claimed when it was published
}

const messageVersion = 1

// ErrFull means that the stream is at its limit; the dispatcher tries again later.
var ErrFull = errors.New("the request stream is full")

// JetStream's code for a message that a stream's or a subject's limit refuses.
const codeStreamStoreFailed = 10077

// PublishRequest puts the message for the request's next attempt into the stream. A
// message that is there already is success.
func (q *Queue) PublishRequest(ctx context.Context, r export.Request) error {
	body, err := json.Marshal(requestMessage{Version: messageVersion, ExportID: r.ID, Attempts: r.Attempt})
	if err != nil {
		return fmt.Errorf("writing the message of export request %s: %w", r.ID, err)
	}
	err = q.publish(ctx, RequestMessage, body, Outgoing{Subject: subjectOf(r), ID: fmt.Sprintf("%s:%d", r.ID, r.DispatchGen),
		ExportID: r.ID, Traceparent: r.Traceparent, First: r.FirstMessage()})
	var apiErr *jetstream.APIError
	if errors.As(err, &apiErr) && apiErr.ErrorCode == codeStreamStoreFailed {
		err = fmt.Errorf("%w: %w", ErrFull, err)
	}
	if err != nil {
		return fmt.Errorf("publishing export request %s: %w", r.ID, err)
	}
	return nil
}

// eventMessage is the body of an event. resume_id, user_id, exported_at,
// error_message and failed_at are the fields Letraz's server listens for.
type eventMessage struct {
	ExportID     string     `json:"export_id"`
	ResumeID     string     `json:"resume_id"`
	UserID       string     `json:"user_id"`
	BatchID      string     `json:"batch_id,omitempty"`
	Status       string     `json:"status"`
	At           time.Time  `json:"at"`
	ExportedAt   *time.Time `json:"exported_at,omitempty"`
	FailedAt     *time.Time `json:"failed_at,omitempty"`
	ErrorMessage string     `json:"error_message,omitempty"`
}

// PublishEvent publishes that a request reached a status. The server drops repeats
// within the stream's duplicate window; listeners get later ones, because events are
// at least once. A request that fails, is tried again and fails again has two events
// with different times.
func (q *Queue) PublishEvent(ctx context.Context, e export.Event) error {
	at := e.At.UTC()
	m := eventMessage{ExportID: e.ExportID, ResumeID: e.ResumeID, UserID: e.UserID, BatchID: e.BatchID, Status: string(e.Status), At: at, ErrorMessage: e.ErrorMessage}
	switch e.Status {
	case export.Ready:
		m.ExportedAt = &at
	case export.Failed:
		m.FailedAt = &at
	}
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("writing the %s event of export request %s: %w", e.Status, e.ExportID, err)
	}
	err = q.publish(ctx, EventMessage, body, Outgoing{Subject: eventSubject + string(e.Status) + "." + e.ExportID, ID: fmt.Sprintf("%s:%s:%d", e.ExportID, e.Status, at.UnixMicro()),
		ExportID: e.ExportID, Traceparent: e.Traceparent})
	if err != nil {
		return fmt.Errorf("publishing the %s event of export request %s: %w", e.Status, e.ExportID, err)
	}
	return nil
}

// publish sends one message and waits until the stream has stored it.
func (q *Queue) publish(ctx context.Context, kind string, body []byte, m Outgoing) (err error) {
	began := time.Now()
	m.Size, m.Destination = len(body), Destination(m.Subject)
	traceparent, sent := q.tracer.Send(ctx, m)
	defer func() {
		sent(err)
		q.observer.Published(ctx, kind, time.Since(began), err)
	}()
	if !q.conn.IsConnected() {
		return ErrDisconnected
	}
	limited, cancel := context.WithTimeout(ctx, publishTimeout)
	defer cancel()
	msg := &nats.Msg{Subject: m.Subject, Data: body}
	if traceparent != "" {
		msg.Header = nats.Header{traceHeader: {traceparent}}
	}
	_, err = q.js.PublishMsg(limited, msg, jetstream.WithMsgID(m.ID))
	if alreadyQueued(err) {
		return nil
	}
	return err
}

// alreadyQueued reports whether a message was refused because its subject has one.
func alreadyQueued(err error) bool {
	var apiErr *jetstream.APIError
	return errors.As(err, &apiErr) && apiErr.ErrorCode == codeStreamStoreFailed && strings.Contains(apiErr.Description, "per subject")
}
