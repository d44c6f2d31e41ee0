package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/link"
	"github.com/letrazapp/letraz-export/internal/watch"
)

// Streams of events are server-sent events, as the HTML standard defines them: each event has
// the representation of an export. A stream begins with the current state, so that a client that
// connects again misses nothing, whatever it missed.
const (
	reconnectAfter = 2 * time.Second
	// eventsLinkFor is how long a link to a stream can be used to connect.
	eventsLinkFor = time.Hour
)

type exportEventsInput struct {
	ID          string `path:"id" maxLength:"100"`
	LastEventID string `header:"Last-Event-ID" maxLength:"40" pattern:"^[0-9]{1,17}-[a-z]{1,9}$" patternDescription:"the id of an event" doc:"Id of the last event that the client has, as EventSource sends it. The state that it stands for is not sent again"`
}

type userEventsInput struct {
	LastEventID string `header:"Last-Event-ID" maxLength:"40" pattern:"^[0-9]{1,17}-[a-z]{1,9}$" patternDescription:"the id of an event" doc:"Id of the last event that the client has, as EventSource sends it. What has changed since is sent first"`
}

type linkedEventsInput struct {
	Token       string `path:"token" maxLength:"2000"`
	LastEventID string `header:"Last-Event-ID" maxLength:"40" pattern:"^[0-9]{1,17}-[a-z]{1,9}$" patternDescription:"the id of an event" doc:"Id of the last event that the client has, as EventSource sends it"`
}

func (s *server) registerEvents(h huma.API) {
	huma.Register(h, eventsOperation(huma.Operation{
		OperationID: "export-events", Path: "/v1/exports/{id}/events", Summary: "Follow an export",
		Description: "Server-sent events named export, each with the export as get-export returns it, from the current state until the status is final. " +
			"After that, a client that connects again with the last id gets 204, and EventSource stops.",
	}, 404), s.exportEvents)
	huma.Register(h, eventsOperation(huma.Operation{
		OperationID: "events", Path: "/v1/events", Summary: "Follow all exports of the caller",
		Description: "Server-sent events named export, each with an export as get-export returns it. First those that are not finished, and those that have changed " +
			"since Last-Event-ID, among the newest 1,000; then every one that changes. An event may be repeated.",
	}), s.userEvents)
	linked := eventsOperation(huma.Operation{
		OperationID: "events-by-link", Path: eventsLink + "{token}", Summary: "Follow exports by a link",
		Description: "The events_url of an export, or the URL of create-events-link, for EventSource, which cannot send a token. A link can be used for an hour.",
	}, 404, 410)
	huma.Register(h, withoutToken(linked), s.linkedEvents)
	huma.Register(h, operation(huma.Operation{
		OperationID: "create-events-link", Method: http.MethodPost, Path: "/v1/events/link", Summary: "Make a link to the events of all exports of the caller",
		Description: "For EventSource, which cannot send a token. Whoever has the link can follow the caller's exports.",
	}, 404), s.createEventsLink)
}

func eventsOperation(op huma.Operation, errors ...int) huma.Operation {
	op.Method = http.MethodGet
	op.Responses = map[string]*huma.Response{
		"200": {
			Description: "Events, each with an export",
			Content: map[string]*huma.MediaType{eventStream: {Schema: &huma.Schema{Type: huma.TypeString, Description: "A stream of events, as the HTML standard defines it"},
				Example: "retry: 2000\n\nid: 1930296600058000-ready\nevent: export\ndata: {\"id\":\"019afc38-9c1e-7d62-8f0a-3f6f0c5d1b7e\",\"status\":\"ready\"}\n\n"}},
			Headers: map[string]*huma.Param{"X-Accel-Buffering": {Description: "Tells proxies not to hold events back", Schema: &huma.Schema{Type: huma.TypeString}, Example: "no"}},
		},
		"204": {Description: "The client has the final status already; there will be no more events"},
	}
	return operation(op, append(errors, http.StatusTooManyRequests)...)
}

const eventStream = "text/event-stream"

