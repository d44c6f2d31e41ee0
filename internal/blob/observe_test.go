package blob_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/internal/blob"
)

// operations is an Observer.
type operations []string

func (o *operations) Operation(_ context.Context, name string, took time.Duration, err error) {
	*o = append(*o, fmt.Sprint(name, " ", took > 0, " ", err == nil, " ", errors.Is(err, blob.ErrNotFound)))
}

func TestObserve(t *testing.T) {
	t.Parallel()
	s, err := blob.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s.Observe(nil)
	var seen operations
	s.Observe(&seen)
	ctx := t.Context()
	if err := s.Put(ctx, "exports/aa/x.pdf", []byte("x"), "application/pdf"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Copy(ctx, "exports/aa/x.pdf", "exports/ab/y.pdf"); err != nil {
		t.Fatal(err)
	}
	if err := s.Flush(ctx, "exports/ab/y.pdf"); err != nil {
		t.Fatal(err)
	}
	r, _, err := s.Open(ctx, "exports/aa/x.pdf")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Open(ctx, "exports/aa/none.pdf"); !errors.Is(err, blob.ErrNotFound) {
		t.Fatal(err)
	}
	files := 0
	for _, err := range s.List(ctx, "exports") {
		if err != nil {
			t.Fatal(err)
		}
		files++
	}
	if err := s.Delete(ctx, "exports/aa/x.pdf"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Ping(ctx), s.Close()); err != nil || files != 2 {
		t.Fatal(files, err)
	}
	want := operations{"put true true false", "copy true true false", "sync true true false", "open true true false", "open true false true",
		"list true true false", "delete true true false", "ping true true false"}
	if !slices.Equal(seen, want) {
		t.Errorf("operations %q, want %q", seen, want)
	}
	for _, name := range blob.Operations() {
		if !slices.ContainsFunc(want, func(w string) bool { return len(w) > len(name) && w[:len(name)+1] == name+" " }) {
			t.Errorf("%s is not observed", name)
		}
	}
}
