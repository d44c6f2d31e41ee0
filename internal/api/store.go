package api

import (
	"context"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// bounded is the store with a limit to each call, so that a caller gets an answer
// also when every connection is taken or the database hangs.
type bounded struct {
	Store
	within time.Duration
}

// in makes one call.
func in[T any](ctx context.Context, within time.Duration, call func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	return call(ctx)
}

func (b bounded) Caller(ctx context.Context, userID string) (export.Caller, error) {
	return in(ctx, b.within, func(ctx context.Context) (export.Caller, error) { return b.Store.Caller(ctx, userID) })
}

func (b bounded) CreateExport(ctx context.Context, n export.New) (export.Request, error) {
	return in(ctx, b.within, func(ctx context.Context) (export.Request, error) { return b.Store.CreateExport(ctx, n) })
}

func (b bounded) Export(ctx context.Context, id string) (export.Request, error) {
	return in(ctx, b.within, func(ctx context.Context) (export.Request, error) { return b.Store.Export(ctx, id) })
}

func (b bounded) Exports(ctx context.Context, f export.Filter) ([]export.Request, error) {
	return in(ctx, b.within, func(ctx context.Context) ([]export.Request, error) { return b.Store.Exports(ctx, f) })
}

func (b bounded) CancelExport(ctx context.Context, id string) (export.Request, error) {
	return in(ctx, b.within, func(ctx context.Context) (export.Request, error) { return b.Store.CancelExport(ctx, id) })
}

func (b bounded) ExpireExport(ctx context.Context, id string) (export.Request, error) {
	return in(ctx, b.within, func(ctx context.Context) (export.Request, error) { return b.Store.ExpireExport(ctx, id) })
}

func (b bounded) FailDamaged(ctx context.Context, id, blobKey string) (export.Request, error) {
	return in(ctx, b.within, func(ctx context.Context) (export.Request, error) { return b.Store.FailDamaged(ctx, id, blobKey) })
}

func (b bounded) FinishSweep(ctx context.Context, ids []string) (int64, error) {
	return in(ctx, b.within, func(ctx context.Context) (int64, error) { return b.Store.FinishSweep(ctx, ids) })
}

func (b bounded) RetryExport(ctx context.Context, id string) (export.Request, error) {
	return in(ctx, b.within, func(ctx context.Context) (export.Request, error) { return b.Store.RetryExport(ctx, id) })
}

func (b bounded) RetryFailed(ctx context.Context, f export.Failures) ([]string, error) {
	return in(ctx, b.within, func(ctx context.Context) ([]string, error) { return b.Store.RetryFailed(ctx, f) })
}

func (b bounded) EraseExports(ctx context.Context, userID, after string, hold time.Duration, limit int) ([]string, error) {
	return in(ctx, b.within, func(ctx context.Context) ([]string, error) {
		return b.Store.EraseExports(ctx, userID, after, hold, limit)
	})
}

func (b bounded) ErasedExports(ctx context.Context, userID, after string, limit int) ([]export.Swept, error) {
	return in(ctx, b.within, func(ctx context.Context) ([]export.Swept, error) {
		return b.Store.ErasedExports(ctx, userID, after, limit)
	})
}