func (s *server) exportEvents(ctx context.Context, in *exportEventsInput) (*huma.StreamResponse, error) {
	return s.streamExport(in.ID, in.LastEventID, func() (export.Request, error) { return s.visible(ctx, in.ID) })
}

func (s *server) userEvents(ctx context.Context, in *userEventsInput) (*huma.StreamResponse, error) {
	return s.streamUser(callerOf(ctx).UserID, in.LastEventID)
}

func (s *server) linkedEvents(ctx context.Context, in *linkedEventsInput) (*huma.StreamResponse, error) {
	c, err := s.checkLink(in.Token, link.ExportEvents, link.UserEvents)
	if err != nil {
		return nil, err
	}
	if c.Purpose == link.ExportEvents {
		return s.streamExport(c.Subject, in.LastEventID, func() (export.Request, error) { return s.linked(ctx, c) })
	}
	if err := s.linksOf(ctx, c.Subject); err != nil {
		return nil, err
	}
	return s.streamUser(c.Subject, in.LastEventID)
}

type eventsLinkOutput struct {
	Body struct {
		URL       string    `json:"url" format:"uri-reference" doc:"A URL, or a path of this API"`
		ExpiresAt time.Time `json:"expires_at" doc:"A stream that is open then goes on"`
	}
}

func (s *server) createEventsLink(ctx context.Context, _ *struct{}) (*eventsLinkOutput, error) {
	if s.Links == nil {
		return nil, huma.Error404NotFound("this service makes no links, because it has no keys for them")
	}
	out := &eventsLinkOutput{}
	out.Body.ExpiresAt = time.Now().Add(eventsLinkFor).Truncate(time.Second).UTC()
	out.Body.URL = s.PublicURL + eventsLink + s.Links.Sign(link.Claim{Purpose: link.UserEvents, Subject: callerOf(ctx).UserID, Expires: out.Body.ExpiresAt})
	return out, nil
}

// eventsURL returns the link to the events of an export, or "".
func (s *server) eventsURL(r export.Request) string {
	if s.Links == nil || s.Watch == nil || r.Status.Final() {
		return ""
	}
	return s.PublicURL + eventsLink + s.Links.Sign(link.Claim{Purpose: link.ExportEvents, Subject: r.ID, Expires: time.Now().Add(eventsLinkFor)})
}

// streamExport returns a stream of the events of an export, which read reads.
func (s *server) streamExport(id, lastEventID string, read func() (export.Request, error)) (*huma.StreamResponse, error) {
	if s.Watch == nil {
		return nil, noStreams()
	}
	sub := s.Watch.Export(strings.ToLower(id)) // before the row is read, so that no change is missed
	r, err := read()
	if err != nil {
		sub.Close()
		return nil, err
	}
	if isFinal(r) && eventID(r) == lastEventID {
		sub.Close()
		return &huma.StreamResponse{Body: func(ctx huma.Context) { ctx.SetStatus(http.StatusNoContent) }}, nil
	}
	sub.Saw(r)
	return s.stream(r.UserID, sub, func(w *eventWriter) bool {
		if eventID(r) == lastEventID {
			return true
		}
		return w.send(s.event(r)) && !isFinal(r)
	}, isFinal)
}

// streamUser returns a stream of the events of a user's exports.
func (s *server) streamUser(userID, lastEventID string) (*huma.StreamResponse, error) {
	if s.Watch == nil {
		return nil, noStreams()
	}
	since := time.Now()
	if micros, _, ok := strings.Cut(lastEventID, "-"); ok {
		n, err := strconv.ParseInt(micros, 10, 64)
		if err != nil {
			return nil, invalid("header.Last-Event-ID", lastEventID, "expected the id of an event")
		}
		since = time.UnixMicro(n)
	}
	return s.stream(userID, s.Watch.User(userID, since), func(*eventWriter) bool { return true }, func(export.Request) bool { return false })
}

func noStreams() error { return huma.Error503ServiceUnavailable("this process serves no events") }

