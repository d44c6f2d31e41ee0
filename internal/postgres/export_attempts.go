package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
)

// ClaimExport takes the message's request for one attempt: the attempt is counted
// and a new lease begins. It returns ErrNotClaimable when the request is not queued,
// has another number of attempts than the message, rests until its next attempt, is
// past its expiry, or does not exist.
func (s *Store) ClaimExport(ctx context.Context, m export.Message, lease time.Duration) (export.Request, error) {
	u, err := parseID(m.ExportID)
	if err != nil {
		return export.Request{}, export.ErrNotClaimable
	}
	if m.Attempts < 0 || m.Attempts > math.MaxInt16 {
		return export.Request{}, export.ErrNotClaimable
	}
	row, err := s.q.ExportRequestClaim(ctx, dbsqlc.ExportRequestClaimParams{
		ID: u, Attempts: int16(m.Attempts), LeaseToken: uuid.New(), Lease: lease})
	if err = ifNoRows(err, export.ErrNotClaimable); err != nil {
		return export.Request{}, fmt.Errorf("claiming export request %s: %w", m.ExportID, err)
	}
	return toRequest(row, false), nil
}

// ExportStanding returns why a request could not be claimed, with times by the database's
// clock, or ErrNotFound.
func (s *Store) ExportStanding(ctx context.Context, id string) (export.Standing, error) {
	u, err := parseID(id)
	if err != nil {
		return export.Standing{}, err
	}
	row, err := s.q.ExportRequestStanding(ctx, u)
	if err = ifNoRows(err, export.ErrNotFound); err != nil {
		return export.Standing{}, fmt.Errorf("reading the state of export request %s: %w", id, err)
	}
	standing := export.Standing{Status: export.Status(row.Status), Attempt: int(row.Attempt), Rest: row.Rest, LeaseFor: row.Lease}
	if row.PastExpiry {
		standing.Status = export.Expired
	}
	return standing, nil
}

// HeartbeatExport extends the lease, or returns ErrFenced.
func (s *Store) HeartbeatExport(ctx context.Context, r export.Request, lease time.Duration) error {
	id, token, err := held(r)
	if err != nil {
		return err
	}
	n, err := s.q.ExportRequestHeartbeat(ctx, dbsqlc.ExportRequestHeartbeatParams{ID: id, LeaseToken: token, Lease: lease})
	if err == nil && n == 0 {
		err = export.ErrFenced
	}
	if err != nil {
		return fmt.Errorf("extending the lease of export request %s: %w", r.ID, err)
	}
	return nil
}

// CompleteExport makes the request ready with the artifact. If it returns ErrFenced, the
// caller must delete the file that it stored.
func (s *Store) CompleteExport(ctx context.Context, r export.Request, a export.Artifact) (export.Request, error) {
	id, token, err := held(r)
	if err != nil {
		return export.Request{}, err
	}
	var content []byte // NULL
	if a.Content != [32]byte{} {
		content = a.Content[:]
	}
	report, err := fromReport(a.Report)
	if err != nil {
		return export.Request{}, fmt.Errorf("completing export request %s: %w", r.ID, err)
	}
	var notes json.RawMessage // NULL
	if len(a.Notes) > 0 {
		if notes, err = fromNotes(a.Notes); err != nil {
			return export.Request{}, fmt.Errorf("completing export request %s: %w", r.ID, err)
		}
	}
	row, err := s.q.ExportRequestComplete(ctx, dbsqlc.ExportRequestCompleteParams{
		ID: id, LeaseToken: token,
		BlobKey: a.BlobKey, Size: a.Size, Sha256: a.SHA256[:], Pages: int32(a.Pages), Filename: a.Filename, ContentHash: content,
		Report: report, Notes: notes,
	})
	if err = ifNoRows(err, export.ErrFenced); err != nil {
		return export.Request{}, fmt.Errorf("completing export request %s: %w", r.ID, err)
	}
	return toRequest(row, false), nil
}

// SameContent returns the artifact of a ready export of this owner with the same
// content hash, or ErrNotFound. Its file may be deleted at any time.
func (s *Store) SameContent(ctx context.Context, userID string, content [32]byte) (export.Artifact, error) {
	row, err := s.q.ExportRequestSameContent(ctx, dbsqlc.ExportRequestSameContentParams{ContentHash: content[:], UserID: userID})
	if err = ifNoRows(err, export.ErrNotFound); err != nil {
		return export.Artifact{}, fmt.Errorf("looking for a file of the same content: %w", err)
	}
	return toRequest(row, false).Artifact, nil
}

