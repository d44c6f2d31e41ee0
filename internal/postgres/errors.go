package postgres

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// noRow returns outcome for a guarded statement that matched no row, and else err.
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

// refusesData reports whether err means that a column cannot hold a value: an
// invalid text, number or enum value (class 22), or a violated check constraint.
func refusesData(err error) bool {
	const dataException, checkViolation = "22", "23514"
	var pgErr *pgconn.PgError
	return errors.As(err, &pgErr) && (strings.HasPrefix(pgErr.Code, dataException) || pgErr.Code == checkViolation)
}

// storable reports whether the database can store the texts: valid UTF-8 without
// NUL. Other texts identify no row, and a query with one would be an error.
func storable(texts ...string) bool {
	for _, text := range texts {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return false
		}
	}
	return true
}
