package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/letrazapp/letraz-export/internal/audit"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
)

// CreateBatch inserts a batch and its requests, all or none, in one statement, and returns
// them, queued, in their order; publishing their messages is up to the caller. If the user
// has already made a batch with the same key, it returns that one as it is now, without
// requests, or ErrKeyReused if that one asked for something else. The error is an
// *export.BatchError if resumes or job postings are not there, and ErrTooManyWaiting if the
// caller would have more than MaxWaiting unfinished requests.
func (s *Store) CreateBatch(ctx context.Context, n export.NewBatch) (export.Batch, []export.Request, error) {
	p, err := s.batchInsert(n)
	if err != nil {
		return export.Batch{}, nil, fmt.Errorf("creating batch %s: %w", n.ID, err)
	}
	var rows []dbsqlc.ExportBatchInsertRow
	insert := func() error {
		return s.audited(ctx, n.ID, func(q *dbsqlc.Queries) (err error) {
			rows, err = q.ExportBatchInsert(ctx, p)
			if err == nil && len(rows) == 0 {
				err = pgx.ErrNoRows
			}
			return err
		})
	}
	err = insert()
	if errors.Is(err, pgx.ErrNoRows) && n.Key != "" {
		earlier, keyErr := s.batchWith(ctx, p)
		if !errors.Is(keyErr, pgx.ErrNoRows) {
			if call := audit.FromContext(ctx); call != nil && keyErr == nil {
				call.Recorded() // it changed nothing
			}
			return earlier, nil, keyErr
		}
		err = insert() // no row has the key: it was erased since, or something is not there
	}
	if errors.Is(err, pgx.ErrNoRows) {
		err = s.batchNotCreated(ctx, p)
	}
	if err != nil {
		return export.Batch{}, nil, fmt.Errorf("creating batch %s: %w", n.ID, err)
	}
	created := make([]export.Request, len(rows))
	for i, row := range rows {
		created[i] = toRequest(dbsqlc.ExportRequest(row), false)
	}
	return export.Batch{ID: n.ID, UserID: n.Caller.UserID, Total: len(created), Counts: export.BatchCounts{export.Queued: len(created)},
		CreatedAt: created[0].CreatedAt, ExpiresAt: created[0].ExpiresAt}, created, nil
}

// batchInsert returns the arguments of the insert. Texts that no row can have are not sent.
func (s *Store) batchInsert(n export.NewBatch) (dbsqlc.ExportBatchInsertParams, error) {
	id, err := parseID(n.ID)
	if err != nil {
		return dbsqlc.ExportBatchInsertParams{}, errors.New("the id is no UUID")
	}
	p := dbsqlc.ExportBatchInsertParams{
		BatchID: id, CallerID: n.Caller.UserID, IsStaff: n.Caller.Staff, KeyID: nullIfZero(n.Caller.KeyID), Lane: string(export.Bulk),
		ExpiresIn: n.ExpiresIn, DispatchWithin: s.dispatchWithin, MaxWaiting: nullIfZero(int32(n.MaxWaiting)),
		IdempotencyKey: n.KeyDigest(), IdempotencyRequest: n.RequestDigest(),
	}
	var bad export.BatchError
	for i, x := range n.Exports {
		p.MaxAttempts, p.Traceparent = int16(x.MaxAttempts), nullIfZero(x.Traceparent)
		switch {
		case !validText(x.ResumeID):
			bad.Exports = append(bad.Exports, export.IndexError{Index: i, Err: export.ErrResumeNotFound})
		case !validText(x.JobID):
			bad.Exports = append(bad.Exports, export.IndexError{Index: i, Err: export.ErrJobNotFound})
		}
		id, err := parseID(x.ID)
		if err != nil {
			return p, fmt.Errorf("the id of export %d is no UUID", i)
		}
		options, err := fromOptions(x.Options)
		if err != nil {
			return p, fmt.Errorf("export %d: %w", i, err)
		}
		p.Ids, p.ResumeIds, p.JobIds = append(p.Ids, id), append(p.ResumeIds, x.ResumeID), append(p.JobIds, x.JobID)
		p.Formats, p.Templates, p.Papers = append(p.Formats, string(x.Format)), append(p.Templates, x.Template), append(p.Papers, string(x.Paper))
		p.Options, p.Languages = append(p.Options, string(options)), append(p.Languages, x.Options.Language)
	}
	if len(bad.Exports) > 0 {
		return p, &bad
	}
	return p, nil
}

