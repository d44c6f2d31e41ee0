package postgres_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// batchSize is the number of rows that dispatcher and sweeper take at once, and most the
// number of rows that a statement may read for it, since some rows between them are not due.
const (
	batchSize = 200
	most      = 10 * batchSize
)

// hotQueries returns the statements of normal operation with their arguments, as the generated
// code sends them, and the number of rows that each may read. $N in an argument is replaced:
// see inCrowd.
func hotQueries(some request) []hotQuery {
	ctx := context.Background()
	var r recorder
	q := dbsqlc.New(&r)
	queries := []hotQuery{}
	add := func(rows int, called any) {
		_ = called
		queries = append(queries, hotQuery{sql: r.sql, args: r.args, most: rows})
	}
	add1 := func(rows int) func(any, error) {
		return func(any, error) { add(rows, nil) }
	}
	id, token, brief := some.id, uuid.New(), time.Minute

	add1(1)(q.ExportRequestInsert(ctx, dbsqlc.ExportRequestInsertParams{ID: uuid.Must(uuid.NewV7()), Format: "pdf", Template: "classic", Lane: "interactive",
		Paper: "a4", MaxAttempts: 3, ExpiresIn: brief, DispatchWithin: brief, ResumeID: "rsm_7", CallerID: "user_7"}))
	key := make([]byte, 32)
	add1(1)(q.ExportRequestInsert(ctx, dbsqlc.ExportRequestInsertParams{ID: uuid.Must(uuid.NewV7()), Format: "pdf", Template: "classic", Lane: "interactive", IdempotencyKey: key,
		IdempotencyRequest: key, Paper: "a4", MaxAttempts: 3, ExpiresIn: brief, DispatchWithin: brief, ResumeID: "rsm_7", CallerID: "user_7"}))
	job := "job_9"
	add1(1)(q.ExportRequestInsert(ctx, dbsqlc.ExportRequestInsertParams{ID: uuid.Must(uuid.NewV7()), Format: "pdf", Template: "classic", Lane: "interactive",
		Paper: "a4", MaxAttempts: 3, ExpiresIn: brief, DispatchWithin: brief, ResumeID: "rsm_7", CallerID: "user_7", JobID: &job}))
	most1000, actor := int32(1000), "user_7"
	add1(1000)(q.ExportRequestInsertDocument(ctx, dbsqlc.ExportRequestInsertDocumentParams{ID: uuid.Must(uuid.NewV7()), Format: "pdf", Template: "classic", Lane: "interactive",
		IdempotencyKey: key, IdempotencyRequest: key, Paper: "a4", MaxAttempts: 3, ExpiresIn: brief, DispatchWithin: brief, CallerID: "user_7", Document: []byte{1}, DocumentNotes: json.RawMessage("[]"),
		MaxWaiting: &most1000, Actor: &actor, ActorKind: "token", Action: "create-export", Result: 202}))
	add1(1)(q.ExportDocumentLoad(ctx, id))
	add1(1000)(q.ExportRequestInsert(ctx, dbsqlc.ExportRequestInsertParams{ID: uuid.Must(uuid.NewV7()), Format: "pdf", Template: "classic", Lane: "interactive",
		Paper: "a4", MaxAttempts: 3, ExpiresIn: brief, DispatchWithin: brief, ResumeID: "rsm_7", CallerID: "user_7", MaxWaiting: &most1000,
		Actor: &actor, ActorKind: "token", Action: "create-export", Result: 202}))
	add1(1)(q.ExportRequestByKey(ctx, key))
	add1(1)(q.ExportRequestByID(ctx, id))
	add1(most)(q.ExportRequestByIDs(ctx, some.batch))
	add1(1000)(q.ExportRequestChanged(ctx, dbsqlc.ExportRequestChangedParams{UserID: "user_7", MaxRows: 1000, Since: time.Now().Add(-brief)}))
	add1(1)(q.ExportRequestRetry(ctx, dbsqlc.ExportRequestRetryParams{ID: id, DispatchWithin: brief}))
	add1(most)(q.ExportRequestErase(ctx, dbsqlc.ExportRequestEraseParams{UserID: "user_7", Mark: brief, MaxRows: batchSize}))
	add1(1)(q.ExportRequestEraseOrphan(ctx, dbsqlc.ExportRequestEraseOrphanParams{ID: id, LeaseToken: token}))
	add1(most)(q.ExportRequestErased(ctx, dbsqlc.ExportRequestErasedParams{UserID: "user_7", MaxRows: batchSize}))
	add1(most)(q.ExportRequestForget(ctx, some.batch))
	add1(1)(q.ExportRequestClaim(ctx, dbsqlc.ExportRequestClaimParams{ID: id, LeaseToken: token, Lease: brief}))
	add1(1)(q.ExportRequestStanding(ctx, id))
	add1(1)(q.ExportRequestHeartbeat(ctx, dbsqlc.ExportRequestHeartbeatParams{ID: id, LeaseToken: token, Lease: brief}))
	add1(1)(q.ExportRequestComplete(ctx, dbsqlc.ExportRequestCompleteParams{ID: id, LeaseToken: token, BlobKey: "k", Size: 1, Sha256: make([]byte, 32), Filename: "a.pdf"}))
	add1(1)(q.ExportRequestSameContent(ctx, dbsqlc.ExportRequestSameContentParams{UserID: some.userID, ContentHash: some.content}))
	add1(1)(q.ExportRequestFail(ctx, dbsqlc.ExportRequestFailParams{ID: id, LeaseToken: token, FailureCode: "internal", FailureMessage: "M"}))
	add1(1)(q.ExportRequestRetryLater(ctx, dbsqlc.ExportRequestRetryLaterParams{ID: id, LeaseToken: token, Backoff: brief, FailureCode: "internal", FailureMessage: "M"}))
	add1(1)(q.ExportRequestFailDamaged(ctx, dbsqlc.ExportRequestFailDamagedParams{ID: id, BlobKey: "k", FailureCode: "internal", FailureMessage: "M"}))
	add1(1)(q.ExportRequestHandBack(ctx, dbsqlc.ExportRequestHandBackParams{ID: id, LeaseToken: token, DispatchWithin: brief}))
	add1(1)(q.ExportRequestCancel(ctx, id))
	add1(1)(q.ExportRequestExpireNow(ctx, id))
	add1(1)(q.ExportRequestDownloaded(ctx, id))
	add1(most)(q.ExportRequestDispatch(ctx, dbsqlc.ExportRequestDispatchParams{DispatchWithin: brief, MaxRows: batchSize}))
	add(most, q.ExportRequestDispatchFailed(ctx, some.batch))
	add(1, q.ExportRequestDispatchDue(ctx, id))
	add1(most)(q.ExportRequestDispatchLost(ctx, dbsqlc.ExportRequestDispatchLostParams{Messages: 5, DispatchWithin: brief, MaxRows: batchSize}))
	add1(most)(q.ExportRequestRescue(ctx, dbsqlc.ExportRequestRescueParams{FailureCode: "internal", FailureMessage: "M", MaxRows: batchSize}))
	add1(most)(q.ExportRequestUnannounced(ctx, dbsqlc.ExportRequestUnannouncedParams{OlderThan: brief, MaxRows: batchSize}))
	add(1, q.ExportRequestAnnounced(ctx, dbsqlc.ExportRequestAnnouncedParams{StatusAt: some.times[0], ID: id}))
	add(most, q.ExportRequestAnnouncedMany(ctx, dbsqlc.ExportRequestAnnouncedManyParams{StatusAt: some.times, Ids: some.batch}))
	add(1, q.ExportRequestTold(ctx, dbsqlc.ExportRequestToldParams{StatusAt: some.times[0], ID: id, Listeners: []string{"stream"}}))
	add1(most)(q.ExportRequestSweepMark(ctx, dbsqlc.ExportRequestSweepMarkParams{Mark: brief, MaxRows: batchSize}))
	add1(most)(q.ExportRequestSweepFinish(ctx, some.batch))
	add1(most)(q.ExportRequestSweepLag(ctx, most))
	add1(10)(q.ExportRequestLags(ctx))
	add1(most)(q.ExportRequestFilesInUse(ctx, some.batch))
	add1(most)(q.ExportRequestPurge(ctx, dbsqlc.ExportRequestPurgeParams{Retention: 24 * time.Hour, MaxRows: batchSize}))
	add1(1)(q.ExportRequestNotInserted(ctx, dbsqlc.ExportRequestNotInsertedParams{ResumeID: "rsm_7", CallerID: "user_7", JobID: &job}))
	add1(1000)(q.ExportRequestWaiting(ctx, dbsqlc.ExportRequestWaitingParams{UserID: "user_7", CountUpTo: 1000}))
	add1(1)(q.UserCaller(ctx, "user_7"))
	for _, userID := range []*string{nil, new("user_7")} {
		add1(most)(q.ResumeList(ctx, dbsqlc.ResumeListParams{UserID: userID, BeforeCreatedAt: some.times[0], MaxRows: 21}))
		queries[len(queries)-1].customOnly = true
	}
	batchQueries(q, add1)
	for _, queued := range postgres.LoadBatch("rsm_7", "job_9").QueuedQueries {
		if strings.HasPrefix(queued.SQL, "--") { // as every generated text begins
			queries = append(queries, hotQuery{sql: queued.SQL, args: queued.Arguments, most: 8})
		}
	}
	// Lists are always planned for their arguments: see
	// TestStore_NoSequentialScan. Staff who look for a status other than
	// failed, over all users, may have to wait a little.
	user, resume, code := "user_7", "rsm_7", "internal"
	for _, userID := range []*string{nil, &user} {
		for _, failureCode := range []*string{nil, &code, new("render_timeout")} {
			add1(most)(q.ExportRequestRetryFailed(ctx, dbsqlc.ExportRequestRetryFailedParams{UserID: userID, FailureCode: failureCode, MaxRows: batchSize}))
			queries[len(queries)-1].customOnly = true
			add1(most)(q.ExportRequestList(ctx, dbsqlc.ExportRequestListParams{Before: uuid.Max, UserID: userID, FailureCode: failureCode,
				Status: new(dbsqlc.ExportStatusFailed), MaxRows: 21}))
			queries[len(queries)-1].customOnly = true
		}
	}
	for _, userID := range []*string{nil, &user} {
		add1(most)(q.ExportBatchList(ctx, dbsqlc.ExportBatchListParams{Before: uuid.Max, UserID: userID, MaxRows: 21}))
		queries[len(queries)-1].customOnly = true
		for _, resumeID := range []*string{nil, &resume} {
			for _, status := range []*dbsqlc.ExportStatus{nil, new(dbsqlc.ExportStatusFailed), new(dbsqlc.ExportStatusCanceled)} {
				if userID == nil && resumeID == nil && status != nil && *status != dbsqlc.ExportStatusFailed {
					continue
				}
				add1(most)(q.ExportRequestList(ctx, dbsqlc.ExportRequestListParams{Before: uuid.Max, UserID: userID, ResumeID: resumeID, Status: status, MaxRows: 21}))
				queries[len(queries)-1].customOnly = true
			}
		}
	}
	return queries
}

