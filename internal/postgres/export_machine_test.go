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

// TestEveryInterleavingFollowsTheModel lets two actors do random things to one
// request, one after the other or at the same moment, and compares each outcome
// and the row with what the model says.
func TestEveryInterleavingFollowsTheModel(t *testing.T) {
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

// erased is what shows of a request that nobody sees any more, and gone is the
// status of a row that is not there any more.
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

// op is something that an actor does.
type op struct {
	name  string
	actor int
}

func drawOp(rt *rapid.T, actor int) op {
	return op{actor: actor, name: rapid.SampledFrom([]string{
		"claim", "claim", "claim", "heartbeat", "complete", "fail", "fail", "retry", "hand back", "cancel", "erase", "rescue", "sweep",
		"try again", "try again", "try all again", "ask again", "erase user", "forget",
	}).Draw(rt, "op")}
}

// model is what the rules say about a request.
type model struct {
	status    export.Status // of the row
	shown     export.Status // what a reader sees
	left      int           // attempts
	most      int           // attempts it may have
	erased    bool          // with everything of its owner's
	resting   bool
	lost      bool   // the lease ran out
	past      bool   // its expiry
	claims    int    // so far; the number of the last one is its lease
	holds     [2]int // the last claim of each actor
	completed int
}

// rowView is what can be seen of a model in the row.
type rowView struct {
	status  export.Status
	left    int
	resting bool
	lost    bool
	erased  bool
}

func (m model) view() rowView {
	if m.status == gone {
		return rowView{status: gone}
	}
	return rowView{m.status, m.left, m.resting, m.lost, m.erased}
}

// after returns every state in which the operations, done in some order, can end
// with these outcomes. Some pass over a row that another has locked.
func (m model) after(ops []op, ended []error) (possible []model) {
	orders := [][]int{{0}}
	if len(ops) == 2 {
		orders = [][]int{{0, 1}, {1, 0}}
	}
	for _, order := range orders {
		states := []model{m}
		for _, n := range order {
			var next []model
			for _, state := range states {
				after, want := state.apply(ops[n])
				if errors.Is(ended[n], want) {
					next = append(next, after)
				}
				passesOver := slices.Contains([]string{"rescue", "sweep", "try all again"}, ops[n].name)
				if passesOver && len(ops) == 2 && errors.Is(ended[n], errNothing) {
					next = append(next, state)
				}
			}
			states = next
		}
		possible = append(possible, states...)
	}
	return possible
}

var (
	// errNothing is the outcome of whatever looks for rows and does not find this one.
	errNothing = errors.New("found nothing")
	// errAnother is the outcome of asking again when there is another export for it.
	errAnother = errors.New("another export")
)

// apply does one operation and says with which outcome.
func (m model) apply(o op) (model, error) {
	holder := m.status == export.Rendering && m.holds[o.actor] == m.claims && m.claims > 0
	final := m.status.Final()
	switch o.name {
	case "claim":
		if m.status != export.Queued || m.resting || m.past || m.left == 0 {
			return m, export.ErrNotClaimable
		}
		m.claims++
		m.holds[o.actor], m.left, m.lost = m.claims, m.left-1, false
		return m.to(export.Rendering), nil
	case "heartbeat":
		if !holder || m.past {
			return m, export.ErrFenced
		}
		m.lost = false
		return m, nil
	case "complete":
		if !holder || m.past {
			return m, export.ErrFenced
		}
		m.completed++
		return m.to(export.Ready), nil
	case "fail":
		if !holder {
			return m, export.ErrFenced
		}
		return m.to(export.Failed), nil
	case "retry":
		if !holder || m.left == 0 {
			return m, export.ErrFenced
		}
		m.resting = true
		return m.to(export.Queued), nil
	case "hand back":
		if !holder {
			return m, export.ErrFenced
		}
		m.left++
		return m.to(export.Queued), nil
	case "cancel":
		if final || m.past {
			return m, export.ErrWrongStatus
		}
		return m.to(export.Canceled), nil
	case "try again":
		switch {
		case m.erased:
			return m, export.ErrNotFound
		case m.past:
			return m, export.ErrExpired
		case m.status != export.Failed:
			return m, export.ErrWrongStatus
		}
		m.left = m.most
		return m.to(export.Queued), nil
	case "try all again":
		if m.status != export.Failed || m.past {
			return m, errNothing
		}
		m.left = m.most
		return m.to(export.Queued), nil
	case "ask again":
		if m.erased {
			return m, errAnother
		}
		return m, nil
	case "erase user":
		if m.status == gone {
			return m, errNothing
		}
		m.past, m.erased = true, true
		if !final {
			return m.to(export.Canceled), nil
		}
		return m.to(m.status), nil
	case "forget":
		if !m.erased || m.status == gone {
			return m, errNothing
		}
		return m.to(gone), nil
	case "erase":
		if m.erased || !final && !m.past {
			return m, export.ErrWrongStatus
		}
		m.past = true
		return m.to(m.status), nil
	case "rescue":
		if m.status != export.Rendering || !m.lost {
			return m, errNothing
		}
		if m.left == 0 {
			return m.to(export.Failed), nil
		}
		return m.to(export.Queued), nil
	default: // sweep
		if !m.past || m.status == export.Expired || m.status == gone {
			return m, errNothing
		}
		return m.to(export.Expired), nil
	}
}

// to changes the row's status, and what a reader sees of it.
func (m model) to(s export.Status) model {
	m.status, m.shown = s, s
	if m.past {
		m.shown = export.Expired
	}
	if m.erased {
		m.shown = erased
	}
	if s != export.Rendering {
		m.lost = false
	}
	if s != export.Queued {
		m.resting = false
	}
	return m
}

// machine does to the row what the model does.
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
		err = m.HandBackExport(ctx, mine)
	case "cancel":
		_, err = m.CancelExport(ctx, m.id)
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

// shows is the status that a reader sees.
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
