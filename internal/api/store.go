package api

import (
	"context"
	"time"

	"github.com/letrazapp/letraz-export/internal/apikey"
	"github.com/letrazapp/letraz-export/internal/audit"
	"github.com/letrazapp/letraz-export/internal/erase"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/resume"
)

// Store is the database. Each group of routes declares the part that it needs.
type Store interface {
	CallerStore
	KeyStore
	AuditStore
	CreateStore
	BatchStore
	ReadStore
	DownloadStore
	DeleteStore
	RetryStore
	DispatchStore
	ResumeStore
	QueueStore
	erase.Store
}

// bounded is a store with a time limit for each call, so that a caller gets an answer even if
// all connections are in use or the database hangs. It does not embed the store, so that a new
// method cannot be called without a limit.
type bounded struct {
	store  Store
	within time.Duration
}

var _ Store = bounded{}

// limited makes one call.
func limited[T any](ctx context.Context, b bounded, call func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, b.within)
	defer cancel()
	return call(ctx)
}

// limitedErr makes one call that returns an error only.
func limitedErr(ctx context.Context, b bounded, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, b.within)
	defer cancel()
	return call(ctx)
}

func (b bounded) Caller(ctx context.Context, userID string) (export.Caller, error) {
	return limited(ctx, b, func(ctx context.Context) (export.Caller, error) { return b.store.Caller(ctx, userID) })
}

func (b bounded) APIKey(ctx context.Context, id string, countUpTo int) (apikey.Presented, error) {
	return limited(ctx, b, func(ctx context.Context) (apikey.Presented, error) { return b.store.APIKey(ctx, id, countUpTo) })
}

func (b bounded) APIKeyUsed(ctx context.Context, id string) error {
	return limitedErr(ctx, b, func(ctx context.Context) error { return b.store.APIKeyUsed(ctx, id) })
}

func (b bounded) RecordCall(ctx context.Context, e audit.Entry) error {
	return limitedErr(ctx, b, func(ctx context.Context) error { return b.store.RecordCall(ctx, e) })
}

func (b bounded) CreateExport(ctx context.Context, n export.New) (export.Request, error) {
	return limited(ctx, b, func(ctx context.Context) (export.Request, error) { return b.store.CreateExport(ctx, n) })
}

func (b bounded) Export(ctx context.Context, id string) (export.Request, error) {
	return limited(ctx, b, func(ctx context.Context) (export.Request, error) { return b.store.Export(ctx, id) })
}

func (b bounded) QueueState(ctx context.Context) (export.QueueState, error) {
	return limited(ctx, b, b.store.QueueState)
}

func (b bounded) Exports(ctx context.Context, f export.Filter) ([]export.Request, error) {
	return limited(ctx, b, func(ctx context.Context) ([]export.Request, error) { return b.store.Exports(ctx, f) })
}

func (b bounded) FailDamaged(ctx context.Context, id, blobKey string) (export.Request, error) {
	return limited(ctx, b, func(ctx context.Context) (export.Request, error) { return b.store.FailDamaged(ctx, id, blobKey) })
}

func (b bounded) CancelExport(ctx context.Context, id string) (export.Request, error) {
	return limited(ctx, b, func(ctx context.Context) (export.Request, error) { return b.store.CancelExport(ctx, id) })
}

func (b bounded) ExpireExport(ctx context.Context, id string) (export.Request, error) {
	return limited(ctx, b, func(ctx context.Context) (export.Request, error) { return b.store.ExpireExport(ctx, id) })
}

func (b bounded) FinishSweep(ctx context.Context, ids []string) (int64, error) {
	return limited(ctx, b, func(ctx context.Context) (int64, error) { return b.store.FinishSweep(ctx, ids) })
}

func (b bounded) RetryExport(ctx context.Context, id string) (export.Request, error) {
	return limited(ctx, b, func(ctx context.Context) (export.Request, error) { return b.store.RetryExport(ctx, id) })
}

func (b bounded) RetryFailed(ctx context.Context, f export.Failures) ([]string, error) {
	return limited(ctx, b, func(ctx context.Context) ([]string, error) { return b.store.RetryFailed(ctx, f) })
}

