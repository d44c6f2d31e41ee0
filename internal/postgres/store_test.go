package postgres_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/resume"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

func TestOpen_BadURLHidesPassword(t *testing.T) {
	t.Parallel()
	const url = "postgres://user:secret@host:notaport/db"
	_, opened := postgres.Open(t.Context(), url, postgres.Options{})
	_, migrated := postgres.Migrate(t.Context(), url)
	for call, err := range map[string]error{"open": opened, "migrate": migrated, "check": postgres.CheckSchema(t.Context(), url)} {
		if err == nil || strings.Contains(fmt.Sprint(err), "secret") {
			t.Errorf("%s: %v", call, err)
		}
	}
}

func TestStore_Activity(t *testing.T) {
	t.Parallel()
	s := setup(t)
	before, err := s.Activity(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.request(t)
	after, err := s.Activity(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if after.Transactions <= before.Transactions || after.LogBytes <= before.LogBytes || after.Connections < 1 {
		t.Errorf("%+v, then %+v", before, after)
	}
}

func TestStore_Canceled(t *testing.T) {
	t.Parallel()
	s := setup(t)
	queued, held := s.request(t), s.claimed(t)
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	one := func(_ any, err error) error { return err }
	for call, err := range map[string]error{
		"ping":        s.Ping(canceled),
		"caller":      one(s.Caller(canceled, s.userID)),
		"create":      one(s.CreateExport(canceled, testenv.NewExport(s.userID, s.resumeID))),
		"read":        one(s.Export(canceled, queued.ID)),
		"list":        one(s.Exports(canceled, export.Filter{Limit: 1})),
		"document":    one(s.LoadDocument(canceled, queued)),
		"put":         one(s.PutResume(canceled, export.Caller{UserID: s.userID}, resume.Put{Resume: plain("r", s.userID)})),
		"drop":        s.DeleteResume(canceled, export.Caller{UserID: s.userID}, s.resumeID, resume.Condition{}),
		"resumes":     one(s.Resumes(canceled, resume.Filter{Limit: 1})),
		"claim":       one(s.ClaimExport(canceled, queued.ID, lease)),
		"heartbeat":   s.HeartbeatExport(canceled, held, lease),
		"complete":    one(s.CompleteExport(canceled, held, artifact(held))),
		"same":        one(s.SameContent(canceled, s.userID, [32]byte{1})),
		"fail":        one(s.FailExport(canceled, held, failure(export.Internal))),
		"damaged":     one(s.FailDamaged(canceled, queued.ID, "k")),
		"retry later": one(s.RetryExportLater(canceled, held, failure(export.Internal), 0)),
		"hand back":   s.HandBackExport(canceled, held, 0),
		"cancel":      one(s.CancelExport(canceled, queued.ID)),
		"erase":       one(s.ExpireExport(canceled, queued.ID)),
		"download":    s.MarkDownloaded(canceled, queued.ID),
		"dispatch":    one(s.TakeToDispatch(canceled, 1)),
		"put back":    s.DispatchFailed(canceled, []string{queued.ID}),
		"rescue":      one(s.RescueExports(canceled, 1)),
		"unannounced": one(s.Unannounced(canceled, 0, 1)),
		"announce":    s.MarkAnnounced(canceled, []export.Request{queued}),
		"mark":        one(s.MarkToSweep(canceled, time.Time{}, 0, 1)),
		"sweep":       one(s.FinishSweep(canceled, []string{queued.ID})),
		"lag":         one(s.SweepLag(canceled, 1)),
		"files":       one(s.FilesInUse(canceled, nil)),
		"purge":       one(s.PurgeExports(canceled, time.Time{}, 0, 1)),
	} {
		wantError(t, call, err, context.Canceled)
	}
	for _, r := range []export.Request{queued, held} {
		if got := s.read(t, r.ID); !reflect.DeepEqual(got, r) {
			t.Errorf("a canceled call changed %+v to %+v", r, got)
		}
	}
}

// TestStore_NoSequentialScan is about the plans that the store really
// uses: after some calls Postgres may trade the plan for the arguments at hand
// for one that fits all. The server's own counts tell.
func TestStore_NoSequentialScan(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	conn := crowd(t, url, longHistory)
	store, err := postgres.Open(t.Context(), url, postgres.Options{MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	// An index scan of one query may not touch more rows than this on average.
	const calls, perCall = 20, 2 * batchSize
	unused := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	for _, o := range []struct {
		name string
		call func(n int)
	}{
		{"read", func(int) { _, _ = store.Export(ctx, uuid.NewString()) }},
		{"own list", func(n int) { unused(store.Exports(ctx, export.Filter{UserID: fmt.Sprintf("user_%d", n), Limit: 20})) }},
		{"own list by status", func(n int) {
			unused(store.Exports(ctx, export.Filter{UserID: fmt.Sprintf("user_%d", n), Status: export.Canceled, Limit: 20}))
		}},
		{"list of a resume", func(n int) { unused(store.Exports(ctx, export.Filter{ResumeID: fmt.Sprintf("rsm_%d", n), Limit: 20})) }},
		{"list of all", func(int) { unused(store.Exports(ctx, export.Filter{Limit: 20})) }},
		{"list of failed", func(int) { unused(store.Exports(ctx, export.Filter{Status: export.Failed, Limit: 20})) }},
		{"same content", func(int) { _, _ = store.SameContent(ctx, "user_1", [32]byte{1}) }},
		{"claim", func(int) { _, _ = store.ClaimExport(ctx, export.Message{ExportID: uuid.NewString()}, time.Minute) }},
		{"dispatch", func(int) { unused(store.TakeToDispatch(ctx, 20)) }},
		{"rescue", func(int) { unused(store.RescueExports(ctx, 20)) }},
		{"unannounced", func(int) { unused(store.Unannounced(ctx, 0, 20)) }},
		{"mark", func(int) { unused(store.MarkToSweep(ctx, time.Time{}, time.Minute, 20)) }},
		{"sweep", func(int) { unused(store.FinishSweep(ctx, []string{uuid.NewString(), uuid.NewString()})) }},
		{"lag", func(int) { _, _ = store.SweepLag(ctx, 20) }},
		{"files", func(int) { unused(store.FilesInUse(ctx, []string{uuid.NewString(), uuid.NewString()})) }},
		{"purge", func(int) { unused(store.PurgeExports(ctx, time.Time{}, time.Hour, 20)) }},
	} {
		before := counts(t, store, conn)
		for n := range calls {
			o.call(n)
		}
		after := counts(t, store, conn)
		if through := after.through - before.through; through > 0 {
			t.Errorf("%s read the table through %d times in %d calls", o.name, through, calls)
		}
		if rows := (after.rows - before.rows) / calls; rows > perCall {
			t.Errorf("%s touched %d rows a call", o.name, rows)
		}
	}
}

// tableCounts are the server's statistics of export_request.
type tableCounts struct{ through, rows int64 }

func counts(t *testing.T, store *postgres.Store, conn *pgx.Conn) (c tableCounts) {
	t.Helper()
	// A session reports what it did when it is told to.
	if _, err := store.Pool().Exec(t.Context(), `SELECT pg_stat_force_next_flush()`); err != nil {
		t.Fatal(err)
	}
	if err := conn.QueryRow(t.Context(), `
		SELECT seq_scan, (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'export_request')::bigint
		FROM pg_stat_user_tables WHERE relname = 'export_request'`).Scan(&c.through, &c.rows); err != nil {
		t.Fatal(err)
	}
	return c
}
