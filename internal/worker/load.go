package worker

import "time"

// load adds up the work of a pool's slots.
type load struct {
	busy int       // slots at work
	last time.Time // of the last change or sample

	// Since reset:
	start  time.Time
	peak   int           // most slots at work at the same time
	worked time.Duration // of all slots together
	ended  int           // exports

	// At the last sample:
	sampled    time.Time
	workedThen time.Duration
}

// sample says how busy the slots are.
type sample struct {
	working float64       // slots at work since the sample before, on average
	each    time.Duration // how long an export takes; at least, before the first has ended
	peak    int           // most slots at work at the same time in the window
	window  time.Duration // the time since reset
}

func (l *load) begin(now time.Time) {
	l.elapse(now)
	l.busy++
	l.peak = max(l.peak, l.busy)
}

func (l *load) end(now time.Time) {
	l.elapse(now)
	l.busy--
	l.ended++
}

func (l *load) elapse(now time.Time) {
	l.worked += time.Duration(l.busy) * now.Sub(l.last)
	l.last = now
}

func (l *load) sample(now time.Time) sample {
	l.elapse(now)
	s := sample{each: l.worked / time.Duration(max(l.ended, 1)), peak: l.peak, window: now.Sub(l.start)}
	if passed := now.Sub(l.sampled); passed > 0 {
		s.working = float64(l.worked-l.workedThen) / float64(passed)
	}
	l.sampled, l.workedThen = now, l.worked
	return s
}

// reset starts a new window with the slots that are at work.
func (l *load) reset(now time.Time) {
	*l = load{busy: l.busy, last: now, start: now, peak: l.busy, sampled: now}
}
