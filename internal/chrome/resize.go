package chrome

// Resize sets the number of slots, at least one. It returns at once and does not
// interrupt documents being printed.
//
// Each additional slot can be acquired when a browser for it has started, so that no
// document waits for a start; the standby serves the first of them. Fewer slots take
// effect at once, or when the documents being printed are done. Browsers that are no
// longer needed are killed when they are idle.
func (e *Engine) Resize(slots int) {
	slots = max(slots, 1)
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case slots > e.slots:
		e.stats.Grows++
	case slots < e.slots:
		e.stats.Shrinks++
	}
	e.slots = slots
	e.applySlots()
	e.signal()
}

// applySlots makes available the slots that there are browsers for. A browser that dies
// later does not reduce the slots, because the standby replaces it. The lock is held.
func (e *Engine) applySlots() {
	inEffect, _ := e.permits.counts()
	e.permits.resize(min(e.slots, max(inEffect, e.healthy())))
	e.observeSlots()
}

// markSurplus marks surplus idle browsers, those used least recently first, for
// retireIdle to kill. The lock is held.
func (e *Engine) markSurplus() {
	surplus := e.healthy() - e.wanted()
	for _, b := range e.ready {
		if surplus <= 0 {
			return
		}
		if b.recycleReason == "" {
			b.recycleReason = notNeeded
			surplus--
		}
	}
}

// notNeeded is the recycleReason of a browser that is surplus after a Resize.
const notNeeded = "not needed"
