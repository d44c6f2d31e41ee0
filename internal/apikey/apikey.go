// Package apikey defines API keys: their text, what is kept of them, and what they allow.
//
// A key acts for users of a product that calls the API from its own servers. It is shown once,
// when it is created; the database has its hash only. The package imports the standard library.
package apikey

import (
	"errors"
	"slices"
	"time"
)

// Errors of store operations that callers branch on.
var (
	ErrNotFound  = errors.New("no such API key")
	ErrNameTaken = errors.New("there is an API key of this name already")
)

// Key is an API key without its secret: a row.
type Key struct {
	ID     string // public, the middle part of the text
	Name   string // for people; unique among the keys that are not revoked
	Scopes []Scope
	// AllUsers lets the key act for every user, otherwise it acts for Users.
	AllUsers bool
	Users    []string

	CreatedAt  time.Time
	ExpiresAt  time.Time // zero: never
	RevokedAt  time.Time // zero: not revoked
	LastUsedAt time.Time // to the minute; zero: never used
	// Ended reports whether the key is revoked or expired, by the clock of the database.
	Ended bool
}

// MayActFor reports whether the key may act for the user.
func (k Key) MayActFor(userID string) bool { return k.AllUsers || slices.Contains(k.Users, userID) }

// Has reports whether the key has the scope.
func (k Key) Has(s Scope) bool { return slices.Contains(k.Scopes, s) }

// New is a key to be created. The store is given the hash, never the text.
type New struct {
	ID       string
	Hash     [32]byte
	Name     string
	Scopes   []Scope
	AllUsers bool
	Users    []string // unless AllUsers; at least one
	// ExpiresIn is the time from the creation to the expiry. 0: it does not expire.
	ExpiresIn time.Duration
}

// Presented is what is known of a key that a caller presents.
type Presented struct {
	Key     Key
	Hash    [32]byte // of the whole text
	Waiting int      // exports that the key created and that are not finished, counted up to a maximum
}

// Scope is a group of routes that a key may call.
type Scope string

// The scopes.
const (
	ExportsRead  Scope = "exports:read"
	ExportsWrite Scope = "exports:write"
	ResumesRead  Scope = "resumes:read"
	ResumesWrite Scope = "resumes:write"
	Batches      Scope = "batches"
	Webhooks     Scope = "webhooks"
	// Staff lets a key use the rights of users that are staff. Without it, they are ordinary
	// users to the key.
	Staff Scope = "staff"
)

// Scopes returns all scopes.
func Scopes() []Scope {
	return []Scope{ExportsRead, ExportsWrite, ResumesRead, ResumesWrite, Batches, Webhooks, Staff}
}

// MaxName is the maximum length of a name in bytes.
const MaxName = 100
