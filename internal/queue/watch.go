package queue

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/nats-io/nats.go"

	"github.com/letrazapp/letraz-export/internal/export"
)

// changeSubject is the subject of changes other than to a final status, which has an event. No
// stream keeps these messages: they are for those who listen now.
const changeSubject = "exports.change." // + export id

// changeMessage is the body of a change. The body of an event has the same fields.
type changeMessage struct {
	ExportID string `json:"export_id"`
	UserID   string `json:"user_id"`
}

// Changed tells those who watch that a request has changed. It does not wait, and the message
// may be lost: they also look at the rows now and then.
func (q *Queue) Changed(r export.Request) {
	body, err := json.Marshal(changeMessage(export.ChangeOf(r)))
	if err != nil {
		return // two texts are always valid
	}
	_ = q.conn.Publish(changeSubject+r.ID, body) // an outage is logged by the connection
}

// ChangedAll tells those who watch that any of a user's requests may have changed. Like Changed
// it does not wait, and the message may be lost.
func (q *Queue) ChangedAll(userID string) {
	body, err := json.Marshal(changeMessage{UserID: userID})
	if err != nil {
		return // a text is always valid
	}
	_ = q.conn.Publish(changeSubject+"all", body) // an outage is logged by the connection
}

// Watch calls changed for every change of a request and every event that is published from now
// on, until stop is called or the connection is closed. Messages are lost while there is no
// connection; Watch calls lost when there is one again, and when the server or this process
// dropped messages. Both functions must not block.
func (q *Queue) Watch(changed func(export.Change), lost func()) (stop func(), err error) {
	receive := func(m *nats.Msg) {
		var c changeMessage
		if err := json.Unmarshal(m.Data, &c); err == nil && (c.ExportID != "" || c.UserID != "") { // others are not ours
			changed(export.Change(c))
		}
	}
	forget := q.listeners.add(lost)
	var subs []*nats.Subscription
	stop = func() {
		forget()
		for _, s := range subs {
			_ = s.Unsubscribe() // the connection may be closed
		}
	}
	for _, subject := range []string{eventSubject + ">", changeSubject + ">"} {
		sub, err := q.conn.Subscribe(subject, receive)
		if err != nil {
			stop()
			return nil, fmt.Errorf("watching %s: %w", subject, err)
		}
		subs = append(subs, sub)
	}
	return stop, nil
}

// Connected reports whether there is a connection now.
func (q *Queue) Connected() bool { return q.conn.IsConnected() }

// listeners are told that messages may have been lost. The zero value has none.
type listeners struct {
	mu   sync.Mutex
	next int
	all  map[int]func()
}

func (l *listeners) add(lost func()) (forget func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil {
		l.all = map[int]func(){}
	}
	id := l.next
	l.next++
	l.all[id] = lost
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.all, id)
	}
}

// lost tells all.
func (l *listeners) lost() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, lost := range l.all {
		lost()
	}
}

// lossy reports whether an error of the connection means that messages were dropped.
func lossy(err error) bool { return errors.Is(err, nats.ErrSlowConsumer) }
