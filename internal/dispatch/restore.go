package dispatch

import (
	"context"
	"time"
)

// restore makes missing streams, and requests due whose messages are missing.
func (d *Dispatcher) restore(ctx context.Context) error {
	if time.Since(d.restored) < d.RestoreEvery {
		return nil
	}
	made, err := d.Queue.Restore(ctx)
	if len(made) > 0 {
		d.Logger.Warn("streams were missing and are made again; what they held is published again", "made", made)
	}
	if err != nil {
		return err
	}
	if err := d.find(ctx); err != nil {
		return err
	}
	d.restored = time.Now()
	return nil
}

// mostMessages is how many messages the stream may hold to be counted against the
// rows, which are looked at one by one.
const mostMessages = 10_000

// find makes requests due whose message is lost. In its own time the dispatcher
// would come to them too, but after many repeats that may be an hour.
func (d *Dispatcher) find(ctx context.Context) error {
	messages, err := d.Queue.Messages(ctx)
	if err != nil {
		return err
	}
	d.Observer.Held(messages)
	if messages > mostMessages {
		return nil
	}
	for {
		lost, err := d.Store.DispatchLost(ctx, messages, batch)
		if err != nil {
			return err
		}
		if lost > 0 {
			d.Logger.Warn("the stream has lost messages; requests are published again", "count", lost)
		}
		if lost < batch {
			return nil
		}
		messages = 0 // nobody knows whose messages are lost: all that wait are published
	}
}