// FailExport ends the request as failed, or returns ErrFenced. A request whose resume is
// not found because its owner was deleted is erased instead, which also is ErrFenced: the
// owner may have been deleted while the request was inserted, unseen by the trigger.
func (s *Store) FailExport(ctx context.Context, r export.Request, f export.Failure) (export.Request, error) {
	id, token, err := held(r)
	if err != nil {
		return export.Request{}, err
	}
	if f.Code == export.ResumeNotFound {
		erased, err := s.q.ExportRequestEraseOrphan(ctx, dbsqlc.ExportRequestEraseOrphanParams{ID: id, LeaseToken: token})
		if err == nil && erased > 0 {
			err = export.ErrFenced
		}
		if err != nil {
			return export.Request{}, fmt.Errorf("failing export request %s: %w", r.ID, err)
		}
	}
	row, err := s.q.ExportRequestFail(ctx, dbsqlc.ExportRequestFailParams{
		ID: id, LeaseToken: token, FailureCode: string(f.Code), FailureMessage: f.Message})
	if err = ifNoRows(err, export.ErrFenced); err != nil {
		return export.Request{}, fmt.Errorf("failing export request %s: %w", r.ID, err)
	}
	return toRequest(row, false), nil
}

// FailDamaged fails a ready request whose file, the one under the key, is damaged.
// It returns ErrWrongStatus when the request is not ready with that file any more.
func (s *Store) FailDamaged(ctx context.Context, id, blobKey string) (export.Request, error) {
	u, err := parseID(id)
	if err != nil {
		return export.Request{}, err
	}
	row, err := s.q.ExportRequestFailDamaged(ctx, dbsqlc.ExportRequestFailDamagedParams{
		ID: u, BlobKey: blobKey, FailureCode: string(export.FileDamaged), FailureMessage: export.FileDamaged.Message()})
	if err = ifNoRows(err, export.ErrWrongStatus); err != nil {
		return export.Request{}, fmt.Errorf("failing export request %s for its damaged file: %w", id, err)
	}
	return toRequest(row, false), nil
}

// RetryExportLater returns the request to the queue; its next attempt is due after backoff.
// It returns ErrFenced if the lease was lost or no attempt is left.
func (s *Store) RetryExportLater(ctx context.Context, r export.Request, f export.Failure, backoff time.Duration) (export.Request, error) {
	id, token, err := held(r)
	if err != nil {
		return export.Request{}, err
	}
	timeouts := int16(0)
	if f.Code == export.RenderTimeout {
		timeouts = 1
	}
	row, err := s.q.ExportRequestRetryLater(ctx, dbsqlc.ExportRequestRetryLaterParams{
		ID: id, LeaseToken: token, FailureCode: string(f.Code), FailureMessage: f.Message, Backoff: backoff, Timeouts: timeouts})
	if err = ifNoRows(err, export.ErrFenced); err != nil {
		return export.Request{}, fmt.Errorf("returning export request %s to the queue: %w", r.ID, err)
	}
	return toRequest(row, false), nil
}

// HandBackExport returns the request to the queue without counting the attempt; the next one
// is due after rest. It returns ErrFenced if the lease was lost.
func (s *Store) HandBackExport(ctx context.Context, r export.Request, rest time.Duration) error {
	id, token, err := held(r)
	if err != nil {
		return err
	}
	n, err := s.q.ExportRequestHandBack(ctx, dbsqlc.ExportRequestHandBackParams{
		ID: id, LeaseToken: token, Rest: rest, DispatchWithin: s.dispatchWithin})
	if err == nil && n == 0 {
		err = export.ErrFenced
	}
	if err != nil {
		return fmt.Errorf("handing back export request %s: %w", r.ID, err)
	}
	return nil
}

// held parses the id and the lease token of a claimed request.
func held(r export.Request) (id, token uuid.UUID, err error) {
	if id, err = parseID(r.ID); err != nil {
		return id, token, err
	}
	if token, err = uuid.Parse(r.Lease.Token); err != nil {
		return id, token, fmt.Errorf("export request %s: %w", r.ID, export.ErrFenced)
	}
	return id, token, nil
}
