package blob

import (
	"context"
	"io"
	"iter"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Observer is told of operations, for metrics and traces. It must not block.
type Observer interface {
	// Operation is called after an operation with its name, one of Operations. A missing
	// file is ErrNotFound.
	Operation(ctx context.Context, name string, took time.Duration, err error)
}

// Operations lists the names of the operations that are observed.
func Operations() []string { return []string{"put", "copy", "sync", "open", "delete", "list", "ping"} }

// Observe makes the store tell o of its operations. It is called before the store is used;
// a nil o changes nothing.
func (s *Store) Observe(o Observer) {
	if o != nil {
		s.backend = observed{s.backend, o}
	}
}

// observed is a backend that tells an observer.
type observed struct {
	backend
	observer Observer
}

func (b observed) tell(ctx context.Context, name string, began time.Time, err error) {
	b.observer.Operation(ctx, name, time.Since(began), err)
}

func (b observed) put(ctx context.Context, key string, data []byte, contentType string) error {
	began := time.Now()
	err := b.backend.put(ctx, key, data, contentType)
	b.tell(ctx, "put", began, err)
	return err
}

func (b observed) copy(ctx context.Context, from, to string) (int64, error) {
	began := time.Now()
	n, err := b.backend.copy(ctx, from, to)
	b.tell(ctx, "copy", began, err)
	return n, err
}

func (b observed) sync(ctx context.Context, key string) error {
	began := time.Now()
	err := b.backend.sync(ctx, key)
	b.tell(ctx, "sync", began, err)
	return err
}

func (b observed) open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error) {
	began := time.Now()
	r, n, err := b.backend.open(ctx, key)
	b.tell(ctx, "open", began, err)
	return r, n, err
}

func (b observed) delete(ctx context.Context, key string) error {
	began := time.Now()
	err := b.backend.delete(ctx, key)
	b.tell(ctx, "delete", began, err)
	return err
}

// list is observed until its end, so its time contains that of the caller's work.
func (b observed) list(ctx context.Context, under string) iter.Seq2[export.StoredFile, error] {
	return func(yield func(export.StoredFile, error) bool) {
		began := time.Now()
		var failed error
		defer func() { b.tell(ctx, "list", began, failed) }()
		for f, err := range b.backend.list(ctx, under) {
			failed = err
			if !yield(f, err) {
				return
			}
		}
	}
}

func (b observed) ping(ctx context.Context) error {
	began := time.Now()
	err := b.backend.ping(ctx)
	b.tell(ctx, "ping", began, err)
	return err
}
