// Package export is the domain of an export request: what was asked for, the
// states it goes through, and the reasons it can fail. The row in Postgres is
// the truth about a request; this package says what that truth may look like.
//
// It imports the standard library only.
package export

import (
	"time"
)

// Lifetime bounds of an export: how long after its creation it may be
// downloaded.
const (
	DefaultExpiresIn = 7 * 24 * time.Hour
	MinExpiresIn     = time.Minute
	MaxExpiresIn     = 30 * 24 * time.Hour
)
