package dispatch

import "github.com/letrazapp/letraz-export/internal/export"

// Observer is notified of what a dispatcher does, for metrics. Its methods must not block.
type Observer interface {
	// Round: a round has ended.
	Round(err error)
	// Published: so many messages were put into the stream, of retries or again.
	Published(messages int)
	// Rescued: the lease of an attempt ran out. The request is queued again, or failed.
	Rescued(r export.Request)
	// Announced is called with the number of final statuses that the dispatcher announced.
	Announced(statuses int)
	// Held is called at intervals with the number of messages in the stream.
	Held(messages int)
}

// unobserved is the Observer that does nothing.
type unobserved struct{}

func (unobserved) Round(error)            {}
func (unobserved) Published(int)          {}
func (unobserved) Rescued(export.Request) {}
func (unobserved) Announced(int)          {}
func (unobserved) Held(int)               {}
