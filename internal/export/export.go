// Package export is the domain of export requests: what is requested, the statuses of a
// request, and the reasons of failures. A row in Postgres holds each request; this package
// defines its values.
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
