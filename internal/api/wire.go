package api

import (
	"encoding/hex"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Export is an export on the wire.
type Export struct {
	ID       string `json:"id" format:"uuid" doc:"UUIDv7: in order of creation"`
	ResumeID string `json:"resume_id"`
	JobID    string `json:"job_id,omitempty" doc:"The job posting this export is for"`
	UserID   string `json:"user_id" doc:"The resume's owner"`
	Format   string `json:"format"`
	Template string `json:"template"`
	Paper    string `json:"paper"`

	Fit         *Fit `json:"fit,omitempty" doc:"When the document was asked to fit a number of pages"`
	EmbedSource bool `json:"embed_source,omitempty" doc:"Whether the file holds the resume as JSON Resume"`
	ATS         *ATS `json:"ats,omitempty" doc:"What applicant tracking systems can read in the file; there when that was asked for and status is ready"`
	Width       int  `json:"width,omitempty" doc:"Pixels"`

	Status  string   `json:"status" enum:"queued,rendering,ready,failed,canceled,expired"`
	Attempt int      `json:"attempt" doc:"Attempts begun so far"`
	Failure *Failure `json:"failure,omitempty" doc:"Why it failed; while queued, why the last attempt did"`

	Pages    int    `json:"pages,omitempty"`
	Size     int64  `json:"size,omitempty" doc:"Bytes"`
	SHA256   string `json:"sha256,omitempty" doc:"Of the file, in hexadecimal"`
	Filename string `json:"filename,omitempty"`

	CreatedAt     time.Time  `json:"created_at"`
	StartedAt     *time.Time `json:"started_at,omitempty"`
	FinishedAt    *time.Time `json:"finished_at,omitempty"`
	ExpiresAt     time.Time  `json:"expires_at" doc:"Nothing is served after this"`
	Downloaded    bool       `json:"downloaded" doc:"Whether the whole file was downloaded at least once"`
	DownloadedAt  *time.Time `json:"downloaded_at,omitempty" doc:"First full download"`
	DownloadCount int        `json:"download_count"`
	DownloadURL   string     `json:"download_url,omitempty" doc:"Where the file is, while status is ready"`
}

// Failure says why an export failed.
type Failure struct {
	Code    string `json:"code" doc:"One of the documented failure codes"`
	Message string `json:"message" doc:"A sentence for the user"`
}

// toExport maps a request to the wire.
func toExport(r export.Request) Export {
	e := Export{
		ID: r.ID, ResumeID: r.ResumeID, JobID: r.JobID, UserID: r.UserID,
		Format: string(r.Format), Template: r.Template, Paper: string(r.Paper),
		Status: string(r.Status), Attempt: r.Attempt,
		CreatedAt: r.CreatedAt.UTC(), StartedAt: optional(r.StartedAt), FinishedAt: optional(r.FinishedAt), ExpiresAt: r.ExpiresAt.UTC(),
		Downloaded: r.Downloaded, DownloadedAt: optional(r.DownloadedAt), DownloadCount: r.DownloadCount,
	}
	e.setOptions(r.Options, r.Artifact.Report)
	if r.Failure != nil {
		e.Failure = &Failure{Code: string(r.Failure.Code), Message: r.Failure.Message}
	}
	if r.Artifact.Size > 0 {
		e.Pages, e.Size, e.Filename = r.Artifact.Pages, r.Artifact.Size, r.Artifact.Filename
		e.SHA256 = hex.EncodeToString(r.Artifact.SHA256[:])
	}
	if r.Status == export.Ready {
		e.DownloadURL = location(r.ID) + "/download"
	}
	return e
}

// location is the path of an export.
func location(id string) string { return "/v1/exports/" + id }

// optional leaves the zero time out of the answer.
func optional(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
