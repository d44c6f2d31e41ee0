package postgres

import (
	"context"
	"fmt"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Dossier returns what the row of a request says about its processing, or ErrNotFound.
func (s *Store) Dossier(ctx context.Context, id string) (export.Dossier, error) {
	u, err := parseID(id)
	if err != nil {
		return export.Dossier{}, err
	}
	found, err := s.q.ExportRequestByID(ctx, u)
	if err = ifNoRows(err, export.ErrNotFound); err != nil {
		return export.Dossier{}, fmt.Errorf("reading export request %s: %w", id, err)
	}
	row := found.ExportRequest
	d := export.Dossier{
		Request:       toRequestByID(found),
		DispatchedAt:  deref(row.DispatchedAt),
		DispatchDueAt: row.DispatchDueAt,
		Told:          row.Told,
		SweepUntil:    deref(row.SweepUntil),
		HasFile:       row.BlobKey != nil,
		Announced:     export.Status(deref(row.Announced)),
	}
	d.Notes = len(d.Request.Artifact.Notes)
	d.Request = d.Request.Redacted()
	return d, nil
}
