package chrome

import "time"

// Observer is told what an engine does, as for metrics. Its methods are called from
// many goroutines, some of which hold the engine's lock: they return at once and call
// no method of the engine.
type Observer interface {
	// Printed: a browser has finished a document, or failed to. err is nil, or one of
	// [ErrTimeout], [ErrCrashed], [ErrKilled] and the other errors of [Slot.Print]. A
	// document that is tried in a second browser is told of twice.
	Printed(took time.Duration, err error)
	// Started: a browser after the first was started, or err says why not.
	Started(took time.Duration, err error)
	// Recycled: a browser is ended because of its "count" of documents, its "age", its
	// "memory", or another reason that names no document.
	Recycled(reason string)
	// Slots: so many of the slots in effect are taken.
	Slots(busy, all int)
}

// unobserved is an [Observer] that does nothing.
type unobserved struct{}

func (unobserved) Printed(time.Duration, error) {}
func (unobserved) Started(time.Duration, error) {}
func (unobserved) Recycled(string)              {}
func (unobserved) Slots(int, int)               {}

// observeSlots tells the observer of a change.
func (e *Engine) observeSlots() {
	all, busy := e.permits.counts()
	e.o.Observer.Slots(busy, all)
}
