package telemetry

import (
	"context"
	"time"

	"github.com/letrazapp/letraz-export/internal/api"
	"github.com/letrazapp/letraz-export/internal/blob"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/sweep"
)

// JoinAPI returns an observer that tells both; either may be nil.
func JoinAPI(a, b api.Observer) api.Observer {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return apiPair{a, b}
}

type apiPair struct{ a, b api.Observer }

// RequestFinished tells both.
func (p apiPair) RequestFinished(ctx context.Context, r api.FinishedRequest) {
	p.a.RequestFinished(ctx, r)
	p.b.RequestFinished(ctx, r)
}

// ExportAccepted tells both.
func (p apiPair) ExportAccepted(ctx context.Context, r export.Request, replayed bool) {
	p.a.ExportAccepted(ctx, r, replayed)
	p.b.ExportAccepted(ctx, r, replayed)
}

// ExportCanceled tells both.
func (p apiPair) ExportCanceled(ctx context.Context, r export.Request) {
	p.a.ExportCanceled(ctx, r)
	p.b.ExportCanceled(ctx, r)
}

// ExportsErased tells both.
func (p apiPair) ExportsErased(ctx context.Context, n int64) {
	p.a.ExportsErased(ctx, n)
	p.b.ExportsErased(ctx, n)
}

// RequestLimited tells both.
func (p apiPair) RequestLimited(ctx context.Context, policy string) {
	p.a.RequestLimited(ctx, policy)
	p.b.RequestLimited(ctx, policy)
}

// AuditFailed tells both.
func (p apiPair) AuditFailed(ctx context.Context) {
	p.a.AuditFailed(ctx)
	p.b.AuditFailed(ctx)
}

// Holding tells both.
func (p apiPair) Holding(kind string, n int) {
	p.a.Holding(kind, n)
	p.b.Holding(kind, n)
}

// ExportDownloaded tells both.
func (p apiPair) ExportDownloaded(ctx context.Context, r export.Request) {
	p.a.ExportDownloaded(ctx, r)
	p.b.ExportDownloaded(ctx, r)
}

// JoinDatabase returns an observer that tells both; either may be nil.
func JoinDatabase(a, b postgres.Observer) postgres.Observer {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return databasePair{a, b}
}

type databasePair struct{ a, b postgres.Observer }

// Statement tells both.
func (p databasePair) Statement(ctx context.Context, name string, took time.Duration, err error) {
	p.a.Statement(ctx, name, took, err)
	p.b.Statement(ctx, name, took, err)
}

// Connection tells both.
func (p databasePair) Connection(err error) {
	p.a.Connection(err)
	p.b.Connection(err)
}

// JoinFiles returns an observer that tells both; either may be nil.
func JoinFiles(a, b blob.Observer) blob.Observer {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return filePair{a, b}
}

type filePair struct{ a, b blob.Observer }

// Operation tells both.
func (p filePair) Operation(ctx context.Context, name string, took time.Duration, err error) {
	p.a.Operation(ctx, name, took, err)
	p.b.Operation(ctx, name, took, err)
}

// JoinSweep returns an observer that tells both; either may be nil.
func JoinSweep(a, b sweep.Observer) sweep.Observer {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return sweepPair{a, b}
}

type sweepPair struct{ a, b sweep.Observer }

// Swept tells both.
func (p sweepPair) Swept(res sweep.Result, took time.Duration, err error) {
	p.a.Swept(res, took, err)
	p.b.Swept(res, took, err)
}
