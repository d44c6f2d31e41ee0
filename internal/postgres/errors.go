package postgres

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// ifNoRows returns outcome if err says that a guarded statement matched no row; otherwise
// it returns err.
func ifNoRows(err, outcome error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return outcome
	}
	return err
}

// refusesData reports whether err means that a column cannot hold a value: an
// invalid text, number or enum value (class 22), or a violated check constraint.
func refusesData(err error) bool {
	const dataException, checkViolation = "22", "23514"
	var pgErr *pgconn.PgError
	return errors.As(err, &pgErr) && (strings.HasPrefix(pgErr.Code, dataException) || pgErr.Code == checkViolation)
}

// validText reports whether the texts are valid UTF-8 without NUL, the only ones that
// Postgres accepts. No row has another text, and a query with one would be an error.
func validText(texts ...string) bool {
	for _, text := range texts {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return false
		}
	}
	return true
}

// refusesWrites reports whether err means that this role or connection may only read.
func refusesWrites(err error) bool {
	const insufficientPrivilege, readOnly, notInState = "42501", "25006", "55000" // the last: a view that cannot be changed
	pgErr, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pgErr.Code == insufficientPrivilege || pgErr.Code == readOnly || pgErr.Code == notInState)
}

// isDuplicate reports whether err means that a row violates the unique constraint.
func isDuplicate(err error, constraint string) bool {
	const uniqueViolation = "23505"
	pgErr, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pgErr.Code == uniqueViolation && pgErr.ConstraintName == constraint
}
