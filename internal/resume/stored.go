package resume

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"
)

// Stored describes a resume in the database, without its content.
type Stored struct {
	ID        string
	UserID    string // the owner
	Title     string // the owner's name for the document
	Language  string // BCP 47; empty if it is not stated
	JobID     string // the posting it is tailored to, or empty
	Base      bool   // the owner's primary resume
	CreatedAt time.Time
	UpdatedAt time.Time // last change, by the database's clock
	Version   string    // see Version; empty in lists
	Created   bool      // whether it was created just now
}

// Put is a resume to be stored in place of the one that has its ID, if there is one.
type Put struct {
	Resume Resume  // with its ID and Notes; the owner is that of the stored resume, or the caller
	Title  *string // nil keeps the title
	Condition
}

// Condition says what must be true of the stored resume. The zero value is always true.
type Condition struct {
	// Versions has the versions that it must have; empty: any.
	Versions []string
	// Exists requires that there is one, New that there is none.
	Exists, New bool
}

// Allows reports whether the condition is true of a stored resume with the version.
func (c Condition) Allows(version string) bool {
	return !c.New && (len(c.Versions) == 0 || slices.Contains(c.Versions, version))
}

// AllowsNone reports whether the condition is true if there is no such resume.
func (c Condition) AllowsNone() bool { return !c.Exists && len(c.Versions) == 0 }

// Filter selects resumes for a list, newest first.
type Filter struct {
	UserID string // empty: every owner
	// Before and BeforeID are of the last one already seen; zero: from the newest.
	Before   time.Time
	BeforeID string
	Limit    int
}

// Version returns the version of a resume, which changes with any of its content: a digest of
// the document that [MarshalJSONResume] writes. So it also changes when a row of the resume
// or of its owner was changed by another program.
func Version(document []byte) string {
	sum := sha256.Sum256(document)
	return hex.EncodeToString(sum[:16])
}
