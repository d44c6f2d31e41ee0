package postgres_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

const (
	lease          = time.Minute
	dispatchWithin = 15 * time.Second // the store's default
)

// stage is a store with a user and a resume of theirs.
type stage struct {
	*postgres.Store
	userID, resumeID string
}

func setup(t testing.TB) stage {
	t.Helper()
	store := testenv.Open(t, testenv.Database(t), postgres.Options{})
	return stage{Store: store, userID: "user_1", resumeID: testenv.ImportSample(t, store, "user_1", "first-job")}
}

// request records an export of the resume.
func (s stage) request(t testing.TB) export.Request {
	t.Helper()
	return testenv.Request(t, s.Store, s.userID, s.resumeID)
}

// ClaimExport claims the request with the message that fits it now.
func (s stage) ClaimExport(ctx context.Context, id string, lease time.Duration) (export.Request, error) {
	standing, err := s.ExportStanding(ctx, id)
	if err != nil && !errors.Is(err, export.ErrNotFound) {
		return export.Request{}, err
	}
	return s.Store.ClaimExport(ctx, export.Message{ExportID: id, Attempts: standing.Attempt}, lease)
}

// claimed records an export and claims it.
func (s stage) claimed(t testing.TB) export.Request {
	t.Helper()
	return must(s.ClaimExport(t.Context(), s.request(t).ID, lease))(t)
}

// ready records an export and completes it.
func (s stage) ready(t testing.TB) export.Request {
	t.Helper()
	r := s.claimed(t)
	return must(s.CompleteExport(t.Context(), r, artifact(r)))(t)
}

// read returns the request as it is now.
func (s stage) read(t testing.TB, id string) export.Request {
	t.Helper()
	return must(s.Export(t.Context(), id))(t)
}

// exec changes rows behind the store's back; time passes by moving their times.
func (s stage) exec(t testing.TB, sql string, args ...any) {
	t.Helper()
	if err := s.try(t, sql, args...); err != nil {
		t.Fatalf("%v in %s", err, sql)
	}
}

func (s stage) try(t testing.TB, sql string, args ...any) error {
	t.Helper()
	_, err := s.Pool().Exec(t.Context(), sql, args...)
	return err
}

// column returns a column's value in the row, without regard to the expiry; NULL is "".
func (s stage) column(t testing.TB, name, id string) string {
	t.Helper()
	var value *string
	if err := s.Pool().QueryRow(t.Context(), "SELECT "+name+"::text FROM export_request WHERE id = $1", id).Scan(&value); err != nil {
		t.Fatal(err)
	}
	if value == nil {
		return ""
	}
	return *value
}

// expire lets the request's time run out.
func (s stage) expire(t testing.TB, id string) {
	t.Helper()
	s.exec(t, `UPDATE export_request SET created_at = created_at - interval '30 days', expires_at = now() - interval '1 second' WHERE id = $1`, id)
}

// loseLease lets the holder's lease run out.
func (s stage) loseLease(t testing.TB, id string) {
	t.Helper()
	s.exec(t, `UPDATE export_request SET lease_until = now() - interval '1 second' WHERE id = $1`, id)
}

// rested lets the time pass that a request rests and that its message may take.
func (s stage) rested(t testing.TB, id string) {
	t.Helper()
	s.exec(t, `UPDATE export_request SET next_attempt_at = now() - interval '1 second', dispatch_due_at = now() - interval '1 second' WHERE id = $1`, id)
}

// artifact returns the artifact of an attempt at r.
func artifact(r export.Request) export.Artifact {
	return export.Artifact{BlobKey: export.BlobKey(r), Size: 1234, SHA256: [32]byte{1, 2, 3}, Pages: 2, Filename: "Ada Lovelace.pdf",
		Content: [32]byte{7, 8}}
}

func failure(code export.FailureCode) export.Failure {
	return export.Failure{Code: code, Message: code.Message()}
}

// must returns v and fails the test if err is not nil.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// wantError fails the test unless err is want.
func wantError(t testing.TB, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", what, err, want)
	}
}

// wantCode fails the test unless err is an *export.Error with the code.
func wantCode(t testing.TB, what string, err error, want export.FailureCode) {
	t.Helper()
	var typed *export.Error
	if !errors.As(err, &typed) || typed.Code != want {
		t.Errorf("%s: error %v, want one with the code %s", what, err, want)
	}
}

// wantViolation fails the test unless the database refused with this SQLSTATE
// for reasons of the named constraint.
func wantViolation(t testing.TB, what string, err error, state, constraint string) {
	t.Helper()
	var pgErr *pgconn.PgError
	if !errors.As(err, &pgErr) || pgErr.Code != state || pgErr.ConstraintName != constraint {
		t.Errorf("%s: error %v, want a violation (%s) of %s", what, err, state, constraint)
	}
}

// wantStatus fails the test unless the request stands so.
func (s stage) wantStatus(t testing.TB, id string, want export.Status) export.Request {
	t.Helper()
	r := s.read(t, id)
	if r.Status != want {
		t.Errorf("status %s, want %s", r.Status, want)
	}
	return r
}

func isOneOf(err error, outcomes []error) bool {
	return slices.ContainsFunc(outcomes, func(outcome error) bool { return errors.Is(err, outcome) })
}
