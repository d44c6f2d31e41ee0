package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

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
		r := must(s.CreateExport(t.Context(), n))(t)
		m := machine{stage: s, t: t, id: r.ID}
		state := model{status: export.Queued, shown: export.Queued, left: r.MaxAttempts}
		for range rapid.IntRange(10, 80).Draw(rt, "steps") {
			before := state
			if rapid.IntRange(0, 3).Draw(rt, "time passes") == 0 {
				state = m.passTime(state, rapid.SampledFrom([]string{"rested", "lease lost", "expired"}).Draw(rt, "what"))
			} else {
				ops := []op{drawOp(rt, 0)}
				if rapid.Bool().Draw(rt, "at once") {
					ops = append(ops, drawOp(rt, 1))
				}
				ended := race(len(ops), func(n int) error { return m.do(t.Context(), ops[n]) })
				possible := state.after(ops, ended)
				row := m.row()
				i := slices.IndexFunc(possible, func(s model) bool { return s.view() == row })
				if i < 0 {
					rt.Fatalf("%v ended with %v and the row %+v, which does not follow from %+v", ops, ended, row, state)
				}
				state = possible[i]
			}
			if state.shown != before.shown && !before.shown.CanBecome(state.shown) {
				rt.Fatalf("%s became %s", before.shown, state.shown)
			}
			if shown := s.read(t, r.ID).Status; shown != state.shown {
				rt.Fatalf("shows as %s, want %s", shown, state.shown)
			}
			if state.completed > 1 || state.left < 0 {
				rt.Fatalf("completed %d times, %d attempts left", state.completed, state.left)
			}
		}
	})
}

// op is something that an actor does.
type op struct {
	name  string
	actor int
}

func drawOp(rt *rapid.T, actor int) op {
	return op{actor: actor, name: rapid.SampledFrom([]string{
		"claim", "claim", "claim", "heartbeat", "complete", "fail", "retry", "hand back", "cancel", "erase", "rescue", "sweep",
	}).Draw(rt, "op")}
}

// model is what the rules say about a request.
type model struct {
	status    export.Status // of the row
	shown     export.Status // what a reader sees
	left      int           // attempts
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
}

func (m model) view() rowView { return rowView{m.status, m.left, m.resting, m.lost} }

// after returns every state in which the operations, done in some order, can end
// with these outcomes. Rescuer and sweeper pass over a row that another has locked.
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
				passesOver := ops[n].name == "rescue" || ops[n].name == "sweep"
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

// errNothing is the outcome of a rescue or sweep that found nothing.
var errNothing = errors.New("found nothing")

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
	case "erase":
		if !final && !m.past {
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
		if !m.past || m.status == export.Expired {
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
	t    *testing.T
	id   string
	held [2]export.Request
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
	case what == "expired" && !state.past:
		m.expire(m.t, m.id)
		state.past, state.shown = true, export.Expired
	}
	return state
}

func (m *machine) row() (v rowView) {
	m.t.Helper()
	if err := m.Pool().QueryRow(m.t.Context(), `
		SELECT status, max_attempts - attempt, status = 'queued' AND next_attempt_at > now(), coalesce(lease_until <= now(), false)
		FROM export_request WHERE id = $1`, m.id).Scan(&v.status, &v.left, &v.resting, &v.lost); err != nil {
		m.t.Fatal(fmt.Errorf("reading the row: %w", err))
	}
	return v
}
