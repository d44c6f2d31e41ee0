package dispatch

import "github.com/letrazapp/letraz-export/internal/export"

// Observer is told what a dispatcher does, as for metrics. Its methods return at once.
type Observer interface {
	// Published: so many messages were put into the stream, of retries or again.
	Published(messages int)
	// Rescued: the lease of an attempt ran out. The request is queued again, or failed.
	Rescued(r export.Request)
	// Announced: listeners were told of so many final statuses that nobody had announced.
	Announced(statuses int)
	// Held is how many messages the stream holds, now and then.
	Held(messages int)
}

// unobserved tells nobody.
type unobserved struct{}

func (unobserved) Published(int)          {}
func (unobserved) Rescued(export.Request) {}
func (unobserved) Announced(int)          {}
func (unobserved) Held(int)               {}
