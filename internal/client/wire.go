package client

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/letrazapp/letraz-export/internal/note"
)

// CreateRequest is the body of POST /v1/exports. Empty members get the API's defaults.
type CreateRequest struct {
	ResumeID string `json:"resume_id,omitempty"`
	// Resume is the resume itself, instead of ResumeID: a JSON object.
	Resume   json.RawMessage `json:"resume,omitempty"`
	JobID    string          `json:"job_id,omitempty"`
	Format   string          `json:"format,omitempty"`
	Template string          `json:"template,omitempty"`
	Paper    string          `json:"paper,omitempty"`
	Lane     string          `json:"lane,omitempty"`

	Fit         *Fit   `json:"fit,omitempty"`
	EmbedSource bool   `json:"embed_source,omitempty"`
	ATS         bool   `json:"ats,omitempty"`
	Width       int    `json:"width,omitempty"`
	Wrap        int    `json:"wrap,omitempty"`
	Language    string `json:"language,omitempty"`

	// Wait is how long the API waits for a final status before it answers, in whole seconds;
	// 0: not at all.
	Wait time.Duration `json:"-"`
	// Key is the Idempotency-Key. With a key, Create may repeat the request.
	Key string `json:"-"`
}

// Fit asks for a number of pages.
type Fit struct {
	MaxPages  int     `json:"max_pages"`
	MinFontPt float64 `json:"min_font_pt,omitempty"`
}

// RetryFilter says which failed exports are tried again.
type RetryFilter struct {
	FailureCode string `json:"failure_code,omitempty"`
	UserID      string `json:"user_id,omitempty"`
	Limit       int    `json:"limit"`
}

// Export is the part of the API's export that the client needs.
type Export struct {
	ID          string      `json:"id"`
	ResumeID    string      `json:"resume_id"`
	UserID      string      `json:"user_id"`
	Format      string      `json:"format"`
	Template    string      `json:"template"`
	Status      string      `json:"status"`
	Attempt     int         `json:"attempt"`
	Pages       int         `json:"pages"`
	Size        int64       `json:"size"`
	SHA256      string      `json:"sha256"` // hexadecimal
	Filename    string      `json:"filename"`
	DownloadURL string      `json:"download_url"` // a URL, or a path below the API's address
	Fit         *FitReport  `json:"fit"`
	ATS         *ATS        `json:"ats"`
	Notes       []note.Note `json:"notes"`
	Failure     *Failure    `json:"failure"`
	CreatedAt   time.Time   `json:"created_at"`
	ExpiresAt   time.Time   `json:"expires_at"`

	answer json.RawMessage // the whole object
}

// UnmarshalJSON also keeps the whole object for MarshalJSON.
func (e *Export) UnmarshalJSON(data []byte) error {
	type known Export
	if err := json.Unmarshal(data, (*known)(e)); err != nil {
		return err
	}
	e.answer = bytes.Clone(data)
	return nil
}

// MarshalJSON returns the object as the API has sent it, with the members that this client does
// not know.
func (e Export) MarshalJSON() ([]byte, error) {
	if e.answer == nil {
		return []byte("null"), nil
	}
	return e.answer, nil
}

// Final reports whether the status is final.
func (e Export) Final() bool { return e.Status != "queued" && e.Status != "rendering" }

// ListFilter selects the exports of a list. Empty members select all.
type ListFilter struct {
	Status      string
	ResumeID    string
	FailureCode string // with the status failed only
	Limit       int    // maximum number of exports, at least 1
}

// Template is a template of the API.
type Template struct {
	Name        string `json:"name"`
	Title       string `json:"title"`
	Description string `json:"description"`
}

// Failure says why an export failed.
type Failure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// ATS is the part of the applicant tracking report that is printed.
type ATS struct {
	Fields      int `json:"fields"`
	Found       int `json:"found"`
	BrokenWords int `json:"broken_words"`

	SourceValues int `json:"source_values"`
	SourceFound  int `json:"source_found"`
}

// FitReport is the requested fit and its result.
type FitReport struct {
	Fit
	Fitted        bool    `json:"fitted"`
	Space         float64 `json:"space"`
	Leading       float64 `json:"leading"`
	Size          float64 `json:"size"`
	BodyFontPt    float64 `json:"body_font_pt"`
	TightestPages int     `json:"tightest_pages"`
}

// Reason returns the failure as a sentence for users.
func (e Export) Reason() string {
	if e.Failure == nil {
		return "no reason was given"
	}
	return e.Failure.Message + " (" + e.Failure.Code + ")"
}