// batchWith returns the batch that was made with the key earlier.
func (s *Store) batchWith(ctx context.Context, p dbsqlc.ExportBatchInsertParams) (export.Batch, error) {
	row, err := s.q.ExportBatchByKey(ctx, p.IdempotencyKey)
	if err == nil && !bytes.Equal(row.IdempotencyRequest, p.IdempotencyRequest) {
		err = export.ErrKeyReused
	}
	if err != nil {
		return export.Batch{}, fmt.Errorf("looking for a batch with the same key: %w", err)
	}
	list, err := s.counted(ctx, "", []dbsqlc.ExportBatch{row})
	if err != nil {
		return export.Batch{}, err
	}
	return list[0], nil
}

// batchNotCreated returns why the insert created nothing.
func (s *Store) batchNotCreated(ctx context.Context, p dbsqlc.ExportBatchInsertParams) error {
	rows, err := s.replanned.ExportBatchNotInserted(ctx, dbsqlc.ExportBatchNotInsertedParams{
		ResumeIds: p.ResumeIds, JobIds: p.JobIds, CallerID: p.CallerID, IsStaff: p.IsStaff})
	switch {
	case err != nil:
		return fmt.Errorf("looking for the resumes: %w", err)
	case len(rows) == 0: // or they have come since
		return export.ErrTooManyWaiting
	}
	bad := &export.BatchError{}
	for _, row := range rows {
		why := export.ErrResumeNotFound
		if row.ResumeVisible {
			why = export.ErrJobNotFound
		}
		bad.Exports = append(bad.Exports, export.IndexError{Index: int(row.Position) - 1, Err: why})
	}
	return bad
}

// Batch returns a batch that the user requested, or ErrBatchNotFound. Its counts are of that
// user's own requests. An empty userID stands for every user.
func (s *Store) Batch(ctx context.Context, id, userID string) (export.Batch, error) {
	u, err := parseID(id)
	if err != nil || !validText(userID) {
		return export.Batch{}, export.ErrBatchNotFound
	}
	row, err := s.q.ExportBatchByID(ctx, dbsqlc.ExportBatchByIDParams{ID: u, UserID: nullIfZero(userID)})
	if err = ifNoRows(err, export.ErrBatchNotFound); err != nil {
		return export.Batch{}, fmt.Errorf("reading batch %s: %w", id, err)
	}
	list, err := s.counted(ctx, userID, []dbsqlc.ExportBatch{row})
	if err != nil {
		return export.Batch{}, err
	}
	return list[0], nil
}

// Batches lists batches, newest first, of one user or of all. A before that is no id gives
// ErrBatchNotFound.
func (s *Store) Batches(ctx context.Context, userID, before string, limit int) ([]export.Batch, error) {
	below := uuid.Max
	if before != "" {
		var err error
		if below, err = parseID(before); err != nil {
			return nil, export.ErrBatchNotFound
		}
	}
	if !validText(userID) {
		return nil, nil
	}
	rows, err := s.replanned.ExportBatchList(ctx, dbsqlc.ExportBatchListParams{UserID: nullIfZero(userID), Before: below, MaxRows: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("listing batches: %w", err)
	}
	return s.counted(ctx, userID, rows)
}

// counted maps batches to the domain, with the counts of the owner's requests.
func (s *Store) counted(ctx context.Context, userID string, rows []dbsqlc.ExportBatch) ([]export.Batch, error) {
	list, at := make([]export.Batch, len(rows)), map[uuid.UUID]int{}
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		list[i] = export.Batch{ID: row.ID.String(), UserID: row.UserID, Total: int(row.Total), Counts: export.BatchCounts{}, CreatedAt: row.CreatedAt, ExpiresAt: row.ExpiresAt}
		ids[i], at[row.ID] = row.ID, i
	}
	counts, err := s.replanned.ExportBatchCounts(ctx, dbsqlc.ExportBatchCountsParams{Ids: ids, UserID: nullIfZero(userID)})
	if err != nil {
		return nil, fmt.Errorf("counting the exports of %d batches: %w", len(rows), err)
	}
	for _, c := range counts {
		list[at[*c.BatchID]].Counts[export.Status(c.Status)] = int(c.Count)
	}
	return list, nil
}

