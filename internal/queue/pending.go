package queue

import (
	"context"
	"fmt"
)

// Pending is how many messages of the interactive lane wait for a worker. It is a
// hint: under fast publishing the server's count strays from the truth.
func (q *Queue) Pending(ctx context.Context) (int, error) {
	consumer, err := q.js.Consumer(ctx, requestStream, workerConsumer+Interactive)
	if err != nil {
		return 0, fmt.Errorf("asking how many messages wait: %w", err)
	}
	return int(min(consumer.CachedInfo().NumPending, 1<<31-1)), nil
}
