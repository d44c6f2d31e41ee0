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

// mostMessages is up to how many messages in the stream lost ones are looked for: the
// rows are read one by one.
const mostMessages = 10_000

// findLost makes requests due whose message is lost. They would be due anyway, but
// after many repeats that may take an hour.
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
		messages = 0 // whose messages are lost is not known: all that wait are published
	}
}