// crowdBatch is a batch that inCrowd makes of some requests.
var crowdBatch = uuid.MustParse("0199aaaa-0000-7000-8000-000000000001")

// batchQueries adds the statements about batches.
func batchQueries(q *dbsqlc.Queries, add1 func(int) func(any, error)) {
	ctx, user, two := context.Background(), "user_7", []string{"", ""}
	insert := dbsqlc.ExportBatchInsertParams{BatchID: uuid.Must(uuid.NewV7()), Ids: []uuid.UUID{uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())}, ResumeIds: []string{"rsm_7", "rsm_7"},
		JobIds: []string{"", "job_9"}, Formats: two, Templates: two, Papers: two, Options: two, Languages: two, CallerID: user, Lane: "bulk", MaxAttempts: 3,
		ExpiresIn: time.Minute, DispatchWithin: time.Minute}
	add1(most)(q.ExportBatchInsert(ctx, insert))
	add1(most)(q.ExportBatchNotInserted(ctx, dbsqlc.ExportBatchNotInsertedParams{ResumeIds: insert.ResumeIds, JobIds: insert.JobIds, CallerID: user}))
	add1(1)(q.ExportBatchByKey(ctx, make([]byte, 32)))
	for _, userID := range []*string{nil, &user} {
		add1(1)(q.ExportBatchByID(ctx, dbsqlc.ExportBatchByIDParams{ID: crowdBatch, UserID: userID}))
		add1(most)(q.ExportBatchCounts(ctx, dbsqlc.ExportBatchCountsParams{Ids: []uuid.UUID{crowdBatch}, UserID: userID}))
		add1(most)(q.ExportBatchExports(ctx, dbsqlc.ExportBatchExportsParams{BatchID: crowdBatch, UserID: userID, MaxRows: 101}))
		add1(most)(q.ExportBatchFiles(ctx, dbsqlc.ExportBatchFilesParams{BatchID: crowdBatch, UserID: userID}))
		add1(most)(q.ExportBatchDelete(ctx, dbsqlc.ExportBatchDeleteParams{BatchID: crowdBatch, UserID: userID}))
		add1(most)(q.ExportBatchRetry(ctx, dbsqlc.ExportBatchRetryParams{BatchID: crowdBatch, UserID: userID}))
	}
	add1(1)(q.ExportBatchExpireNow(ctx, crowdBatch))
	add1(1)(nil, q.ExportBatchDownloaded(ctx, []uuid.UUID{crowdBatch}))
	add1(most)(q.ExportBatchPurge(ctx, dbsqlc.ExportBatchPurgeParams{Retention: time.Hour, MaxRows: batchSize}))
}

