package postgres

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/letrazapp/letraz-export/internal/audit"
	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
)

// CreateExport inserts a request and returns it, queued; publishing its message is up
// to the caller. If the user has already made a request with the same key, it returns
// that one as it is now, or ErrKeyReused if that one asked for something else. It
// returns ErrResumeNotFound if there is no such resume that the user may export,
// ErrJobNotFound for an unknown job posting, and ErrTooManyWaiting if the resume's owner has
// MaxWaiting unfinished requests. Of several requests at the same time, each counts only those
// that were committed before it. A resume that comes with the request is the user's, whose row
// is made if they are new; ErrUserNotFound means that they were deleted.
func (s *Store) CreateExport(ctx context.Context, n export.New) (export.Request, error) {
	id, err := parseID(n.ID)
	if err != nil {
		return export.Request{}, fmt.Errorf("creating export request %s: the id is no UUID", n.ID)
	}
	if !validText(n.ResumeID, n.Caller.UserID) {
		return export.Request{}, fmt.Errorf("creating export request %s: %w", n.ID, export.ErrResumeNotFound)
	}
	if !validText(n.JobID) {
		return export.Request{}, fmt.Errorf("creating export request %s: %w", n.ID, export.ErrJobNotFound)
	}
	options, err := fromOptions(n.Options)
	if err != nil {
		return export.Request{}, fmt.Errorf("creating export request %s: %w", n.ID, err)
	}
	if n.Document != nil && n.Caller.New {
		if _, err := s.q.UserEnsure(ctx, n.Caller.UserID); err != nil {
			return export.Request{}, fmt.Errorf("creating export request %s: creating the user: %w", n.ID, err)
		}
	}
	insert := dbsqlc.ExportRequestInsertParams{
		ID:                 id,
		JobID:              nullIfZero(n.JobID),
		Format:             string(n.Format),
		Template:           n.Template,
		Paper:              string(n.Paper),
		Options:            options,
		Language:           nullIfZero(n.Options.Language),
		Lane:               string(cmp.Or(n.Lane, export.Lanes()[0])),
		MaxAttempts:        int16(n.MaxAttempts),
		ExpiresIn:          n.ExpiresIn,
		DispatchWithin:     s.dispatchWithin,
		Traceparent:        nullIfZero(n.Traceparent),
		IdempotencyKey:     n.KeyDigest(),
		IdempotencyRequest: n.RequestDigest(),
		ResumeID:           n.ResumeID,
		CallerID:           n.Caller.UserID,
		IsStaff:            n.Caller.Staff,
		KeyID:              nullIfZero(n.Caller.KeyID),
		MaxWaiting:         nullIfZero(int32(n.MaxWaiting)),
	}
	call := audit.FromContext(ctx)
	if call != nil {
		e := call.Entry
		insert.Actor, insert.ActorKind, insert.Action, insert.Result = &e.Actor, string(e.Kind), e.Action, int16(e.Status)
		insert.RequestID, insert.Address = nullIfZero(e.RequestID), nullIfZero(e.Address)
	}
	row, err := s.insertExport(ctx, insert, n.Document)
	if errors.Is(err, pgx.ErrNoRows) && n.Key != "" {
		earlier, keyErr := s.createdWith(ctx, insert)
		if !errors.Is(keyErr, pgx.ErrNoRows) {
			if call != nil && keyErr == nil {
				call.Recorded() // it changed nothing
			}
			return earlier, keyErr
		}
		// No row has the key: either the resume does not exist, or the row was erased since.
		row, err = s.insertExport(ctx, insert, n.Document)
	}
	if errors.Is(err, pgx.ErrNoRows) {
		err = s.notCreated(ctx, n)
	}
	if err != nil {
		return export.Request{}, fmt.Errorf("creating export request %s: %w", n.ID, err)
	}
	if call != nil {
		call.Recorded()
	}
	return toRequest(row, false), nil
}

// notCreated returns why the insert created nothing.
func (s *Store) notCreated(ctx context.Context, n export.New) error {
	if n.Document != nil {
		if _, err := s.q.UserCaller(ctx, n.Caller.UserID); err != nil {
			return ifNoRows(err, export.ErrUserNotFound)
		}
	}
	if n.Document == nil && n.JobID == "" && n.MaxWaiting == 0 {
		return export.ErrResumeNotFound
	}
	why, err := s.q.ExportRequestNotInserted(ctx, dbsqlc.ExportRequestNotInsertedParams{
		ResumeID: n.ResumeID, CallerID: n.Caller.UserID, IsStaff: n.Caller.Staff, JobID: nullIfZero(n.JobID)})
	switch {
	case err != nil:
		return fmt.Errorf("looking for the resume: %w", err)
	case n.Document == nil && !why.ResumeVisible:
		return export.ErrResumeNotFound
	case !why.JobKnown:
		return export.ErrJobNotFound
	default: // also if the owner has fewer by now
		return export.ErrTooManyWaiting
	}
}

