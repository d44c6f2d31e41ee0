package testenv

import (
	"testing"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/samples"
)

// ImportSample stores a sample as a resume of userID and returns the ID of the resume.
func ImportSample(t testing.TB, store *postgres.Store, userID, slug string) string {
	t.Helper()
	sample, err := samples.Get(slug)
	if err != nil {
		t.Fatal(err)
	}
	r, err := resume.ParseJSONResume(sample.JSON)
	if err != nil {
		t.Fatal(err)
	}
	r.ID, r.UserID, r.Title = "rsm_"+uuid.NewString(), userID, slug
	if r.Job != nil {
		r.Job.ID = "job_" + uuid.NewString()
	}
	if err := store.ImportResumes(t.Context(), []resume.Resume{r}); err != nil {
		t.Fatal(err)
	}
	return r.ID
}

// NewExport returns the parameters of an export of the resume as a PDF.
func NewExport(userID, resumeID string) export.New {
	return export.New{
		ID: uuid.Must(uuid.NewV7()).String(), ResumeID: resumeID, Format: export.PDF, Template: "classic", Paper: export.A4,
		ExpiresIn: export.DefaultExpiresIn, MaxAttempts: 3, Caller: export.Caller{UserID: userID, Active: true},
	}
}

// Request stores NewExport and returns the request.
func Request(t testing.TB, store *postgres.Store, userID, resumeID string) export.Request {
	t.Helper()
	r, err := store.CreateExport(t.Context(), NewExport(userID, resumeID))
	if err != nil {
		t.Fatal(err)
	}
	return r
}
