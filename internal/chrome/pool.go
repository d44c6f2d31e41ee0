package chrome

import (
	"context"
	"errors"
	"slices"
	"time"
)

const (
	// maintainInterval is how often maintain checks memory and age. Measuring memory
	// reads a file for every process of the machine, which takes milliseconds.
	maintainInterval = 5 * time.Second
	// startsAtOnce limits how many browsers start at the same time, because starts
	// slow down the documents being printed.
	startsAtOnce = 2
	// The pause after failed starts doubles from firstPause up to lastPause.
	firstPause = 100 * time.Millisecond
	lastPause  = 10 * time.Second
)

// maintain starts missing browsers and retires those to be recycled, until the engine
// closes. It runs in one goroutine per engine.
func (e *Engine) maintain() {
	ticker := time.NewTicker(maintainInterval)
	defer ticker.Stop()
	for {
		select {
		case <-e.ctx.Done():
			return
		case <-ticker.C:
			e.measure()
		case <-e.wake:
		}
		e.adjust()
	}
}

// adjust retires browsers that are to be recycled or not needed and starts missing ones.
func (e *Engine) adjust() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.markSurplus()
	e.retireIdle()
	atOnce := startsAtOnce
	if e.failures > 0 {
		atOnce = 1
	}
	// The last condition bounds the number of browsers even if they are recycled
	// faster than new ones start.
	for !e.closing && e.starting < atOnce && e.healthy()+e.starting < e.wanted() && len(e.live)+e.starting < e.wanted()+startsAtOnce {
		e.starting++
		e.goroutines.Go(e.start)
	}
}

// wanted returns how many healthy browsers there should be. The lock is held.
func (e *Engine) wanted() int {
	if e.o.NoStandby {
		return e.slots
	}
	return e.slots + 1
}

// healthy counts the browsers that are not to be recycled. The lock is held.
func (e *Engine) healthy() int {
	n := 0
	for b := range e.live {
		if b.recycleReason == "" {
			n++
		}
	}
	return n
}

// start starts one browser, after a pause when the last start failed.
func (e *Engine) start() {
	e.mu.Lock()
	failures := e.failures
	e.mu.Unlock()
	if failures > 0 {
		pause := min(firstPause<<min(failures-1, 10), lastPause)
		select {
		case <-e.ctx.Done():
		case <-time.After(pause):
		}
	}
	began := time.Now()
	b, err := e.starter.start(e.ctx, (*browser).setUp)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.starting--
	switch {
	case err != nil && e.closing: // Close canceled the start
	case err != nil:
		e.stats.StartFailures++
		e.o.Observer.Started(time.Since(began), err)
		e.failures++
		e.startErr = err
		if e.failures&(e.failures-1) == 0 { // log failure 1, 2, 4, 8 and so on
			e.log.Error("starting a browser failed; trying again", "failures", e.failures, "error", err)
		}
		e.signal()
	case e.closing:
		b.kill()
		e.goroutines.Go(b.wait)
	default:
		if e.failures > 0 {
			e.log.Info("starting a browser succeeded after failures", "failures", e.failures)
		}
		e.failures, e.startErr = 0, nil
		e.stats.Starts++
		e.o.Observer.Started(time.Since(began), nil)
		e.log.Debug("started a browser", "browser_pid", b.proc.pid(), "took", time.Since(began))
		e.add(b)
	}
}

// take removes an idle browser from the ready list and returns it, waiting for one if
// necessary. With fresh it takes only a browser that has printed no document yet.
func (e *Engine) take(ctx context.Context, fresh bool) (*browser, error) {
	for {
		e.mu.Lock()
		if e.closing {
			e.mu.Unlock()
			return nil, ErrClosed
		}
		for i := e.pick(fresh); i >= 0; i = e.pick(fresh) {
			b := e.ready[i]
			if !b.proc.alive() {
				e.remove(b)
				continue
			}
			e.ready = slices.Delete(e.ready, i, i+1)
			e.mu.Unlock()
			return b, nil
		}
		changed, startErr := e.changed, e.startErr
		e.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			if startErr != nil {
				return nil, errors.Join(context.Cause(ctx), startErr)
			}
			return nil, context.Cause(ctx)
		}
	}
}

