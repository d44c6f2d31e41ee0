package api

import (
	"context"

	"github.com/letrazapp/letraz-export/internal/export"
)

// DeleteStore ends exports before their time.
type DeleteStore interface {
	CancelExport(ctx context.Context, id string) (export.Request, error)
	ExpireExport(ctx context.Context, id string) (export.Request, error)
	FinishSweep(ctx context.Context, ids []string) (int64, error)
}

// delete cancels a request on its way. A finished one expires now: from here on
// nothing serves it, and its file is deleted at once, or by the sweeper should
// that fail.
func (s *server) delete(ctx context.Context, in *exportInput) (*struct{}, error) {
	r, err := s.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	canceled, err := s.Store.CancelExport(ctx, r.ID)
	if err == nil {
		s.Observer.ExportCanceled(ctx, canceled)
		return nil, nil
	}
	if !isWrongStatus(err) {
		return nil, s.problem(ctx, err)
	}
	if r, err = s.Store.ExpireExport(ctx, r.ID); err != nil {
		return nil, s.problem(ctx, err)
	}
	s.Observer.ExportsErased(ctx, 1)
	s.transfers.withdraw(func(under export.Request) bool { return under.ID == r.ID })
	if err := s.erase(ctx, r); err != nil {
		s.outages.files.Failed(err, "export_id", r.ID)
	} else {
		s.outages.files.Recovered()
	}
	return nil, nil
}

func (s *server) erase(ctx context.Context, r export.Request) error {
	if r.Artifact.BlobKey != "" {
		if err := s.Files.Delete(ctx, r.Artifact.BlobKey); err != nil {
			return err
		}
	}
	_, err := s.Store.FinishSweep(ctx, []string{r.ID})
	return err
}
