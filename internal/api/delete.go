package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/letrazapp/letraz-export/internal/export"
)

// DeleteStore is the part of the store that ends requests before they expire.
type DeleteStore interface {
	CancelExport(ctx context.Context, id string) (export.Request, error)
	ExpireExport(ctx context.Context, id string) (export.Request, error)
	FinishSweep(ctx context.Context, ids []string) (int64, error)
}

func (s *server) registerDelete(h huma.API) {
	huma.Register(h, operation(huma.Operation{
		OperationID: "delete-export", Method: http.MethodDelete, Path: "/v1/exports/{id}", DefaultStatus: http.StatusNoContent,
		Summary: "Cancel an unfinished export, or delete the file of a finished one",
	}, 404), s.delete)
}

// delete cancels an unfinished request. A finished one expires now: it is not
// served any more, and its file is deleted, by the sweeper if that fails here.
func (s *server) delete(ctx context.Context, in *exportInput) (*struct{}, error) {
	r, err := s.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	canceled, err := s.Store.CancelExport(ctx, r.ID)
	if err == nil {
		s.Observer.ExportCanceled(ctx, canceled)
		s.story(ctx, "export canceled", canceled)
		s.changed(canceled)
		return nil, nil
	}
	if !isWrongStatus(err) {
		return nil, s.problem(ctx, err)
	}
	if r, err = s.Store.ExpireExport(ctx, r.ID); err != nil {
		return nil, s.problem(ctx, err)
	}
	s.Observer.ExportsErased(ctx, 1)
	s.story(ctx, "export deleted", r)
	s.changed(r)
	s.transfers.withdraw(func(under export.Request) bool { return under.ID == r.ID })
	if err := s.erase(ctx, r); err != nil {
		s.outages.files.Failed(err, "export_id", r.ID)
	} else {
		s.outages.files.Recovered()
	}
	return nil, nil
}

// erase deletes the file of an expired request and finishes its row.
func (s *server) erase(ctx context.Context, r export.Request) error {
	if r.Artifact.BlobKey != "" {
		if err := s.Files.Delete(ctx, r.Artifact.BlobKey); err != nil {
			return err
		}
	}
	_, err := s.Store.FinishSweep(ctx, []string{r.ID})
	return err
}
