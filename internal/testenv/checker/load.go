package checker

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/letrazapp/letraz-export/internal/export"
)

// Load runs the clients.
type Load struct {
	DB       *pgxpool.Pool // edits resumes and moves expiries, as time and other programs do
	Ledger   *Ledger
	Readings *Readings
	People   []*Person
	Rate     float64 // exports requested per second, by all people together
	// Bulk makes a quarter of the requests for the lane bulk, which the API has to know.
	Bulk atomic.Bool
	// Lull reduces the rate to a quarter, since staged faults need idle slots.
	Lull atomic.Bool
	// Damage changes bytes of an export's file, as a failing disk would; nil if nothing does.
	Damage  func(id, owner string) error
	edition atomic.Int64

	Asking    sync.WaitGroup // goroutines that request exports
	Following sync.WaitGroup // goroutines that follow an export to its end
}

// margin is the maximum difference between the clocks of a client and of the database.
const margin = 300 * time.Millisecond

// Start makes all people request exports until asking ends and follow them until following
// ends.
func (l *Load) Start(asking, following context.Context, seed uint64) {
	for i, p := range l.People {
		draw := rand.New(rand.NewPCG(seed, uint64(100+i)))
		each := float64(len(l.People)) / l.Rate // seconds between two exports of one person
		each *= p.Poison.seldom()
		l.Asking.Go(func() {
			for Pause(asking, time.Duration(draw.ExpFloat64()*each*float64(time.Second))) {
				if l.Lull.Load() && draw.Float64() < 0.75 {
					continue
				}
				dice, wish := draw.Float64(), l.wish(asking, p, draw)
				l.Following.Go(func() { l.export(asking, following, p, wish, dice) })
			}
		})
	}
}

// wish is a request to be made, usually for a resume that was just edited.
func (l *Load) wish(ctx context.Context, p *Person, draw *rand.Rand) Wish {
	w := Wish{ResumeID: p.Resume, Format: "pdf", Paper: "a4"}
	if draw.Float64() < 0.7 {
		edit, cancel := context.WithTimeout(ctx, time.Second)
		_ = p.Edit(edit, l.DB, int(l.edition.Add(1))) // ignore an unavailable database; the resume is then unchanged
		cancel()
	}
	if draw.Float64() < 0.3 {
		w.Paper = "letter"
	}
	if draw.Float64() < 0.08 {
		w.Format = "html"
	}
	if draw.Float64() < 0.1 {
		w.ExpiresIn = 60
	}
	if l.Bulk.Load() && draw.Float64() < 0.25 {
		w.Lane = string(export.Bulk)
	}
	return w
}

// export requests one export, waits for it, and uses it in a random way.
func (l *Load) export(asking, following context.Context, p *Person, w Wish, dice float64) {
	t := l.Ask(asking, p, w)
	if t == nil {
		return
	}
	if dice < 0.05 {
		l.cancel(following, p, t)
	}
	a, ok := l.await(following, p, t)
	if !ok || a.Status != string(export.Ready) {
		return
	}
	switch {
	case dice < 0.10: // wait for its expiry
		if w.ExpiresIn > 0 && Pause(following, time.Until(a.ExpiresAt)+margin) {
			l.expectGone(following, p, t, "it expired at "+a.ExpiresAt.Format(time.RFC3339Nano))
		}
	case dice < 0.50:
		l.downloadAll(following, p, t, a)
	case dice < 0.53:
		l.damageFile(following, p, t, w, a)
	case dice < 0.60:
		l.downloadPart(following, p, t, http.MethodHead, "")
	case dice < 0.70:
		l.downloadPart(following, p, t, http.MethodGet, "bytes=0-499")
	case dice < 0.80:
		if l.erase(following, p, t) {
			l.expectGone(following, p, t, "it was erased")
		}
	case dice < 0.92:
		l.outlive(following, p, t)
	default:
		l.downloadAll(following, p, t, a)
		l.outlive(following, p, t)
	}
}

// Ask requests an export with one key, repeatedly until there is an answer. If the API does
// not support keys, it does not repeat a request without an answer, since that would be
// another export.
func (l *Load) Ask(ctx context.Context, p *Person, w Wish) *Told {
	key := uuid.NewString()
	for try := range 8 {
		if try > 0 && !Pause(ctx, time.Duration(try)*300*time.Millisecond) {
			break
		}
		a, err := p.Create(ctx, w, key)
		refused := Refusal{}
		switch {
		case err == nil:
			t := &Told{ID: a.ID, User: p.ID, Canary: p.Canary, Format: w.Format, At: time.Now()}
			l.Ledger.accept(t)
			if p.Keys && try > 0 || key[0] == '0' {
				l.repeat(ctx, p, w, key, a.ID)
			}
			return t
		case errors.As(err, &refused) && refused.Status != http.StatusConflict:
			l.Ledger.violate("refused", "", "%s asked for its own resume and was refused: %v", p.ID, err)
			l.Ledger.note(func() { l.Ledger.Refused++ })
			return nil
		case !p.Keys:
			l.Ledger.note(func() { l.Ledger.Unknown++ })
		}
	}
	if p.Keys {
		l.Ledger.note(func() { l.Ledger.Unknown++ })
	}
	return nil
}

// repeat sends the request again with the same key: the answer must be the same export.
func (l *Load) repeat(ctx context.Context, p *Person, w Wish, key, id string) {
	if !p.Keys {
		return
	}
	again, err := p.Create(ctx, w, key)
	switch {
	case err != nil: // no answer
	case again.ID != id:
		l.Ledger.violate("duplicated", id, "the same key gave %s first and %s then", id, again.ID)
	default:
		l.Ledger.note(func() { l.Ledger.Repeated++ })
	}
}

// await polls an export until it is final. An accepted export must always exist.
func (l *Load) await(ctx context.Context, p *Person, t *Told) (Answer, bool) {
	wait := 100 * time.Millisecond
	for Pause(ctx, wait) {
		wait = min(wait*3/2, 2*time.Second)
		a, err := p.Get(ctx, t.ID)
		refused := Refusal{}
		switch {
		case errors.As(err, &refused):
			l.Ledger.violate("lost", t.ID, "accepted, and then: %v", err)
			return a, false
		case err == nil && export.Status(a.Status).Final():
			return a, true
		}
	}
	return Answer{}, false
}
