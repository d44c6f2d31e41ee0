package chrome

import "time"

// Observer receives the events of an engine, for example to record metrics. Its
// methods are called concurrently, some with the engine's lock held: they must return
// at once and must not call the engine.
type Observer interface {
	// Printed: an attempt to print a document has ended. err is nil or an error of
	// [Slot.Print], such as [ErrTimeout], [ErrCrashed] or [ErrKilled]. A document that
	// is printed again in a second browser is reported twice.
	Printed(took time.Duration, err error)
	// Started: a browser other than the first has started, or failed to start with err.
	Started(took time.Duration, err error)
	// Recycled: a browser is replaced because of its "count" of documents, its "age",
	// its "memory", or another reason. The reason never contains document content.
	Recycled(reason string)
	// Slots: busy of all slots in effect are taken.
	Slots(busy, all int)
}

// unobserved is an [Observer] that does nothing.
type unobserved struct{}

func (unobserved) Printed(time.Duration, error) {}
func (unobserved) Started(time.Duration, error) {}
func (unobserved) Recycled(string)              {}
func (unobserved) Slots(int, int)               {}

// observeSlots reports the number of slots to the observer.
func (e *Engine) observeSlots() {
	all, busy := e.permits.counts()
	e.o.Observer.Slots(busy, all)
}