// queueStateQueries returns the statements that read everything that waits.
// In a table of this size Postgres may read all unexpired rows, which are next to each
// other, instead of the few that wait, which are scattered: they cost about the same.
func queueStateQueries() []hotQuery {
	var r recorder
	q := dbsqlc.New(&r)
	var queries []hotQuery
	for _, run := range []func() error{
		func() error { _, err := q.ExportRequestQueued(context.Background(), "retry"); return err },
		func() error { _, err := q.ExportRequestRendering(context.Background(), "retry"); return err },
	} {
		if err := run(); err != nil { // always errRecorded
			queries = append(queries, hotQuery{sql: r.sql, args: r.args, most: unexpired, customOnly: true})
		}
	}
	return queries
}

func TestQueryPlans_NoSequentialScan(t *testing.T) {
	t.Parallel()
	for name, statuses := range map[string]string{"long history": longHistory, "deep backlog": deepBacklog} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := crowd(t, testenv.Database(t), statuses)
			queries := append(hotQueries(inCrowd(t, conn)), queueStateQueries()...)
			wantEveryExportQuery(t, queries)
			if statuses == deepBacklog {
				queries = queries[:len(queries)-len(queueStateQueries())] // they read all that waits, which is nearly all there is
			}
			for _, q := range queries {
				for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
					if q.customOnly && mode != "force_custom_plan" {
						continue
					}
					plan := explain(t, conn, mode, q)
					for _, finding := range plan.findings(q.most) {
						t.Errorf("%s, %s, arguments %s: %s", q.name(), mode, literals(q.args), finding)
					}
				}
			}
		})
	}
}