// pick returns the index of the idle browser to use next, or -1 if there is none. If a
// fresh browser is asked for and none is present or starting, pick marks an idle one
// to be replaced. The lock is held.
func (e *Engine) pick(fresh bool) int {
	if !fresh {
		return len(e.ready) - 1
	}
	if i := slices.IndexFunc(e.ready, func(b *browser) bool { return b.prints == 0 && b.recycleReason == "" }); i >= 0 {
		return i
	}
	if e.starting == 0 && e.healthy() >= e.wanted() {
		if i := slices.IndexFunc(e.ready, func(b *browser) bool { return b.recycleReason == "" }); i >= 0 {
			e.ready[i].recycleReason = "a fresh one is asked for"
			e.signal()
		}
	}
	return -1
}

// put takes a lent browser back. It drops a dead one, and retires one that is to be
// recycled as soon as it can be replaced.
func (e *Engine) put(b *browser) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, ok := e.live[b]; !ok || !b.proc.alive() {
		e.remove(b)
		return
	}
	e.markForRecycling(b)
	switch {
	case e.closing:
		b.kill()
	case b.recycleReason == "":
		e.ready = append(e.ready, b)
	default:
		e.ready = append([]*browser{b}, e.ready...) // used only if there is no other
		e.retireIdle()
	}
	e.signal()
}

// markForRecycling marks a browser that has reached its limit of documents or age. The
// lock is held.
func (e *Engine) markForRecycling(b *browser) {
	switch {
	case b.recycleReason != "":
	case e.o.RecycleAfter > 0 && b.prints >= b.maxUses:
		b.recycleReason = "count"
	case e.o.RecycleAge > 0 && time.Since(b.started) >= e.o.RecycleAge:
		b.recycleReason = "age"
	}
}

// retireIdle kills idle browsers marked for recycling while there are more browsers
// than wanted, so that a browser ends only after its replacement has started. The lock
// is held.
func (e *Engine) retireIdle() {
	for len(e.live) > e.wanted() {
		i := slices.IndexFunc(e.ready, func(b *browser) bool { return b.recycleReason != "" })
		if i < 0 {
			return
		}
		b := e.ready[i]
		e.log.Info("retiring a browser", "browser_pid", b.proc.pid(), "reason", b.recycleReason, "prints", b.prints, "age", time.Since(b.started))
		if b.recycleReason != notNeeded {
			e.stats.Recycles++
			e.o.Observer.Recycled(b.recycleReason)
		}
		e.remove(b)
		b.kill()
	}
}

// measure measures the memory of browsers and marks for recycling those that use too much,
// are too old or have printed enough. It leaves out browsers that have been idle since they
// were measured last, which takes a third of an idle worker's processor time.
func (e *Engine) measure() {
	e.mu.Lock()
	var browsers []*browser
	var pgids []int
	for b := range e.live {
		e.markForRecycling(b)
		if b.measured == b.prints+1 && slices.Contains(e.ready, b) {
			continue
		}
		b.measured = b.prints + 1
		browsers, pgids = append(browsers, b), append(pgids, b.proc.pid())
	}
	e.mu.Unlock()
	var memory map[int]int64
	if len(pgids) > 0 {
		memory = groupMemory(pgids)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, b := range browsers {
		b.memory = memory[b.proc.pid()]
		if e.o.RecycleMemory > 0 && b.memory > e.o.RecycleMemory && b.recycleReason == "" {
			b.recycleReason = "memory"
		}
	}
	e.stats.Memory = 0
	for b := range e.live {
		e.stats.Memory += b.memory
	}
}

// remove deletes a browser from the engine's lists and reports whether it was idle. The
// lock is held.
func (e *Engine) remove(b *browser) (idle bool) {
	if _, ok := e.live[b]; !ok {
		return false
	}
	delete(e.live, b)
	if i := slices.Index(e.ready, b); i >= 0 {
		e.ready = slices.Delete(e.ready, i, i+1)
		idle = true
	}
	e.signal()
	return idle
}