// BatchExports lists requests of a batch in the order in which they were requested.
func (s *Store) BatchExports(ctx context.Context, f export.BatchFilter) ([]export.Request, error) {
	id, err := parseID(f.BatchID)
	if err != nil || !validText(f.UserID) {
		return nil, export.ErrBatchNotFound
	}
	after, err := above(f.After)
	if err != nil {
		return nil, err
	}
	rows, err := s.replanned.ExportBatchExports(ctx, dbsqlc.ExportBatchExportsParams{
		BatchID: id, After: after, UserID: nullIfZero(f.UserID), Status: nullIfZero(string(f.Status)), MaxRows: int32(f.Limit)})
	if err != nil {
		return nil, fmt.Errorf("listing the exports of batch %s: %w", f.BatchID, err)
	}
	list := make([]export.Request, len(rows))
	for i, row := range rows {
		list[i] = toRequest(row.ExportRequest, row.PastExpiry)
	}
	return list, nil
}

// BatchFiles returns the keys of the files of a batch that may be served now, by the ids of
// their requests.
func (s *Store) BatchFiles(ctx context.Context, id, userID string) (map[string]string, error) {
	u, err := parseID(id)
	if err != nil {
		return nil, export.ErrBatchNotFound
	}
	rows, err := s.replanned.ExportBatchFiles(ctx, dbsqlc.ExportBatchFilesParams{BatchID: u, UserID: nullIfZero(userID)})
	if err != nil {
		return nil, fmt.Errorf("reading the files of batch %s: %w", id, err)
	}
	files := make(map[string]string, len(rows))
	for _, row := range rows {
		files[row.ID.String()] = row.BlobKey
	}
	return files, nil
}

// DeleteBatch cancels the unfinished requests of a batch, and sets the expiry of the others
// and of the batch to now; the sweeper deletes the files that the caller leaves.
func (s *Store) DeleteBatch(ctx context.Context, id, userID string) (canceled, expired []export.Request, err error) {
	u, err := parseID(id)
	if err != nil {
		return nil, nil, export.ErrBatchNotFound
	}
	// The statement waits for locked rows, so it may be ended by a deadlock.
	err = retry(ctx, func() error {
		canceled, expired = nil, nil
		return s.audited(ctx, id, func(q *dbsqlc.Queries) error {
			rows, err := q.ExportBatchDelete(ctx, dbsqlc.ExportBatchDeleteParams{BatchID: u, UserID: nullIfZero(userID)})
			if err != nil {
				return err
			}
			for _, row := range rows {
				if row.Canceled {
					canceled = append(canceled, toRequest(row.ExportRequest, false))
				} else {
					expired = append(expired, toRequest(row.ExportRequest, true))
				}
			}
			_, err = q.ExportBatchExpireNow(ctx, u)
			return err
		})
	})
	if err != nil {
		return nil, nil, fmt.Errorf("deleting batch %s: %w", id, err)
	}
	return canceled, expired, nil
}

// RetryBatch returns the failed requests of a batch to the queue, and returns their ids. The
// dispatcher publishes their messages.
func (s *Store) RetryBatch(ctx context.Context, id, userID string) ([]string, error) {
	u, err := parseID(id)
	if err != nil {
		return nil, export.ErrBatchNotFound
	}
	var ids []uuid.UUID
	err = retry(ctx, func() error {
		return s.audited(ctx, id, func(q *dbsqlc.Queries) (err error) {
			ids, err = q.ExportBatchRetry(ctx, dbsqlc.ExportBatchRetryParams{BatchID: u, UserID: nullIfZero(userID)})
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("retrying batch %s: %w", id, err)
	}
	return texts(ids), nil
}

// MarkAllDownloaded counts a full download of each of the requests.
func (s *Store) MarkAllDownloaded(ctx context.Context, ids []string) error {
	us, err := parseIDs(ids)
	if err != nil {
		return err
	}
	if err := s.replanned.ExportBatchDownloaded(ctx, us); err != nil {
		return fmt.Errorf("marking %d export requests downloaded: %w", len(ids), err)
	}
	return nil
}

// PurgeBatches deletes up to limit batches that expired at least retention ago and have no
// requests any more, and returns how many.
func (s *Store) PurgeBatches(ctx context.Context, retention time.Duration, limit int) (int64, error) {
	n, err := s.replanned.ExportBatchPurge(ctx, dbsqlc.ExportBatchPurgeParams{Retention: retention, MaxRows: int32(limit)})
	if err != nil {
		return 0, fmt.Errorf("purging batches: %w", err)
	}
	return n, nil
}
