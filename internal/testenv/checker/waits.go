package checker

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
	// takeoverMargin is how long after the end of a killed worker's lease another one may claim
	// its request.
	takeoverMargin = 2 * time.Second
	// overtakeLimit is how long a first attempt may wait while a worker begins a later attempt
	// of another request. The first attempt's message may be on its way to another slot.
	overtakeLimit = 2 * time.Second
)

// waits checks how long exports waited for others.
func (c *checker) waits() {
	for _, id := range Sorted(c.History) {
		if n := c.timeouts(id); n > mostTimeouts {
			c.found("poison", id, "it was printed until the deadline %d times", n)
		}
		c.printedTooLarge(id)
		c.overtaken(id)
	}
	for _, id := range c.Takeovers {
		c.takenOver(id)
	}
	for _, s := range c.PoisonLoads {
		for _, id := range Sorted(c.History) {
			c.delayedByPoison(id, s)
		}
	}
}

// timeouts returns the number of attempts that ended at the deadline.
func (f Facts) timeouts(id string) int {
	n := 0
	for _, s := range f.History[id] {
		if s.Old == string(export.Rendering) && s.Failure == string(export.RenderTimeout) {
			n++
		}
	}
	return n
}

// printedTooLarge checks that a document that is far too large is not printed.
func (c *checker) printedTooLarge(id string) {
	if c.Poison[c.Rows[id].User] != TooLarge {
		return
	}
	var claimed time.Time
	for _, s := range c.History[id] {
		if s.New == string(export.Rendering) {
			claimed = s.At
		}
		if s.Failure == string(export.RenderTimeout) && s.Old == string(export.Rendering) && c.Whole(Span{claimed, s.At}) {
			c.found("poison", id, "far too large a document was printed until the deadline")
		}
	}
}

// firstWait returns the time in which the request waited for its first attempt, and whether
// that attempt began.
func (f Facts) firstWait(id string) (wait Span, claimed bool) {
	steps := f.History[id]
	if len(steps) < 2 || steps[0].New != string(export.Queued) {
		return Span{}, false
	}
	return Span{steps[0].At, steps[1].At}, steps[1].New == string(export.Rendering)
}

// overtaken checks that while an interactive request waits for its first attempt no worker
// begins a later attempt of another one. Retries go before the lane bulk.
func (c *checker) overtaken(id string) {
	wait, claimed := c.firstWait(id)
	if c.bulk(id) || !claimed || wait.To.Sub(wait.From) < overtakeLimit || !c.Whole(wait) {
		return
	}
	from := wait.From.Add(overtakeLimit)
	for _, other := range Sorted(c.History) {
		for _, s := range c.History[other] {
			if s.New == string(export.Rendering) && s.Old != s.New && s.Attempt > 1 && s.At.After(from) && s.At.Before(wait.To) {
				c.found("overtaken", id, "it waited for its first attempt from %s to %s, and attempt %d of %s began at %s",
					clock(wait.From), clock(wait.To), s.Attempt, other, clock(s.At))
				return
			}
		}
	}
}

// bulk reports whether the request is in the lane whose exports may wait.
func (f Facts) bulk(id string) bool { return f.Rows[id].Lane == string(export.Bulk) }

// takenOver checks that a request whose worker was killed just after its claim is claimed by
// another one within the lease and two seconds.
func (c *checker) takenOver(id string) {
	var claims []time.Time
	for _, s := range c.History[id] {
		if s.New == string(export.Rendering) {
			claims = append(claims, s.At)
		}
	}
	for i, at := range claims[:max(len(claims)-1, 0)] {
		// First attempts come before retries where no slot is idle.
		if took := claims[i+1].Sub(at); took > c.Lease+takeoverMargin && !c.crowded(Span{at.Add(c.Lease), claims[i+1]}) {
			c.found("takeover", id, "its worker was killed, and another one claimed it %.1f s after that one had: a lease is %s", took.Seconds(), c.Lease)
		}
	}
}

// crowded reports whether an interactive request waited for its first attempt during s, for longer than it
// takes to deliver its message.
func (f Facts) crowded(s Span) bool {
	for id := range f.History {
		if wait, _ := f.firstWait(id); !f.bulk(id) && wait.overlaps(s) && wait.To.Sub(wait.From) > time.Second/2 {
			return true
		}
	}
	return false
}

// delayedByPoison checks that an interactive export of a healthy resume requested during a poison load is ready soon.
// On a machine that is too slow for the load it may wait for other healthy ones.
func (c *checker) delayedByPoison(id string, load Span) {
	steps := c.History[id]
	if len(steps) == 0 || c.bulk(id) || c.Poison[c.Rows[id].User] != "" || steps[0].At.Before(load.From) || steps[0].At.After(load.To) {
		return
	}
	for _, s := range steps {
		if !export.Status(s.New).Final() {
			continue
		}
		took := Span{steps[0].At, s.At}
		seconds := took.To.Sub(took.From).Seconds()
		held := c.poisonSlotTime(took).Seconds()
		if took.To.Sub(took.From) > poisonLoadLimit && held > seconds*float64(c.Slots)/2 && c.Whole(took) {
			c.found("delayed", id, "it was ready after %.1f s, in which poison had slots for %.1f s", seconds, held)
		}
		return
	}
}

// poisonSlotTime returns the slot time that poison used in s, without the first attempts at
// slow documents, which are allowed.
func (f Facts) poisonSlotTime(in Span) (held time.Duration) {
	for id, steps := range f.History {
		kind := f.Poison[f.Rows[id].User]
		if kind == "" {
			continue
		}
		for i, s := range steps[:max(len(steps)-1, 0)] {
			if s.New != string(export.Rendering) || kind == Slow && s.Attempt == 1 {
				continue
			}
			from, to := s.At, steps[i+1].At
			if from.Before(in.From) {
				from = in.From
			}
			if to.After(in.To) {
				to = in.To
			}
			held += max(to.Sub(from), 0)
		}
	}
	return held
}

func clock(t time.Time) string { return t.UTC().Format("15:04:05.000") }
