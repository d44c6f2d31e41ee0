package postgres

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// noRow gives the named outcome for a guarded statement that changed nothing.
func noRow(err, outcome error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return outcome
	}
	return err
}

// violates reports whether err is a violation of the named constraint.
func violates(err error, constraint string) bool {
	var pgErr *pgconn.PgError
	return errors.As(err, &pgErr) && pgErr.ConstraintName == constraint
}

// refusesData reports whether err says that a value has no place in its column:
// no such text, number or enum value (class 22), or against a check constraint.
func refusesData(err error) bool {
	const dataException, checkViolation = "22", "23514"
	var pgErr *pgconn.PgError
	return errors.As(err, &pgErr) && (strings.HasPrefix(pgErr.Code, dataException) || pgErr.Code == checkViolation)
}

// storable reports whether the database can hold the texts. What it cannot hold
// is the id of nothing, and it must not be asked: its answer is an error.
func storable(texts ...string) bool {
	for _, text := range texts {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return false
		}
	}
	return true
}
