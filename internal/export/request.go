package export

import (
	"errors"
	"time"

	"github.com/letrazapp/letraz-export/internal/note"
)

// Errors of store operations that callers branch on.
var (
	ErrNotFound       = errors.New("export not found")
	ErrUserNotFound   = errors.New("no such user")
	ErrResumeNotFound = errors.New("resume not found")
	ErrJobNotFound    = errors.New("job posting not found")
	ErrFenced         = errors.New("the lease was lost: another worker, a cancellation or the expiry took the export over")
	ErrNotClaimable   = errors.New("the export is not waiting to be rendered")
	ErrWrongStatus    = errors.New("the export's status does not allow this")
	ErrExpired        = errors.New("the export is past its expiry")
	ErrKeyReused      = errors.New("the idempotency key was used for another request")
	ErrDamaged        = errors.New("the stored file is damaged")
	ErrResumeChanged  = errors.New("the stored resume is not in the state that was required")
	ErrReadOnly       = errors.New("the tables of resumes cannot be written here")
	ErrTooManyWaiting = errors.New("too many exports are waiting")
	// ErrUnavailable means that the store cannot be reached, or not soon enough. A
	// write that ended so may have happened.
	ErrUnavailable = errors.New("the store is not available at the moment")
)

// Request is an export request: its row.
type Request struct {
	ID       string // UUIDv7, lower case
	UserID   string // the resume's owner
	ResumeID string // empty if the resume came with the request
	JobID    string // the posting this export is for, or empty
	Format   Format
	Template string
	Paper    Paper
	Options  Options
	Lane     Lane
	BatchID  string // the batch that it belongs to, or empty

	Status        Status
	Attempt       int // attempts claimed so far
	MaxAttempts   int
	Timeouts      int       // attempts that ended with RenderTimeout so far
	NextAttemptAt time.Time // not claimed before
	Failure       *Failure  // of the last failed attempt; nil once it is claimed again
	Lease         Lease     // while rendering
	DispatchGen   int       // number of its last message; no two have the same
	DispatchCount int       // messages since it was put into the queue, without those that could not be published
	Traceparent   string    // trace context (W3C) in which it was created; empty if it was not traced

	Artifact Artifact // when ready

	CreatedAt     time.Time
	StatusAt      time.Time // when Status was last set
	StartedAt     time.Time // first claim; zero before
	FinishedAt    time.Time // final status reached; zero before
	ExpiresAt     time.Time
	Downloaded    bool
	DownloadedAt  time.Time // first full download; zero before
	DownloadCount int
}

// Lease is a worker's right to finish a request: the token guards every write,
// and another worker may take over after Until.
type Lease struct {
	Token string // UUID; empty if there is no lease
	Until time.Time
}

// Artifact describes the file of an export, as the row does. All fields but BlobKey stay in
// the row when the file is deleted.
type Artifact struct {
	BlobKey  string // where the bytes are; empty when there are none
	Size     int64  // bytes
	SHA256   [32]byte
	Pages    int    // 0 for formats without pages
	Filename string // for people, with extension
	Report   Report
	// Notes are for the author of the resume. They may quote it, so they are not shown
	// and not kept after the expiry.
	Notes []note.Note
	// Content is a hash of everything that the file was made from: equal hashes mean equal
	// files. Zero: the file is not to be copied.
	Content [32]byte
}

// New is a request to be created.
type New struct {
	ID          string // UUIDv7
	ResumeID    string // empty if there is a Document
	Document    *Document
	JobID       string // may be empty
	Format      Format
	Template    string
	Paper       Paper
	Options     Options
	Lane        Lane          // empty: the default
	ExpiresIn   time.Duration // MinExpiresIn … MaxExpiresIn
	MaxAttempts int
	Caller      Caller
	// Key makes asking again safe: there is one request of the caller with the key, as
	// long as its row exists. Empty: none.
	Key string
	// Traceparent is the trace context (W3C) of the request; empty: none.
	Traceparent string
	// MaxWaiting is the number of unfinished requests that the owner of the resume may have,
	// with this one. 0: any.
	MaxWaiting int
}

// Document is a resume that comes with a request and is kept with it only.
type Document struct {
	JSON  []byte // an object of any format that is read, without blanks between its values
	Notes []note.Note
}

// Caller is the calling user. Users act on their own resumes and exports, staff on all.
type Caller struct {
	UserID string
	Active bool
	Staff  bool
	// New means that the identity provider knows the user and the database does not yet. The
	// user's row is made with the first resume.
	New bool
	// KeyID is the id of the API key that acts for the user; empty if the user calls.
	KeyID string
}

// MaySee reports whether the caller may know of a request that belongs to ownerID.
func (c Caller) MaySee(ownerID string) bool { return c.Staff || c.UserID == ownerID }

// Filter selects requests for a list, newest first.
type Filter struct {
	UserID   string // empty: every owner
	Status   Status // empty: every status
	ResumeID string // empty: every resume
	// FailureCode empty: every one and none.
	FailureCode FailureCode
	Before      string // id of the last one already seen; empty: from the newest
	Limit       int
}

// Failures selects failed requests to be tried again, oldest first.
type Failures struct {
	Code   FailureCode // empty: every one
	UserID string      // empty: every owner
	Limit  int
}

// Event says that a request reached a status.
type Event struct {
	ExportID     string
	UserID       string
	ResumeID     string
	Status       Status
	At           time.Time
	ErrorMessage string // for Failed
	BatchID      string // of the request, or empty
	Traceparent  string // of the request, see Request
}

// Announcement is a request in a final status that some listeners were not told of.
type Announcement struct {
	Request Request
	Told    []string // the listeners that were told of it already
}

// EventOf returns the event for the request's status.
func EventOf(r Request) Event {
	e := Event{ExportID: r.ID, UserID: r.UserID, ResumeID: r.ResumeID, Status: r.Status, At: r.StatusAt, BatchID: r.BatchID, Traceparent: r.Traceparent}
	if r.Status == Failed && r.Failure != nil {
		e.ErrorMessage = r.Failure.Message
	}
	return e
}
