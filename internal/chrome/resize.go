package chrome

// Resize sets the number of slots, one at least. It returns at once and disturbs
// no document.
//
// More slots take effect one by one as browsers for them have printed a first
// page, the standby being the first of these; until then they cannot be acquired,
// so that no document waits for a start. Fewer slots take effect at once, or when
// documents under way are done. Browsers that are not needed any more are ended
// while they are idle.
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
	e.open()
	e.signal()
}

// open puts the slots into effect that there are browsers for. A browser that dies
// later takes no slot away: the standby is there for that. The lock is held.
func (e *Engine) open() {
	inEffect, _ := e.permits.counts()
	e.permits.resize(min(e.slots, max(inEffect, e.healthy())))
	e.observeSlots()
}

// spare marks idle browsers that are beyond what is wanted, the coldest first, for
// retireIdle to end. The lock is held.
func (e *Engine) spare() {
	surplus := e.healthy() - e.wanted()
	for _, b := range e.ready {
		if surplus <= 0 {
			return
		}
		if b.worn == "" {
			b.worn = notNeeded
			surplus--
		}
	}
}

// notNeeded is why a browser is ended after a Resize.
const notNeeded = "not needed"