// Until somebody analyzes a new table Postgres knows little of it, and plans from
// when it was empty are kept. They must not read the queue through for each export.
func TestQueryPlans_UnanalysedTable(t *testing.T) {
	t.Parallel()
	conn := connect(t, testenv.Database(t))
	run := func(statement string) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), statement, pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Fatalf("%v in %s", err, statement)
		}
	}
	run("ALTER TABLE export_request SET (autovacuum_enabled = off)")
	run("SET plan_cache_mode = force_generic_plan")
	then := hotQueries(request{id: uuid.Max, batch: []uuid.UUID{uuid.Max}, times: []time.Time{time.Now()}, userID: "user_7", content: make([]byte, 32)})
	for i, q := range then {
		run(fmt.Sprintf("PREPARE early_%d AS %s", i, strings.TrimRight(q.sql, "\n")))
		run("EXPLAIN " + execute(fmt.Sprintf("early_%d", i), q)) // the plan is made now
	}
	fill(t, conn, deepBacklog)
	for i, q := range hotQueries(inCrowd(t, conn)) {
		var p plan
		switch {
		case !strings.HasPrefix(q.name(), "ExportRequest"):
			continue // the resumes are there before the service
		case q.most == 1:
			p = explainPrepared(t, conn, fmt.Sprintf("early_%d", i), q)
		default: // see replanner; what stands in an index is not much for a while
			p, q.most = explain(t, conn, "force_custom_plan", q), crowdRequests
		}
		for _, finding := range p.findings(q.most) {
			t.Errorf("%s, arguments %s: %s", q.name(), literals(q.args), finding)
		}
	}
}

