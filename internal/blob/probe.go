package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"syscall"

	"github.com/letrazapp/letraz-export/internal/export"
)

// ProbeError says that the store cannot take files now.
type ProbeError struct {
	// Reason is a short public description: "full", "absent", "not writable", "no answer" or
	// "failing".
	Reason string
	Cause  error
}

// Error names the reason and the cause.
func (e *ProbeError) Error() string {
	return fmt.Sprintf("the file store is %s: %v", e.Reason, e.Cause)
}

// Unwrap gives the cause.
func (e *ProbeError) Unwrap() error { return e.Cause }

// HealthReason returns the reason for a health check's answer.
func (e *ProbeError) HealthReason() string { return e.Reason }

// errStillProbing means that an earlier probe has not returned: the store hangs.
var errStillProbing = errors.New("an earlier probe has not come back")

// Probe writes size bytes under a key of its own, reads them back and deletes
// them. Its error is a *ProbeError, or nil when the store takes files. It returns
// when ctx ends although the store may hang.
func (s *Store) Probe(ctx context.Context, size int) error {
	if !s.probing.CompareAndSwap(false, true) {
		return &ProbeError{Reason: "no answer", Cause: errStillProbing}
	}
	done := make(chan error, 1)
	go func() {
		err := s.probe(ctx, size)
		s.probing.Store(false)
		done <- err
	}()
	var err error
	select {
	case err = <-done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		return &ProbeError{Reason: reason(err), Cause: err}
	}
	return nil
}

// probe always uses the same key, so that a store that deletes nothing does not
// fill up. The key is this Store's alone: others may probe at the same time.
func (s *Store) probe(ctx context.Context, size int) error {
	if err := s.backend.ping(ctx); err != nil {
		return err
	}
	s.probeKey.Do(func() { s.probeName = fmt.Sprintf("%s/%016x", export.ProbeRoot, rand.Uint64()) })
	key := s.probeName
	data := make([]byte, size)
	noise := rand.NewChaCha8([32]byte{}) // which no file system compresses
	_, _ = noise.Read(data)
	if err := s.backend.put(ctx, key, data, "application/octet-stream"); err != nil {
		return fmt.Errorf("writing %d bytes: %w", size, err)
	}
	// A failure to delete does not stop exports, and the sweeper deletes what is left.
	defer func() { _ = s.backend.delete(ctx, key) }()
	r, _, err := s.backend.open(ctx, key)
	if err != nil {
		return fmt.Errorf("opening what was written: %w", err)
	}
	defer func() { _ = r.Close() }()
	back, err := io.ReadAll(io.LimitReader(r, int64(size)+1))
	if err == nil && !bytes.Equal(back, data) {
		err = errors.New("other bytes came back than were written")
	}
	if err != nil {
		return fmt.Errorf("reading what was written: %w", err)
	}
	return nil
}

// reason returns the kind of an error in a word or two.
func reason(err error) string {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "full"
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, ErrNotFound), errors.Is(err, errOther), errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.ESTALE):
		return "absent"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return "not writable"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return "no answer"
	default:
		return "failing"
	}
}