// stream returns a stream of what sub receives. It begins with what begin sends, which returns
// whether to go on, and ends after the last request. It closes sub.
func (s *server) stream(userID string, sub *watch.Subscription, begin func(*eventWriter) bool, last func(export.Request) bool) (*huma.StreamResponse, error) {
	leave, err := s.streams.enter(userID, s.MaxUserStreams, s.MaxStreams)
	if err != nil {
		sub.Close()
		if errors.Is(err, errUserCrowd) {
			return nil, huma.ErrorWithHeaders(huma.Error429TooManyRequests(fmt.Sprintf("%d streams of events are open for this user already; close one, or follow all exports in one stream", s.MaxUserStreams)),
				http.Header{"Retry-After": {"10"}})
		}
		return nil, huma.Error503ServiceUnavailable("too many streams of events are open; please try again in a moment")
	}
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		req, w := humago.Unwrap(hctx)
		afterHandlers(req.Context(), func() {
			defer leave()
			defer sub.Close()
			s.sendEvents(w, req, sub, begin, last)
		})
	}}, nil
}

// sendEvents answers with a stream: see stream.
func (s *server) sendEvents(w http.ResponseWriter, req *http.Request, sub *watch.Subscription, begin func(*eventWriter) bool, last func(export.Request) bool) {
	head := w.Header()
	head.Set("Content-Type", eventStream)
	head.Set("X-Accel-Buffering", "no") // nginx would hold events back
	w.WriteHeader(http.StatusOK)
	if req.Method == http.MethodHead {
		return
	}
	ctx, cancel := context.WithTimeout(req.Context(), s.StreamWithin)
	defer cancel()
	defer patient(ctx)()
	out := &eventWriter{w: w, connection: http.NewResponseController(w), within: s.SendWithin}
	if !out.send(fmt.Appendf(nil, "retry: %d\n\n", reconnectAfter.Milliseconds())) || !begin(out) {
		return
	}
	s.pump(ctx, sub, out, last)
}

// pump sends what the subscription receives, until the last request, or until the client, the
// time or the process ends.
func (s *server) pump(ctx context.Context, sub *watch.Subscription, out *eventWriter, last func(export.Request) bool) {
	for {
		beat, cancel := context.WithTimeout(ctx, s.HeartbeatEvery)
		r, err := sub.Next(beat)
		cancel()
		switch {
		case err == nil:
			if !out.send(s.event(r)) || last(r) {
				return
			}
		case ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded):
			return
		case !out.send([]byte(":\n\n")): // a comment, so that proxies keep the connection, and that a broken one is noticed
			return
		}
	}
}

// eventWriter sends events to one client. Each has a deadline, so that a client that does not
// read is dropped.
type eventWriter struct {
	w          http.ResponseWriter
	connection *http.ResponseController
	within     time.Duration
}

// send reports whether the client can be sent more.
func (e *eventWriter) send(event []byte) bool {
	_ = e.connection.SetWriteDeadline(time.Now().Add(e.within)) // not every connection has deadlines
	if _, err := e.w.Write(event); err != nil {
		return false
	}
	return e.connection.Flush() == nil
}

// event returns the event with the state of an export.
func (s *server) event(r export.Request) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "id: %s\nevent: export\ndata: ", eventID(r))
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s.represent(r)); err != nil { // ends with a line break
		s.Logger.Error("an export cannot be written as an event", "export_id", r.ID, "error", err)
	}
	b.WriteByte('\n')
	return b.Bytes()
}

// eventID identifies a state of an export: when the status was set, in microseconds, and the
// status, which also changes when the time of the expiry comes.
func eventID(r export.Request) string {
	return strconv.FormatInt(r.StatusAt.UnixMicro(), 10) + "-" + string(r.Status)
}

// changed tells those who wait for an export, here and in other processes, that it has changed.
func (s *server) changed(r export.Request) {
	if s.Watch != nil {
		s.Watch.Changed(export.ChangeOf(r))
	}
	if s.Changes != nil {
		s.Changes.Changed(r)
	}
}

// changedAll tells those who wait, here and in other processes, that any of a user's exports may
// have changed.
func (s *server) changedAll(userID string) {
	if s.Watch != nil {
		s.Watch.Changed(export.Change{UserID: userID})
	}
	if s.Changes != nil {
		s.Changes.ChangedAll(userID)
	}
}
