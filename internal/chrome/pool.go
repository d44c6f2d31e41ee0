package chrome

import (
	"context"
	"errors"
	"slices"
	"time"
)

const (
	// keepEvery is how often the keeper measures memory and looks at ages. Measuring
	// reads a file for every process of the machine, which takes milliseconds.
	keepEvery = 5 * time.Second
	// startsAtOnce limits how many browsers start at the same time, for the sake
	// of the documents being printed meanwhile.
	startsAtOnce = 2
	// The pause after failed starts doubles from the first to the second.
	firstPause = 100 * time.Millisecond
	lastPause  = 10 * time.Second
)

// keep is the engine's own goroutine: it starts browsers until there are enough,
// and retires worn ones. It ends when the engine closes.
func (e *Engine) keep() {
	ticker := time.NewTicker(keepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-e.ctx.Done():
			return
		case <-ticker.C:
			e.inspect()
		case <-e.wake:
		}
		e.fill()
	}
}

// fill retires the browsers that are worn or not needed and starts the missing ones.
func (e *Engine) fill() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.spare()
	e.retireIdle()
	atOnce := startsAtOnce
	if e.failures > 0 {
		atOnce = 1
	}
	// The second bound keeps browsers that wear out faster than they start from
	// piling up.
	for !e.closing && e.starting < atOnce && e.healthy()+e.starting < e.wanted() && len(e.live)+e.starting < e.wanted()+startsAtOnce {
		e.starting++
		e.goroutines.Go(e.start)
	}
}

// wanted is how many browsers there should be that are not worn. The lock is held.
func (e *Engine) wanted() int {
	if e.o.NoStandby {
		return e.slots
	}
	return e.slots + 1
}

// healthy counts the browsers that are not worn. The lock is held.
func (e *Engine) healthy() int {
	n := 0
	for b := range e.live {
		if b.worn == "" {
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
	case err != nil && e.closing: // it was stopped
	case err != nil:
		e.stats.StartFailures++
		e.o.Observer.Started(time.Since(began), err)
		e.failures++
		e.startErr = err
		if e.failures&(e.failures-1) == 0 { // the first one, then more and more seldom
			e.log.Error("could not start a browser: trying again", "failures", e.failures, "error", err)
		}
		e.signal()
	case e.closing:
		b.kill()
		e.goroutines.Go(b.wait)
	default:
		if e.failures > 0 {
			e.log.Info("browsers start again", "failures", e.failures)
		}
		e.failures, e.startErr = 0, nil
		e.stats.Starts++
		e.o.Observer.Started(time.Since(began), nil)
		e.log.Debug("started a browser", "browser_pid", b.proc.pid(), "took", time.Since(began))
		e.add(b)
	}
}

// take lends an idle browser out, waiting for one if need be; a fresh one has printed
// no document yet.
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

// pick is the index of the idle browser to use next, -1 when there is none. Where
// none of several is fresh, one is marked to be replaced by a fresh one. The lock is
// held.
func (e *Engine) pick(fresh bool) int {
	if !fresh {
		return len(e.ready) - 1
	}
	if i := slices.IndexFunc(e.ready, func(b *browser) bool { return b.prints == 0 && b.worn == "" }); i >= 0 {
		return i
	}
	if e.starting == 0 && e.healthy() >= e.wanted() {
		if i := slices.IndexFunc(e.ready, func(b *browser) bool { return b.worn == "" }); i >= 0 {
			e.ready[i].worn = "a fresh one is asked for"
			e.signal()
		}
	}
	return -1
}

// put takes a lent browser back, unless it is dead or worn and can be spared.
func (e *Engine) put(b *browser) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, ok := e.live[b]; !ok || !b.proc.alive() {
		e.remove(b)
		return
	}
	e.judge(b)
	switch {
	case e.closing:
		b.kill()
	case b.worn == "":
		e.ready = append(e.ready, b)
	default:
		e.ready = append([]*browser{b}, e.ready...) // used only when nothing else is left
		e.retireIdle()
	}
	e.signal()
}

// judge marks a browser that has printed enough or is old enough. The lock is held.
func (e *Engine) judge(b *browser) {
	switch {
	case b.worn != "":
	case e.o.RecycleAfter > 0 && b.prints >= b.maxUses:
		b.worn = "count"
	case e.o.RecycleAge > 0 && time.Since(b.started) >= e.o.RecycleAge:
		b.worn = "age"
	}
}

// retireIdle kills worn browsers that are idle, as far as there are more browsers
// than wanted: a replacement is up before the old one goes. The lock is held.
func (e *Engine) retireIdle() {
	for len(e.live) > e.wanted() {
		i := slices.IndexFunc(e.ready, func(b *browser) bool { return b.worn != "" })
		if i < 0 {
			return
		}
		b := e.ready[i]
		e.log.Info("retiring a browser", "browser_pid", b.proc.pid(), "reason", b.worn, "prints", b.prints, "age", time.Since(b.started))
		if b.worn != notNeeded {
			e.stats.Recycles++
			e.o.Observer.Recycled(b.worn)
		}
		e.remove(b)
		b.kill()
	}
}

// inspect marks browsers, idle ones above all, that are too old or too big.
func (e *Engine) inspect() {
	e.mu.Lock()
	browsers := make([]*browser, 0, len(e.live))
	pgids := make([]int, 0, len(e.live))
	for b := range e.live {
		e.judge(b)
		browsers, pgids = append(browsers, b), append(pgids, b.proc.pid())
	}
	e.mu.Unlock()
	memory := groupMemory(pgids)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stats.Memory = 0
	for _, b := range browsers {
		size := memory[b.proc.pid()]
		e.stats.Memory += size
		if e.o.RecycleMemory > 0 && size > e.o.RecycleMemory && b.worn == "" {
			b.worn = "memory"
		}
	}
}

// remove forgets a browser and reports whether it was idle. The lock is held.
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
