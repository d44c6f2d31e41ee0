package dispatch

import (
	"context"
	"time"
)

// restore creates missing streams, and makes requests due whose messages are missing.
func (d *Dispatcher) restore(ctx context.Context) error {
	if time.Since(d.restored) < d.RestoreEvery {
		return nil
	}
	made, err := d.Queue.Restore(ctx)
	if len(made) > 0 {
		d.Logger.Warn("streams were missing and are created again; what they held is published again", "created", made)
	}
	if err != nil {
		return err
	}
	if err := d.findLost(ctx); err != nil {
		return err
	}
	d.restored = time.Now()
	return nil
}

// mostMessages limits the search for lost messages, which reads the rows one by one: a
// stream with more messages is not searched.
const mostMessages = 10_000

// findLost makes requests due whose message is lost. They become due without it, but
// after many repeats only once an hour.
func (d *Dispatcher) findLost(ctx context.Context) error {
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
		messages = 0 // it is not known which messages are lost, so all waiting requests become due
	}
}
