package worker

import "time"

// load measures how busy the slots of a pool are.
type load struct {
	busy int       // busy slots
	last time.Time // time of the last change or sample

	// Since reset:
	start  time.Time
	peak   int           // maximum of busy
	worked time.Duration // busy time, summed over all slots
	ended  int           // exports that ended

	// At the last sample:
	sampled    time.Time
	workedThen time.Duration
}

// sample is a measurement of the load.
type sample struct {
	working float64       // busy slots since the previous sample, on average
	each    time.Duration // busy time per export; a lower bound before the first has ended
	peak    int           // maximum of busy slots in the window
	window  time.Duration // time since reset
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

// reset starts a new window with the slots that are busy now.
func (l *load) reset(now time.Time) {
	*l = load{busy: l.busy, last: now, start: now, peak: l.busy, sampled: now}
}