// wantEveryExportQuery fails the test when a query of export_request.sql was forgotten.
func wantEveryExportQuery(t *testing.T, queries []hotQuery) {
	t.Helper()
	tested := map[string]bool{}
	for _, q := range queries {
		tested[q.name()] = true
	}
	all := reflect.TypeFor[*dbsqlc.Queries]()
	for i := range all.NumMethod() {
		name := all.Method(i).Name
		if (strings.HasPrefix(name, "ExportRequest") || strings.HasPrefix(name, "ExportBatch")) && !tested[name] {
			t.Errorf("the plan of %s is not tested", name)
		}
	}
}

type hotQuery struct {
	sql        string
	args       []any
	most       int
	customOnly bool
}

// name returns the query's name in queries/: texts begin with "-- name: ExportRequestClaim
// :one".
func (q hotQuery) name() string { return strings.Fields(q.sql)[2] }

// request has a request that can be claimed and a batch of others; its content is that of most
// ready ones.
type request struct {
	id      uuid.UUID
	batch   []uuid.UUID
	times   []time.Time // when the batch's statuses were set
	userID  string
	content []byte
}

func inCrowd(t *testing.T, conn *pgx.Conn) (some request) {
	t.Helper()
	for _, statement := range []string{
		`INSERT INTO export_batch (id, user_id, total, created_at, expires_at) SELECT gen_random_uuid(), 'user_' || n % 100, 1, now() - interval '1 d', now() + (n - 100) * interval '1 h'
			FROM generate_series(1, 50000) n`,
		`INSERT INTO export_batch (id, user_id, total, expires_at) VALUES ('` + crowdBatch.String() + `', 'user_7', 500, now() + interval '1 d')`,
		`UPDATE export_request SET batch_id = '` + crowdBatch.String() + `' WHERE id IN (SELECT id FROM export_request ORDER BY id LIMIT 500)`,
		`ANALYZE export_batch`,
	} {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	err := conn.QueryRow(t.Context(), `SELECT id FROM export_request WHERE status = 'queued' AND expires_at > now() ORDER BY id DESC`).Scan(&some.id)
	if err == nil {
		err = conn.QueryRow(t.Context(), `SELECT array_agg(id), array_agg(status_at) FROM (SELECT id, status_at FROM export_request ORDER BY expires_at LIMIT $1) x`, batchSize).Scan(&some.batch, &some.times)
	}
	if err == nil {
		err = conn.QueryRow(t.Context(), `SELECT user_id, content_hash FROM export_request WHERE status = 'ready'
			GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 1`).Scan(&some.userID, &some.content)
	}
	if err != nil {
		t.Fatal(err)
	}
	return some
}

// recorder notes what the generated code sends.
type recorder struct {
	sql  string
	args []any
}

var errRecorded = errors.New("only recorded")

func (r *recorder) Query(_ context.Context, sql string, args ...any) (pgx.Rows, error) {
	r.sql, r.args = sql, args
	return nil, errRecorded
}

func (r *recorder) Exec(_ context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	r.sql, r.args = sql, args
	return pgconn.CommandTag{}, errRecorded
}

func (r *recorder) QueryRow(_ context.Context, sql string, args ...any) pgx.Row {
	r.sql, r.args = sql, args
	return r
}

func (r *recorder) Scan(...any) error { return errRecorded }

func (r *recorder) SendBatch(context.Context, *pgx.Batch) pgx.BatchResults { return nil }

// plan is a node of EXPLAIN's output.
type plan struct {
	Type       string  `json:"Node Type"`
	Table      string  `json:"Relation Name"`
	Index      string  `json:"Index Name"`
	Rows       float64 `json:"Actual Rows"`
	Loops      float64 `json:"Actual Loops"`
	Filtered   float64 `json:"Rows Removed by Filter"`
	Rechecked  float64 `json:"Rows Removed by Index Recheck"`
	Unfruitful float64 `json:"Rows Removed by Join Filter"`
	Plans      []plan  `json:"Plans"`
}

// explain runs the query with the plan of this mode and takes back what it did.
func explain(t *testing.T, conn *pgx.Conn, mode string, q hotQuery) plan {
	t.Helper()
	_, err := conn.Exec(t.Context(), fmt.Sprintf("SET plan_cache_mode = %s; PREPARE hot AS %s", mode, strings.TrimRight(q.sql, "\n")))
	if err != nil {
		t.Fatalf("preparing %s: %v", q.name(), err)
	}
	p := explainPrepared(t, conn, "hot", q)
	if _, err := conn.Exec(t.Context(), "DEALLOCATE hot"); err != nil {
		t.Fatal(err)
	}
	return p
}

// explainPrepared runs the query, prepared under that name, and takes back what it did.
func explainPrepared(t *testing.T, conn *pgx.Conn, name string, q hotQuery) plan {
	t.Helper()
	var answer []struct{ Plan plan }
	var raw []byte
	_, err := conn.Exec(t.Context(), "BEGIN")
	if err == nil {
		err = conn.QueryRow(t.Context(), "EXPLAIN (ANALYZE, FORMAT JSON) "+execute(name, q), pgx.QueryExecModeSimpleProtocol).Scan(&raw)
	}
	if err == nil {
		_, err = conn.Exec(t.Context(), "ROLLBACK")
	}
	if err == nil {
		err = json.Unmarshal(raw, &answer)
	}
	if err != nil {
		t.Fatalf("explaining %s: %v", q.name(), err)
	}
	return answer[0].Plan
}

// execute returns the statement that runs the query, prepared under the name.
func execute(name string, q hotQuery) string {
	if len(q.args) == 0 {
		return "EXECUTE " + name
	}
	return "EXECUTE " + name + "(" + literals(q.args) + ")"
}

// literals writes arguments as SQL constants whose type the statement knows.
func literals(args []any) string {
	texts := make([]string, len(args))
	for i, arg := range args {
		v := reflect.ValueOf(arg)
		switch {
		case (v.Kind() == reflect.Pointer || v.Kind() == reflect.Slice) && v.IsNil():
			texts[i] = "NULL"
			continue
		case v.Kind() == reflect.Pointer:
			arg = v.Elem().Interface()
		}
		switch arg := arg.(type) {
		case time.Duration:
			texts[i] = fmt.Sprintf("'%d microseconds'", arg.Microseconds())
		case time.Time:
			texts[i] = "'" + arg.Format(time.RFC3339Nano) + "'"
		case json.RawMessage:
			texts[i] = "'" + string(arg) + "'"
		case []byte:
			texts[i] = fmt.Sprintf(`'\x%x'`, arg)
		case []time.Time:
			times := make([]string, len(arg))
			for n, at := range arg {
				times[n] = at.Format(time.RFC3339Nano)
			}
			texts[i] = "'{" + strings.Join(times, ",") + "}'"
		case []string:
			quoted := make([]string, len(arg))
			for n, text := range arg {
				quoted[n] = `"` + text + `"`
			}
			texts[i] = "'{" + strings.Join(quoted, ",") + "}'"
		case []uuid.UUID:
			ids := make([]string, len(arg))
			for n, id := range arg {
				ids[n] = id.String()
			}
			texts[i] = "'{" + strings.Join(ids, ",") + "}'"
		default:
			texts[i] = fmt.Sprintf("'%v'", arg)
		}
	}
	return strings.Join(texts, ", ")
}

// findings returns what is wrong with the plan of a query that may read most rows.
func (p plan) findings(most int) (found []string) {
	if p.Type == "Seq Scan" {
		found = append(found, "reads "+p.Table+" through")
	}
	if seen := (p.Rows + p.Filtered + p.Rechecked + p.Unfruitful) * p.Loops; seen > float64(most) {
		found = append(found, fmt.Sprintf("%s on %s%s looks at %.0f rows, %d would do", p.Type, p.Table, p.Index, seen, most))
	}
	for _, below := range p.Plans {
		found = append(found, below.findings(most)...)
	}
	return found
}
