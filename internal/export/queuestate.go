package export

import "time"

// QueueState is what waits, from the rows. JetStream's count is not the same: retries that
// rest, and messages that were lost, are only in the rows.
type QueueState struct {
	At    time.Time   // by the database's clock
	Lanes []LaneState // every lane, Retries last; also those in which nothing waits
	Lag   QueueLag
}

// LaneState is what waits in a lane.
type LaneState struct {
	Lane      Lane
	Waiting   int64         // queued, and may be claimed now
	Oldest    time.Duration // for how long the first of them has been waiting
	Resting   int64         // queued, and may be claimed later
	Rendering int64
}

// QueueLag says for how long the oldest row has been due for a job that runs in the
// background. It is zero when no row is due.
type QueueLag struct {
	Publish  time.Duration // a message that is due
	Rescue   time.Duration // a lease that has run out
	Announce time.Duration // a final status that a listener was not told of
	Sweep    time.Duration // the expiry of an export
}

// Total returns the sums of all lanes, and the longest wait.
func (q QueueState) Total() LaneState {
	var sum LaneState
	for _, l := range q.Lanes {
		sum.Waiting += l.Waiting
		sum.Resting += l.Resting
		sum.Rendering += l.Rendering
		sum.Oldest = max(sum.Oldest, l.Oldest)
	}
	return sum
}