func (b bounded) EraseExports(ctx context.Context, userID, after string, hold time.Duration, limit int) ([]string, error) {
	return limited(ctx, b, func(ctx context.Context) ([]string, error) {
		return b.store.EraseExports(ctx, userID, after, hold, limit)
	})
}

func (b bounded) ErasedExports(ctx context.Context, userID, after string, limit int) ([]export.Swept, error) {
	return limited(ctx, b, func(ctx context.Context) ([]export.Swept, error) {
		return b.store.ErasedExports(ctx, userID, after, limit)
	})
}

func (b bounded) ForgetExports(ctx context.Context, ids []string) (int64, error) {
	return limited(ctx, b, func(ctx context.Context) (int64, error) { return b.store.ForgetExports(ctx, ids) })
}

func (b bounded) MarkDownloaded(ctx context.Context, id string) error {
	return limitedErr(ctx, b, func(ctx context.Context) error { return b.store.MarkDownloaded(ctx, id) })
}

func (b bounded) DispatchFailed(ctx context.Context, ids []string) error {
	return limitedErr(ctx, b, func(ctx context.Context) error { return b.store.DispatchFailed(ctx, ids) })
}

func (b bounded) PutResume(ctx context.Context, caller export.Caller, p resume.Put) (resume.Stored, error) {
	return limited(ctx, b, func(ctx context.Context) (resume.Stored, error) { return b.store.PutResume(ctx, caller, p) })
}

func (b bounded) DeleteResume(ctx context.Context, caller export.Caller, id string, c resume.Condition) error {
	return limitedErr(ctx, b, func(ctx context.Context) error { return b.store.DeleteResume(ctx, caller, id, c) })
}

func (b bounded) Resumes(ctx context.Context, f resume.Filter) ([]resume.Stored, error) {
	return limited(ctx, b, func(ctx context.Context) ([]resume.Stored, error) { return b.store.Resumes(ctx, f) })
}

func (b bounded) LoadResume(ctx context.Context, id, jobID string) (resume.Resume, error) {
	return limited(ctx, b, func(ctx context.Context) (resume.Resume, error) { return b.store.LoadResume(ctx, id, jobID) })
}

func (b bounded) CreateBatch(ctx context.Context, n export.NewBatch) (export.Batch, []export.Request, error) {
	ctx, cancel := context.WithTimeout(ctx, b.within)
	defer cancel()
	return b.store.CreateBatch(ctx, n)
}

func (b bounded) Batch(ctx context.Context, id, userID string) (export.Batch, error) {
	return limited(ctx, b, func(ctx context.Context) (export.Batch, error) { return b.store.Batch(ctx, id, userID) })
}

func (b bounded) Batches(ctx context.Context, userID, before string, limit int) ([]export.Batch, error) {
	return limited(ctx, b, func(ctx context.Context) ([]export.Batch, error) { return b.store.Batches(ctx, userID, before, limit) })
}

func (b bounded) BatchExports(ctx context.Context, f export.BatchFilter) ([]export.Request, error) {
	return limited(ctx, b, func(ctx context.Context) ([]export.Request, error) { return b.store.BatchExports(ctx, f) })
}

func (b bounded) BatchFiles(ctx context.Context, id, userID string) (map[string]string, error) {
	return limited(ctx, b, func(ctx context.Context) (map[string]string, error) { return b.store.BatchFiles(ctx, id, userID) })
}

func (b bounded) DeleteBatch(ctx context.Context, id, userID string) (canceled, expired []export.Request, err error) {
	ctx, cancel := context.WithTimeout(ctx, b.within)
	defer cancel()
	return b.store.DeleteBatch(ctx, id, userID)
}

func (b bounded) RetryBatch(ctx context.Context, id, userID string) ([]string, error) {
	return limited(ctx, b, func(ctx context.Context) ([]string, error) { return b.store.RetryBatch(ctx, id, userID) })
}

func (b bounded) MarkAllDownloaded(ctx context.Context, ids []string) error {
	return limitedErr(ctx, b, func(ctx context.Context) error { return b.store.MarkAllDownloaded(ctx, ids) })
}
