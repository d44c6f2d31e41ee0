package main

import (
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// The promised times, with an allowance for a loaded machine.
const (
	// mostTimeouts is how many attempts at a document may end at the deadline.
	mostTimeouts = 2
	// poisonLoadLimit is the maximum time of an export during a poison load: 2 s and one
	// print.
	poisonLoadLimit = 8 * time.Second
	// takeoverLimit is the maximum time from the claim of a killed worker to the next claim.
	takeoverLimit = lease + 2*time.Second
	// overtakeLimit is how long a first attempt may wait while a worker begins a later attempt
	// of another request. The first attempt's message may be on its way to another slot.
	overtakeLimit = 2 * time.Second
)

// waits checks how long exports waited for others.
func (c *checker) waits() {
	for _, id := range sorted(c.history) {
		if n := c.timeouts(id); n > mostTimeouts {
			c.found("poison", id, "it was printed until the deadline %d times", n)
		}
		c.printedTooLarge(id)
		c.overtaken(id)
	}
	for _, id := range c.takeovers {
		c.takenOver(id)
	}
	for _, s := range c.poisonLoads {
		for _, id := range sorted(c.history) {
			c.delayedByPoison(id, s)
		}
	}
}

// timeouts returns the number of attempts that ended at the deadline.
func (f facts) timeouts(id string) int {
	n := 0
	for _, s := range f.history[id] {
		if s.old == string(export.Rendering) && s.failure == string(export.RenderTimeout) {
			n++
		}
	}
	return n
}

// printedTooLarge checks that a document that is far too large is not printed.
func (c *checker) printedTooLarge(id string) {
	if c.poison[c.rows[id].user] != tooLarge {
		return
	}
	var claimed time.Time
	for _, s := range c.history[id] {
		if s.new == string(export.Rendering) {
			claimed = s.at
		}
		if s.failure == string(export.RenderTimeout) && s.old == string(export.Rendering) && c.whole(span{claimed, s.at}) {
			c.found("poison", id, "far too large a document was printed until the deadline")
		}
	}
}

// firstWait returns the time in which the request waited for its first attempt, and whether
// that attempt began.
func (f facts) firstWait(id string) (wait span, claimed bool) {
	steps := f.history[id]
	if len(steps) < 2 || steps[0].new != string(export.Queued) {
		return span{}, false
	}
	return span{steps[0].at, steps[1].at}, steps[1].new == string(export.Rendering)
}

// overtaken checks that while a request waits for its first attempt no worker begins a later
// attempt of another one.
func (c *checker) overtaken(id string) {
	wait, claimed := c.firstWait(id)
	if !claimed || wait.to.Sub(wait.from) < overtakeLimit || !c.whole(wait) {
		return
	}
	from := wait.from.Add(overtakeLimit)
	for _, other := range sorted(c.history) {
		for _, s := range c.history[other] {
			if s.new == string(export.Rendering) && s.old != s.new && s.attempt > 1 && s.at.After(from) && s.at.Before(wait.to) {
				c.found("overtaken", id, "it waited for its first attempt from %s to %s, and attempt %d of %s began at %s",
					clock(wait.from), clock(wait.to), s.attempt, other, clock(s.at))
				return
			}
		}
	}
}

// takenOver checks that a request whose worker was killed just after its claim is claimed by
// another one within the lease and two seconds.
func (c *checker) takenOver(id string) {
	var claims []time.Time
	for _, s := range c.history[id] {
		if s.new == string(export.Rendering) {
			claims = append(claims, s.at)
		}
	}
	for i, at := range claims[:max(len(claims)-1, 0)] {
		// First attempts come before retries where no slot is idle.
		if took := claims[i+1].Sub(at); took > takeoverLimit && !c.crowded(span{at.Add(lease), claims[i+1]}) {
			c.found("takeover", id, "its worker was killed, and another one claimed it %.1f s after that one had: a lease is %s", took.Seconds(), lease)
		}
	}
}

// crowded reports whether a request waited for its first attempt during s, for longer than it
// takes to deliver its message.
func (f facts) crowded(s span) bool {
	for id := range f.history {
		if wait, _ := f.firstWait(id); wait.overlaps(s) && wait.to.Sub(wait.from) > time.Second/2 {
			return true
		}
	}
	return false
}

// delayedByPoison checks that a healthy resume requested during a poison load is ready soon.
// On a machine that is too slow for the load it may wait for other healthy ones.
func (c *checker) delayedByPoison(id string, load span) {
	steps := c.history[id]
	if len(steps) == 0 || c.poison[c.rows[id].user] != "" || steps[0].at.Before(load.from) || steps[0].at.After(load.to) {
		return
	}
	for _, s := range steps {
		if !export.Status(s.new).Final() {
			continue
		}
		took := span{steps[0].at, s.at}
		seconds := took.to.Sub(took.from).Seconds()
		held := c.poisonSlotTime(took).Seconds()
		if took.to.Sub(took.from) > poisonLoadLimit && held > seconds*workers*slotsEach/2 && c.whole(took) {
			c.found("delayed", id, "it was ready after %.1f s, in which poison had slots for %.1f s", seconds, held)
		}
		return
	}
}

// poisonSlotTime returns the slot time that poison used in s, without the first attempts at
// slow documents, which are allowed.
func (f facts) poisonSlotTime(in span) (held time.Duration) {
	for id, steps := range f.history {
		kind := f.poison[f.rows[id].user]
		if kind == "" {
			continue
		}
		for i, s := range steps[:max(len(steps)-1, 0)] {
			if s.new != string(export.Rendering) || kind == slow && s.attempt == 1 {
				continue
			}
			from, to := s.at, steps[i+1].at
			if from.Before(in.from) {
				from = in.from
			}
			if to.After(in.to) {
				to = in.to
			}
			held += max(to.Sub(from), 0)
		}
	}
	return held
}

func clock(t time.Time) string { return t.UTC().Format("15:04:05.000") }
