package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
)

// MarkToSweep takes up to limit requests that expired at since or later. Those
// without a file become expired. Those with a file are returned and marked for hold,
// for which other sweepers skip them: the caller deletes the files and calls
// FinishSweep. A batch of fewer than limit is the last.
func (s *Store) MarkToSweep(ctx context.Context, since time.Time, hold time.Duration, limit int) (export.SweepBatch, error) {
	rows, err := s.replanned.ExportRequestSweepMark(ctx, dbsqlc.ExportRequestSweepMarkParams{Since: since, Mark: hold, MaxRows: int32(limit)})
	if err != nil {
		return export.SweepBatch{}, fmt.Errorf("marking expired requests: %w", err)
	}
	batch := export.SweepBatch{Taken: len(rows), Through: since}
	for _, row := range rows {
		swept := export.Swept{ID: row.ID.String(), BlobKey: deref(row.BlobKey), Traceparent: deref(row.Traceparent)}
		if row.BlobKey != nil {
			batch.Files = append(batch.Files, swept)
		} else {
			batch.Expired = append(batch.Expired, swept)
		}
		if row.ExpiresAt.After(batch.Through) {
			batch.Through = row.ExpiresAt
		}
	}
	return batch, nil
}

// FinishSweep sets requests whose file is deleted to expired and returns how many.
func (s *Store) FinishSweep(ctx context.Context, ids []string) (int64, error) {
	us, err := parseIDs(ids)
	if err != nil {
		return 0, err
	}
	n, err := s.replanned.ExportRequestSweepFinish(ctx, us)
	if err != nil {
		return 0, fmt.Errorf("expiring %d requests: %w", len(ids), err)
	}
	return n, nil
}

// SweepLag returns the number of requests that are due to expire, counted up to most, and how
// long the oldest has been due.
func (s *Store) SweepLag(ctx context.Context, most int) (export.SweepLag, error) {
	row, err := s.replanned.ExportRequestSweepLag(ctx, int32(most))
	if err != nil {
		return export.SweepLag{}, fmt.Errorf("counting expired requests: %w", err)
	}
	return export.SweepLag{Due: row.Due, Oldest: row.Oldest}, nil
}

// PurgeExports deletes up to limit rows that expired at since or later and at least
// retention ago. A batch of fewer than limit is the last.
func (s *Store) PurgeExports(ctx context.Context, since time.Time, retention time.Duration, limit int) (export.SweepBatch, error) {
	row, err := s.replanned.ExportRequestPurge(ctx, dbsqlc.ExportRequestPurgeParams{Since: since, Retention: retention, MaxRows: int32(limit)})
	if err != nil {
		return export.SweepBatch{}, fmt.Errorf("purging expired requests: %w", err)
	}
	return export.SweepBatch{Taken: int(row.Purged), Through: row.Last}, nil
}

// FilesInUse returns, for each of the requests that exists, the file that the row names and
// the current lease. A file that belongs to neither will never be needed: each attempt has
// its own lease, and only the holder of the current one can make the row name a file.
func (s *Store) FilesInUse(ctx context.Context, ids []string) ([]export.FileInUse, error) {
	us, err := parseIDs(ids)
	if err != nil {
		return nil, err
	}
	rows, err := s.replanned.ExportRequestFilesInUse(ctx, us)
	if err != nil {
		return nil, fmt.Errorf("reading the files in use of %d requests: %w", len(ids), err)
	}
	used := make([]export.FileInUse, len(rows))
	for i, row := range rows {
		used[i].ExportID, used[i].BlobKey = row.ID.String(), row.BlobKey
		if row.LeaseToken != nil {
			used[i].Lease = row.LeaseToken.String()
		}
	}
	return used, nil
}
