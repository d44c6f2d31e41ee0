// Package export is the domain of an export request: what was asked for, the
// statuses it goes through, and the reasons for which it fails. A row in Postgres holds
// each request; this package defines its values.
//
// It imports the standard library and package note.
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
