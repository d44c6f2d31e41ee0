package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/letrazapp/letraz-export/internal/export"
)

// load runs the clients.
type load struct {
	*rig
	ledger   *ledger
	readings *readings
	people   []*person
	rate     float64 // exports requested per second, by all people together
	edition  atomic.Int64

	asking    sync.WaitGroup // goroutines that request exports
	following sync.WaitGroup // goroutines that follow an export to its end
}

// margin is the maximum difference between the clocks of a client and of the database.
const margin = 300 * time.Millisecond

// start makes all people request exports until asking ends and follow them until following
// ends.
func (l *load) start(asking, following context.Context, seed uint64) {
	for i, p := range l.people {
		draw := rand.New(rand.NewPCG(seed, uint64(100+i)))
		each := float64(len(l.people)) / l.rate // seconds between two exports of one person
		each *= p.poison.seldom()
		l.asking.Go(func() {
			for pause(asking, time.Duration(draw.ExpFloat64()*each*float64(time.Second))) {
				if l.lull.Load() && draw.Float64() < 0.75 {
					continue
				}
				dice, wish := draw.Float64(), l.wish(asking, p, draw)
				l.following.Go(func() { l.export(asking, following, p, wish, dice) })
			}
		})
	}
}

// wish is a request to be made, usually for a resume that was just edited.
func (l *load) wish(ctx context.Context, p *person, draw *rand.Rand) wish {
	w := wish{ResumeID: p.resume, Format: "pdf", Paper: "a4"}
	if draw.Float64() < 0.7 {
		edit, cancel := context.WithTimeout(ctx, time.Second)
		_ = p.edit(edit, l.database, int(l.edition.Add(1))) // ignore an unavailable database; the resume is then unchanged
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
	return w
}

// export requests one export, waits for it, and uses it in a random way.
func (l *load) export(asking, following context.Context, p *person, w wish, dice float64) {
	t := l.ask(asking, p, w)
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
		if w.ExpiresIn > 0 && pause(following, time.Until(a.ExpiresAt)+margin) {
			l.expectGone(following, p, t, "it expired at "+a.ExpiresAt.Format(time.RFC3339Nano))
		}
	case dice < 0.50:
		l.downloadAll(following, p, t, a)
	case dice < 0.53:
		l.damage(following, p, t, w, a)
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

// ask requests an export with one key, repeatedly until there is an answer. If the API does
// not support keys, it does not repeat a request without an answer, since that would be
// another export.
func (l *load) ask(ctx context.Context, p *person, w wish) *told {
	key := uuid.NewString()
	for try := range 8 {
		if try > 0 && !pause(ctx, time.Duration(try)*300*time.Millisecond) {
			break
		}
		a, err := p.create(ctx, w, key)
		refused := refusal{}
		switch {
		case err == nil:
			t := &told{id: a.ID, user: p.id, canary: p.canary, format: w.Format, at: time.Now()}
			l.ledger.accept(t)
			if p.keys && try > 0 || key[0] == '0' {
				l.repeat(ctx, p, w, key, a.ID)
			}
			return t
		case errors.As(err, &refused) && refused.status != http.StatusConflict:
			l.ledger.violate("refused", "", "%s asked for its own resume and was refused: %v", p.id, err)
			l.ledger.note(func() { l.ledger.refused++ })
			return nil
		case !p.keys:
			l.ledger.note(func() { l.ledger.unknown++ })
		}
	}
	if p.keys {
		l.ledger.note(func() { l.ledger.unknown++ })
	}
	return nil
}

// repeat sends the request again with the same key: the answer must be the same export.
func (l *load) repeat(ctx context.Context, p *person, w wish, key, id string) {
	if !p.keys {
		return
	}
	again, err := p.create(ctx, w, key)
	switch {
	case err != nil: // no answer
	case again.ID != id:
		l.ledger.violate("duplicated", id, "the same key gave %s first and %s then", id, again.ID)
	default:
		l.ledger.note(func() { l.ledger.repeated++ })
	}
}

// await polls an export until it is final. An accepted export must always exist.
func (l *load) await(ctx context.Context, p *person, t *told) (answer, bool) {
	wait := 100 * time.Millisecond
	for pause(ctx, wait) {
		wait = min(wait*3/2, 2*time.Second)
		a, err := p.get(ctx, t.id)
		refused := refusal{}
		switch {
		case errors.As(err, &refused):
			l.ledger.violate("lost", t.id, "accepted, and then: %v", err)
			return a, false
		case err == nil && export.Status(a.Status).Final():
			return a, true
		}
	}
	return answer{}, false
}
