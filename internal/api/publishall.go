package api

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/letrazapp/letraz-export/internal/export"
)

const (
	// publishers is how many messages of a batch are published at the same time.
	publishers = 8
	// eraseFilesWithin bounds how long the deletion of a batch waits for files.
	eraseFilesWithin = 10 * time.Second
	// fileDeletes is how many files of a batch are deleted at the same time.
	fileDeletes = 8
)

// publishAll publishes the messages of a batch's exports, for publishWithin at most. The
// dispatcher publishes the others; none is lost.
func (s *server) publishAll(ctx context.Context, all []export.Request) {
	if len(all) == 0 {
		return
	}
	left := all
	err := errPaused
	if time.Now().UnixNano() >= s.publishing.pausedUntil.Load() {
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), publishWithin)
		left, err = s.publishSome(limited, all)
		if len(left) == len(all) && limited.Err() != nil { // it hangs
			s.publishing.pausedUntil.Store(time.Now().Add(pauseAfterHang).UnixNano())
		}
		cancel()
	}
	if len(left) == 0 {
		s.outages.publisher.Recovered()
		return
	}
	ids := make([]string, len(left))
	for i, r := range left {
		ids[i] = r.ID
	}
	if err != nil {
		s.outages.publisher.Failed(err, "batch_id", left[0].BatchID)
	}
	handOver, cancel := context.WithTimeout(context.WithoutCancel(ctx), handOverWithin)
	defer cancel()
	if err := s.Store.DispatchFailed(handOver, ids); err != nil {
		s.outages.handOver.Failed(err, "batch_id", left[0].BatchID)
		return
	}
	s.outages.handOver.Recovered()
	s.Wake()
}

// publishSome publishes messages until one cannot be published or ctx ends. It returns the
// requests whose messages may not have been published, and why; no error if only the time
// was over.
func (s *server) publishSome(ctx context.Context, all []export.Request) (left []export.Request, err error) {
	var mu sync.Mutex
	var next atomic.Int64
	var over atomic.Bool // no more are tried
	var group errgroup.Group
	for range publishers {
		group.Go(func() error {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(all) {
					return nil
				}
				var failed error
				if !over.Load() && ctx.Err() == nil {
					failed = s.Publisher.PublishRequest(ctx, all[i])
				} else {
					over.Store(true)
				}
				if failed == nil && !over.Load() {
					s.Logger.InfoContext(ctx, "export published", append(all[i].LogAttrs(), "lane", string(all[i].MessageLane()))...)
					continue
				}
				over.Store(true)
				mu.Lock()
				left = append(left, all[i])
				if err == nil && failed != nil {
					err = fmt.Errorf("publishing the exports of a batch: %w", failed)
				}
				mu.Unlock()
			}
		})
	}
	_ = group.Wait() // the functions return none
	return left, err
}

// eraseAllOf deletes the files of expired requests and finishes their rows.
func (s *server) eraseAllOf(ctx context.Context, expired []export.Request) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), eraseFilesWithin)
	defer cancel()
	var mu sync.Mutex
	var gone []string
	var group errgroup.Group
	group.SetLimit(fileDeletes)
	for _, r := range expired {
		group.Go(func() error {
			if r.Artifact.BlobKey != "" {
				if err := s.Files.Delete(ctx, r.Artifact.BlobKey); err != nil {
					return err
				}
			}
			mu.Lock()
			defer mu.Unlock()
			gone = append(gone, r.ID)
			return nil
		})
	}
	err := group.Wait()
	if len(gone) > 0 {
		if _, finishErr := s.Store.FinishSweep(context.WithoutCancel(ctx), gone); err == nil {
			err = finishErr
		}
	}
	return err
}
