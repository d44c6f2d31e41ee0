package postgres

import (
	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
)

// toRequest maps a row to the domain. The status of a request past its expiry is
// expired, swept or not.
func toRequest(row dbsqlc.ExportRequest, pastExpiry bool) export.Request {
	r := export.Request{
		ID:       row.ID.String(),
		UserID:   row.UserID,
		ResumeID: row.ResumeID,
		JobID:    deref(row.JobID),
		Format:   export.Format(row.Format),
		Template: row.Template,
		Paper:    export.Paper(row.Paper),
		Options:  toOptions(row.Options),
		Lane:     export.Lane(row.Lane),

		Status:        export.Status(row.Status),
		Attempt:       int(row.Attempt),
		MaxAttempts:   int(row.MaxAttempts),
		Timeouts:      int(row.Timeouts),
		NextAttemptAt: row.NextAttemptAt,
		DispatchGen:   int(row.DispatchGen),
		DispatchCount: int(row.DispatchCount),
		Traceparent:   deref(row.Traceparent),

		Artifact: export.Artifact{
			BlobKey:  deref(row.BlobKey),
			Size:     deref(row.Size),
			Pages:    int(deref(row.Pages)),
			Filename: deref(row.Filename),
			Report:   toReport(row.Report),
			Notes:    toNotes(row.Notes),
		},

		CreatedAt:     row.CreatedAt,
		StatusAt:      row.StatusAt,
		StartedAt:     deref(row.StartedAt),
		FinishedAt:    deref(row.FinishedAt),
		ExpiresAt:     row.ExpiresAt,
		Downloaded:    row.Downloaded,
		DownloadedAt:  deref(row.DownloadedAt),
		DownloadCount: int(row.DownloadCount),
	}
	copy(r.Artifact.SHA256[:], row.Sha256)
	copy(r.Artifact.Content[:], row.ContentHash)
	if row.LeaseToken != nil {
		r.Lease = export.Lease{Token: row.LeaseToken.String(), Until: deref(row.LeaseUntil)}
	}
	if row.BatchID != nil {
		r.BatchID = row.BatchID.String()
	}
	if row.FailureCode != nil {
		r.Failure = &export.Failure{Code: export.FailureCode(*row.FailureCode), Message: deref(row.FailureMessage)}
	}
	r.Options.Language = deref(row.Language)
	if pastExpiry {
		r.Status = export.Expired
	}
	if r.Status == export.Expired { // what quotes the resume; a sweep removes it
		r.Artifact.Notes = nil
		if r.Artifact.Report.ATS != nil {
			r.Artifact.Report.ATS.SourceMissing = nil
		}
	}
	return r
}

// toRequestByID maps the result of a query by id: a row, and whether it is past its expiry.
func toRequestByID(row dbsqlc.ExportRequestByIDRow) export.Request {
	return toRequest(row.ExportRequest, row.PastExpiry)
}

// toRequests maps rows; none of them is past its expiry.
func toRequests(rows []dbsqlc.ExportRequest) []export.Request {
	rs := make([]export.Request, len(rows))
	for i, row := range rows {
		rs[i] = toRequest(row, false)
	}
	return rs
}

// parseID parses an export id. It returns ErrNotFound for anything but a UUID.
func parseID(id string) (uuid.UUID, error) {
	u, err := uuid.Parse(id)
	if err != nil || len(id) != 36 {
		return uuid.UUID{}, export.ErrNotFound
	}
	return u, nil
}

// parseIDs parses ids that came from this store.
func parseIDs(ids []string) ([]uuid.UUID, error) {
	us := make([]uuid.UUID, len(ids))
	for i, id := range ids {
		u, err := parseID(id)
		if err != nil {
			return nil, err
		}
		us[i] = u
	}
	return us, nil
}

// deref returns the value that p points to, or the zero value for NULL.
func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// nullIfZero returns NULL for the zero value.
func nullIfZero[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}
