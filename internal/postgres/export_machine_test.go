package postgres_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"github.com/letrazapp/letraz-export/internal/export"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// TestExport_StateMachine lets two actors do random things to one
// request, one after the other or at the same moment, and compares each outcome
// and the row with what the model says.
func TestExport_StateMachine(t *testing.T) {
	t.Parallel()
	s := setup(t)
	rapid.Check(t, func(rt *rapid.T) {
		n := testenv.NewExport(s.userID, s.resumeID)
		n.MaxAttempts = rapid.IntRange(1, 3).Draw(rt, "attempts")
		n.Key = n.ID
		r := must(s.CreateExport(t.Context(), n))(t)
		m := machine{stage: s, t: t, id: r.ID, asked: n, leases: map[string]bool{}}
		state := model{status: export.Queued, shown: export.Queued, left: r.MaxAttempts, most: r.MaxAttempts}
		for range rapid.IntRange(10, 80).Draw(rt, "steps") {
			before, steps := state, 1
			if rapid.IntRange(0, 3).Draw(rt, "time passes") == 0 {
				state = m.passTime(state, rapid.SampledFrom([]string{"rested", "lease lost", "expired"}).Draw(rt, "what"))
			} else {
				ops := []op{drawOp(rt, 0)}
				if rapid.Bool().Draw(rt, "at once") {
					ops, steps = append(ops, drawOp(rt, 1)), 2
				}
				ended := race(len(ops), func(n int) error { return m.do(t.Context(), ops[n]) })
				possible := state.after(ops, ended)
				row := m.row(rt)
				i := slices.IndexFunc(possible, func(s model) bool { return s.view() == row })
				if i < 0 {
					rt.Fatalf("%v ended with %v and the row %+v, which does not follow from %+v", ops, ended, row, state)
				}
				state = possible[i]
			}
			if state.shown != erased && !reaches(before.shown, state.shown, steps) {
				rt.Fatalf("%s became %s", before.shown, state.shown)
			}
			if shown := m.shows(rt); shown != state.shown {
				rt.Fatalf("shows as %s, want %s", shown, state.shown)
			}
			if state.completed > 1 || state.left < 0 || m.twice {
				rt.Fatalf("completed %d times, %d attempts left, a lease given twice: %t", state.completed, state.left, m.twice)
			}
		}
	})
}

// erased is the visible status of an erased request, and gone that of a row that does not
// exist.
const (
	erased export.Status = "erased"
	gone   export.Status = "gone"
)

// reaches reports whether a status can become another in so many steps.
func reaches(from, to export.Status, steps int) bool {
	return from == to || steps > 0 && slices.ContainsFunc(export.Statuses(), func(next export.Status) bool {
		return from.CanBecome(next) && reaches(next, to, steps-1)
	})
}

// machine applies the operations of the model to a row.
type machine struct {
	stage
	t     *testing.T
	id    string
	asked export.New
	held  [2]export.Request

	mu     sync.Mutex
	leases map[string]bool // every token given so far
	twice  bool            // one was given again
}

func (m *machine) do(ctx context.Context, o op) error {
	mine := m.held[o.actor]
	if mine.ID == "" {
		mine.ID = m.id // never claimed: holds nothing
	}
	var err error
	switch o.name {
	case "claim":
		var r export.Request
		if r, err = m.ClaimExport(ctx, m.id, lease); err == nil {
			m.held[o.actor] = r
			m.mu.Lock()
			m.twice = m.twice || m.leases[r.Lease.Token]
			m.leases[r.Lease.Token] = true
			m.mu.Unlock()
		}
	case "heartbeat":
		err = m.HeartbeatExport(ctx, mine, lease)
	case "complete":
		_, err = m.CompleteExport(ctx, mine, artifact(mine))
	case "fail":
		_, err = m.FailExport(ctx, mine, failure(export.Internal))
	case "retry":
		_, err = m.RetryExportLater(ctx, mine, failure(export.RenderTimeout), time.Hour)
	case "hand back":
		err = m.HandBackExport(ctx, mine, 0)
	case "cancel":
		_, err = m.CancelExport(ctx, m.id)
	case "damaged":
		var key string
		if err = m.Pool().QueryRow(ctx, "SELECT coalesce(max(blob_key), '') FROM export_request WHERE id = $1", m.id).Scan(&key); err == nil {
			_, err = m.FailDamaged(ctx, m.id, key)
		}
	case "erase":
		_, err = m.ExpireExport(ctx, m.id)
	case "try again":
		_, err = m.RetryExport(ctx, m.id)
	case "try all again":
		var ids []string
		if ids, err = m.RetryFailed(ctx, export.Failures{Limit: 1000}); err == nil && !slices.Contains(ids, m.id) {
			err = errNothing
		}
	case "ask again":
		n := m.asked
		n.ID = uuid.Must(uuid.NewV7()).String()
		var r export.Request
		if r, err = m.CreateExport(ctx, n); err == nil && r.ID != m.id {
			err = errAnother
		}
	case "erase user":
		var ids []string
		if ids, err = m.EraseExports(ctx, m.userID, "", time.Minute, 100_000); err == nil && !slices.Contains(ids, m.id) {
			err = errNothing
		}
	case "forget":
		var n int64
		if n, err = m.ForgetExports(ctx, []string{m.id}); err == nil && n == 0 {
			err = errNothing
		}
	case "rescue":
		var rescued []export.Request
		if rescued, err = m.RescueExports(ctx, 1000); err == nil && !slices.ContainsFunc(rescued, func(r export.Request) bool { return r.ID == m.id }) {
			err = errNothing
		}
	default: // sweep
		var n int64
		if n, err = m.FinishSweep(ctx, []string{m.id}); err == nil && n == 0 {
			err = errNothing
		}
	}
	return err
}

// passTime lets some time run out, in the model and in the row.
func (m *machine) passTime(state model, what string) model {
	switch {
	case what == "rested" && state.resting:
		m.rested(m.t, m.id)
		state.resting = false
	case what == "lease lost" && state.status == export.Rendering:
		m.loseLease(m.t, m.id)
		state.lost = true
	case what == "expired" && !state.past && state.status != gone:
		m.expire(m.t, m.id)
		state.past, state.shown = true, export.Expired
	}
	return state
}

// shows returns the status that a reader sees.
func (m *machine) shows(rt *rapid.T) export.Status {
	r, err := m.Export(m.t.Context(), m.id)
	if errors.Is(err, export.ErrNotFound) {
		return erased
	}
	if err != nil {
		rt.Fatalf("reading the request: %v", err)
	}
	return r.Status
}

// row reads the row, and checks what has to hold in every state of it.
func (m *machine) row(rt *rapid.T) (v rowView) {
	var sound bool
	err := m.Pool().QueryRow(m.t.Context(), `
		SELECT status, max_attempts - attempt, status = 'queued' AND next_attempt_at > now(), coalesce(lease_until <= now(), false), expires_at = 'epoch',
		       attempt <= max_attempts AND (status = 'ready') = (blob_key IS NOT NULL) AND (status = 'rendering') = (lease_token IS NOT NULL)
		FROM export_request WHERE id = $1`, m.id).Scan(&v.status, &v.left, &v.resting, &v.lost, &v.erased, &sound)
	if errors.Is(err, pgx.ErrNoRows) {
		return rowView{status: gone}
	}
	if err != nil || !sound {
		rt.Fatalf("the row %+v is unsound, or %v", v, err)
	}
	return v
}
