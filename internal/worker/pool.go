package worker

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// pool runs between SlotsMin and Slots slots, according to the load. It adjusts their number
// every ScaleEvery.
//
// It adds a slot if the slots were busy for more than half of the time, and the waiting
// exports would keep them busy for longer than a browser takes to start (enoughWork).
// The first condition also limits growth: a new slot is idle until its browser has
// started, so there are never more than twice as many slots as are busy. The second
// alone is not enough, because the queue's count is approximate.
//
// Every ScaleDownAfter it removes the slots that were not needed: it keeps as many as were
// busy at the same time during that interval.
type pool struct {
	*Worker
	take, work context.Context // for taking messages and for working on them; see Worker.Run
	running    sync.WaitGroup
	retries    permits
	turns      *turns
	finishing  permits              // for exports that have left their slot and are being finished
	stops      []context.CancelFunc // one per slot; used by run and scale only

	size atomic.Int32 // the number of slots

	mu   sync.Mutex
	load load
}

// finishingPerSlot is how many exports per slot may have left their slot without being
// finished: printed, but not yet stored, completed, announced and acknowledged. When the
// store, the database or the queue does not answer, the slots stop at this limit.
const finishingPerSlot = 4

// enoughWork is the time for which the waiting exports must keep the slots busy before a slot
// is added.
const enoughWork = 500 * time.Millisecond

// run returns when take has ended and every slot has stopped.
func (p *pool) run() {
	p.load.reset(time.Now())
	for range p.SlotsMin {
		p.add()
	}
	if p.SlotsMin < p.Slots {
		p.running.Go(p.scale)
	}
	p.running.Wait()
}

// add starts one more slot.
func (p *pool) add() {
	take, stop := context.WithCancel(p.take)
	p.stops = append(p.stops, stop)
	p.size.Add(1)
	p.observeSlots()
	p.running.Go(func() {
		defer stop()
		p.serveSlot(take)
	})
}

func (p *pool) scale() {
	ticker := time.NewTicker(p.ScaleEvery)
	defer ticker.Stop()
	for {
		select {
		case <-p.take.Done():
			return
		case <-ticker.C:
			p.adjust()
		}
	}
}

// adjust adds a slot, or ends slots that are not needed.
func (p *pool) adjust() {
	slots := len(p.stops)
	p.mu.Lock()
	now := p.load.sample(time.Now())
	if now.window >= p.ScaleDownAfter {
		p.load.reset(time.Now())
	}
	p.mu.Unlock()
	if target := max(now.peak, p.SlotsMin); now.window >= p.ScaleDownAfter && target < slots {
		p.resize(target, fmt.Sprintf("at most %d busy in %s", now.peak, now.window.Round(time.Millisecond)))
		return
	}
	if slots >= p.Slots || now.working <= float64(slots)/2 {
		return
	}
	ctx, cancel := context.WithTimeout(p.take, p.ScaleEvery+time.Second)
	defer cancel()
	pending, err := p.Queue.Pending(ctx)
	if err != nil {
		p.Logger.Debug("cannot get the number of waiting exports: the number of slots is not changed", "error", err)
		return
	}
	if time.Duration(pending)*now.each/time.Duration(slots) > enoughWork {
		p.resize(slots+1, fmt.Sprintf("%d exports wait, %s each", pending, now.each.Round(time.Millisecond)))
	}
}

// resize changes the number of slots. A busy slot ends after its work.
func (p *pool) resize(slots int, reason string) {
	p.Logger.Info("changing the number of slots", "from", len(p.stops), "to", slots, "reason", reason)
	p.Engine.Resize(slots)
	for len(p.stops) < slots {
		p.add()
	}
	for len(p.stops) > slots {
		last := len(p.stops) - 1
		p.stops[last]()
		p.stops = p.stops[:last]
		p.size.Add(-1)
	}
	p.observeSlots()
}

// serveSlot takes messages for one slot until take ends. It works on them under the
// context p.work.
func (p *pool) serveSlot(take context.Context) {
	var in *intake
	defer func() {
		if in != nil {
			in.stop()
		}
	}()
	for take.Err() == nil {
		var err error
		if in == nil {
			if in, err = openIntake(take, p.Queue, p.retries, p.turns, p.outages.bulk); err != nil {
				if take.Err() == nil {
					p.outages.asking.Failed(err)
				}
				pause(take, time.Second)
				continue
			}
			p.outages.asking.Recovered()
		}
		if err = p.serveOne(take, in); err != nil && take.Err() == nil {
			p.outages.receiving.Failed(err)
			in.stop()
			in = nil
			pause(take, time.Second)
		} else if err == nil {
			p.outages.receiving.Recovered()
		}
	}
}

// serveOne acquires a slot, then takes one message, so that no message waits for a slot
// here while another worker has a free one. It returns when the slot is free again.
func (p *pool) serveOne(take context.Context, in *intake) error {
	take, leaveGate, err := p.gate.enter(take)
	if err != nil {
		return err
	}
	defer leaveGate()
	slot, err := p.Engine.Acquire(take)
	if err != nil {
		return unlessGateClosed(take, err)
	}
	defer slot.Release()
	d, done, err := in.next(take)
	if err != nil {
		return unlessGateClosed(take, err)
	}
	defer done()
	p.track((*load).begin)
	defer p.track((*load).end)

	// The slot is held until the export frees it. The export then needs a permit, and
	// continues while the slot takes the next message.
	free := make(chan struct{})
	freeSlot := sync.OnceFunc(func() {
		p.finishing.acquire()
		close(free)
	})
	p.running.Go(func() {
		defer p.finishing.release()
		defer freeSlot() // if nothing was printed
		p.handle(p.work, slot, d, freeSlot)
	})
	<-free
	return nil
}

// track applies a change to the load and tells the observer.
func (p *pool) track(change func(*load, time.Time)) {
	p.mu.Lock()
	change(&p.load, time.Now())
	p.mu.Unlock()
	p.observeSlots()
}

// observeSlots tells the observer the number of slots. After a reduction, more may be busy
// than there are, until their work ends.
func (p *pool) observeSlots() {
	p.mu.Lock()
	busy := p.load.busy
	p.mu.Unlock()
	p.Observer.Slots(busy, int(p.size.Load()))
}

// pause waits for d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
