package postgres

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/letrazapp/letraz-export/internal/audit"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
)

// audited makes a change of one resource. If the context has a call, the change and the row of
// the call in the audit log commit together, and no row is written if the change fails.
func (s *Store) audited(ctx context.Context, resource string, change func(q *dbsqlc.Queries) error) error {
	call := audit.FromContext(ctx)
	if call == nil {
		return change(s.q)
	}
	e := call.Entry
	e.Resource = resource
	err := retry(ctx, func() error {
		return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
			q := dbsqlc.New(tx)
			if err := change(q); err != nil {
				return err
			}
			return q.AuditLogInsert(ctx, fromEntry(e))
		})
	})
	if err == nil {
		call.Recorded()
	}
	return err
}

// RecordCall writes a row of the audit log on its own.
func (s *Store) RecordCall(ctx context.Context, e audit.Entry) error {
	if err := s.q.AuditLogInsert(ctx, fromEntry(e)); err != nil {
		return fmt.Errorf("writing %s to the audit log: %w", e.Action, err)
	}
	return nil
}

// AuditLog lists rows of the audit log, newest first.
func (s *Store) AuditLog(ctx context.Context, f audit.Filter) ([]audit.Entry, error) {
	if !validText(f.Actor, f.UserID, f.Resource) {
		return nil, nil
	}
	p := dbsqlc.AuditLogListParams{Before: f.Before, Since: nullIfZero(f.Since),
		Actor: nullIfZero(f.Actor), UserID: nullIfZero(f.UserID), Resource: nullIfZero(f.Resource), MaxRows: int32(f.Limit)}
	if p.Before == 0 {
		p.Before = math.MaxInt64
	}
	rows, err := s.replanned.AuditLogList(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("reading the audit log: %w", err)
	}
	entries := make([]audit.Entry, len(rows))
	for i, row := range rows {
		entries[i] = audit.Entry{ID: row.ID, At: row.At, Actor: row.Actor, Kind: audit.Kind(row.Kind), UserID: deref(row.UserID), Action: row.Action,
			Resource: deref(row.Resource), Status: int(row.Status), RequestID: deref(row.RequestID), Address: deref(row.Address)}
	}
	return entries, nil
}

// PurgeAudit deletes up to limit rows of the audit log that are older than the retention, and
// returns how many.
func (s *Store) PurgeAudit(ctx context.Context, retention time.Duration, limit int) (int64, error) {
	n, err := s.replanned.AuditLogPurge(ctx, dbsqlc.AuditLogPurgeParams{Retention: retention, MaxRows: int32(limit)})
	if err != nil {
		return 0, fmt.Errorf("purging the audit log: %w", err)
	}
	return n, nil
}

func fromEntry(e audit.Entry) dbsqlc.AuditLogInsertParams {
	return dbsqlc.AuditLogInsertParams{Actor: e.Actor, Kind: string(e.Kind), UserID: nullIfZero(e.UserID), Action: e.Action,
		Resource: nullIfZero(e.Resource), Status: int16(e.Status), RequestID: nullIfZero(e.RequestID), Address: nullIfZero(e.Address)}
}