// createdWith returns the request that was made with the key earlier.
func (s *Store) createdWith(ctx context.Context, n dbsqlc.ExportRequestInsertParams) (export.Request, error) {
	row, err := s.q.ExportRequestByKey(ctx, n.IdempotencyKey)
	if err == nil && !bytes.Equal(row.ExportRequest.IdempotencyRequest, n.IdempotencyRequest) {
		err = export.ErrKeyReused
	}
	if err != nil {
		return export.Request{}, fmt.Errorf("looking for an export request with the same key: %w", err)
	}
	return toRequestByID(dbsqlc.ExportRequestByIDRow(row)), nil
}

// Export returns one request, or ErrNotFound.
func (s *Store) Export(ctx context.Context, id string) (export.Request, error) {
	u, err := parseID(id)
	if err != nil {
		return export.Request{}, err
	}
	row, err := s.q.ExportRequestByID(ctx, u)
	if err = ifNoRows(err, export.ErrNotFound); err != nil {
		return export.Request{}, fmt.Errorf("reading export request %s: %w", id, err)
	}
	return toRequestByID(row), nil
}

// Exports lists requests, newest first. A Before that is no id of an export
// gives ErrNotFound.
func (s *Store) Exports(ctx context.Context, f export.Filter) ([]export.Request, error) {
	before := uuid.Max // above every id
	if f.Before != "" {
		var err error
		if before, err = parseID(f.Before); err != nil {
			return nil, err
		}
	}
	if !validText(f.UserID, f.ResumeID, string(f.FailureCode)) {
		return nil, nil
	}
	rows, err := s.replanned.ExportRequestList(ctx, dbsqlc.ExportRequestListParams{
		UserID: nullIfZero(f.UserID), Before: before, Status: nullIfZero(dbsqlc.ExportStatus(f.Status)),
		ResumeID: nullIfZero(f.ResumeID), FailureCode: nullIfZero(string(f.FailureCode)), MaxRows: int32(f.Limit)})
	if err != nil {
		return nil, fmt.Errorf("listing export requests: %w", err)
	}
	list := make([]export.Request, len(rows))
	for i, row := range rows {
		list[i] = toRequest(row.ExportRequest, row.PastExpiry)
	}
	return list, nil
}

// CancelExport ends a request that is queued or rendering; its worker is fenced
// out. It returns ErrWrongStatus when the request is final already or past its
// expiry, or does not exist.
func (s *Store) CancelExport(ctx context.Context, id string) (export.Request, error) {
	u, err := parseID(id)
	if err != nil {
		return export.Request{}, err
	}
	var row dbsqlc.ExportRequest
	err = s.audited(ctx, id, func(q *dbsqlc.Queries) (err error) {
		row, err = q.ExportRequestCancel(ctx, u)
		return err
	})
	if err = ifNoRows(err, export.ErrWrongStatus); err != nil {
		return export.Request{}, fmt.Errorf("canceling export request %s: %w", id, err)
	}
	return toRequest(row, false), nil
}

// ExpireExport sets the expiry of a request in a final status to now, so that it is
// not served any more; the sweeper deletes its file. It returns ErrWrongStatus when
// the status is not final, or there is no such request.
func (s *Store) ExpireExport(ctx context.Context, id string) (export.Request, error) {
	u, err := parseID(id)
	if err != nil {
		return export.Request{}, err
	}
	var row dbsqlc.ExportRequest
	err = s.audited(ctx, id, func(q *dbsqlc.Queries) (err error) {
		row, err = q.ExportRequestExpireNow(ctx, u)
		return err
	})
	if err = ifNoRows(err, export.ErrWrongStatus); err != nil {
		return export.Request{}, fmt.Errorf("expiring export request %s: %w", id, err)
	}
	return toRequest(row, true), nil
}

// MarkDownloaded counts a full download.
func (s *Store) MarkDownloaded(ctx context.Context, id string) error {
	u, err := parseID(id)
	if err != nil {
		return err
	}
	_, err = s.q.ExportRequestDownloaded(ctx, u)
	if err = ifNoRows(err, export.ErrNotFound); err != nil {
		return fmt.Errorf("marking export request %s downloaded: %w", id, err)
	}
	return nil
}
