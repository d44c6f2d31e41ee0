package postgres_test

import (
	"errors"
	"slices"

	"pgregory.net/rapid"

	"github.com/letrazapp/letraz-export/internal/export"
)

// op is an operation of an actor.
type op struct {
	name  string
	actor int
}

func drawOp(rt *rapid.T, actor int) op {
	return op{actor: actor, name: rapid.SampledFrom([]string{
		"claim", "claim", "claim", "heartbeat", "complete", "fail", "fail", "retry", "hand back", "cancel", "damaged", "erase", "rescue", "sweep",
		"try again", "try again", "try all again", "ask again", "erase user", "forget",
	}).Draw(rt, "op")}
}

// model is the state of a request according to the rules.
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

// rowView is the part of a model that is visible in the row.
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
	// errNothing is the outcome of an operation that looks for rows and does not find this
	// one.
	errNothing = errors.New("found nothing")
	// errAnother is the outcome of creating a request again when there is another export for
	// it.
	errAnother = errors.New("another export")
)

// apply applies an operation and returns the outcome.
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
	case "damaged":
		if m.status != export.Ready || m.past {
			return m, export.ErrWrongStatus
		}
		m.completed--
		return m.to(export.Failed), nil
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
