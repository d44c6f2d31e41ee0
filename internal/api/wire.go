package api

import (
	"encoding/hex"
	"time"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/note"
)

// Export is the representation of an export.
type Export struct {
	ID       string `json:"id" format:"uuid" doc:"UUIDv7, so ids sort by creation time"`
	ResumeID string `json:"resume_id,omitempty" doc:"Absent if the resume came with the request"`
	JobID    string `json:"job_id,omitempty" doc:"The job posting this export is for"`
	UserID   string `json:"user_id" doc:"The owner of the resume"`
	BatchID  string `json:"batch_id,omitempty" format:"uuid" doc:"The batch that the export belongs to"`
	Lane     string `json:"lane" enum:"interactive,bulk"`
	Format   string `json:"format"`
	Template string `json:"template"`
	Paper    string `json:"paper"`

	Fit         *Fit   `json:"fit,omitempty" doc:"Present if the request asked for it"`
	EmbedSource bool   `json:"embed_source,omitempty" doc:"Whether the resume is attached to the file as JSON Resume"`
	ATS         *ATS   `json:"ats,omitempty" doc:"What applicant tracking systems read in the file. Present if the request asked for it and status is ready"`
	Width       int    `json:"width,omitempty" doc:"In pixels"`
	Wrap        int    `json:"wrap,omitempty" doc:"Maximum width of lines, in columns"`
	Language    string `json:"language,omitempty" doc:"The language (BCP 47) that the request asked for"`
	Notes       []Note `json:"notes,omitempty" doc:"For the author of the resume: what was repaired, guessed or left out. Present if there are any and status is ready, or the resume came with the request; at most 100"`

	Status  string   `json:"status" enum:"queued,rendering,ready,failed,canceled,expired"`
	Attempt int      `json:"attempt" doc:"Number of attempts begun"`
	Failure *Failure `json:"failure,omitempty" doc:"Why the export failed; while it is queued again, why the previous attempt failed"`

	Pages    int    `json:"pages,omitempty"`
	Size     int64  `json:"size,omitempty" doc:"In bytes"`
	SHA256   string `json:"sha256,omitempty" doc:"Checksum of the file, in hexadecimal"`
	Filename string `json:"filename,omitempty"`

	CreatedAt     time.Time  `json:"created_at"`
	StartedAt     *time.Time `json:"started_at,omitempty"`
	FinishedAt    *time.Time `json:"finished_at,omitempty"`
	ExpiresAt     time.Time  `json:"expires_at" doc:"The file is not served after this time"`
	Downloaded    bool       `json:"downloaded" doc:"Whether the whole file has been downloaded at least once"`
	DownloadedAt  *time.Time `json:"downloaded_at,omitempty" doc:"Time of the first full download"`
	DownloadCount int        `json:"download_count"`
	EventsURL     string     `json:"events_url,omitempty" format:"uri-reference" doc:"Link to the events of this export, which needs no token for an hour: a URL, or a path of this API. Present while the status is not final, if the service has keys for links"`
	DownloadURL   string     `json:"download_url,omitempty" format:"uri-reference" doc:"Link to the file, which needs no token until expires_at: a URL, or a path of this API. If the service has no keys for links, the path that takes the bearer token. Present while status is ready"`
}

// Failure says why an export failed.
type Failure struct {
	Code    string `json:"code" doc:"One of the failure codes in the README"`
	Message string `json:"message" doc:"A sentence for the user"`
}

// Note is a remark for the author of the resume.
type Note struct {
	Path    string `json:"path" doc:"Position in the resume as it was imported, such as work[0].endDate; empty for the whole resume"`
	Code    string `json:"code" doc:"One of the codes in docs/notes.md, such as repaired or not_shown"`
	Message string `json:"message" doc:"What was done and why"`
	Hint    string `json:"hint,omitempty" doc:"How to avoid the note"`
}

// toExport maps a request to its answer.
func toExport(r export.Request) Export {
	e := Export{
		ID: r.ID, ResumeID: r.ResumeID, JobID: r.JobID, UserID: r.UserID,
		BatchID: r.BatchID, Lane: string(r.Lane), Format: string(r.Format), Template: r.Template, Paper: string(r.Paper),
		Status: string(r.Status), Attempt: r.Attempt,
		CreatedAt: r.CreatedAt.UTC(), StartedAt: optional(r.StartedAt), FinishedAt: optional(r.FinishedAt), ExpiresAt: r.ExpiresAt.UTC(),
		Downloaded: r.Downloaded, DownloadedAt: optional(r.DownloadedAt), DownloadCount: r.DownloadCount,
	}
	e.setOptions(r.Options, r.Artifact.Report)
	e.Notes = toNotes(r.Artifact.Notes)
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

// toNotes maps notes to their answer.
func toNotes(notes []note.Note) []Note {
	var list []Note
	for _, n := range notes {
		list = append(list, Note{Path: n.Path, Code: string(n.Code), Message: n.Message, Hint: n.Hint})
	}
	return list
}

// location returns the path of an export.
func location(id string) string { return "/v1/exports/" + id }

// optional returns nil for the zero time, which is left out of the answer.
func optional(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
