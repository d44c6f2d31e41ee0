package dispatch

import (
	"fmt"
	"testing"

	"github.com/letrazapp/letraz-export/internal/export"
)

// observed notes what a dispatcher tells.
type observed struct{ calls []string }

func (o *observed) Round(err error) { o.calls = append(o.calls, fmt.Sprint("round ", err)) }
func (o *observed) Published(messages int) {
	o.calls = append(o.calls, fmt.Sprint("published ", messages))
}
func (o *observed) Rescued(r export.Request) {
	o.calls = append(o.calls, fmt.Sprint("rescued ", r.Status))
}
func (o *observed) Announced(statuses int) {
	o.calls = append(o.calls, fmt.Sprint("announced ", statuses))
}
func (o *observed) Held(messages int) { o.calls = append(o.calls, fmt.Sprint("held ", messages)) }

func TestObserver(t *testing.T) {
	t.Parallel()
	p := setup(t)
	ids := p.requests(t, 3)
	p.lose(t, ids[0])
	p.finish(t, ids[1])
	p.due(t)
	o := &observed{}
	p.round(t, p.dispatcher(t, func(c *Config) { c.Observer = o }))
	same(t, "the observer was told", o.calls, []string{"rescued queued", "held 0", "published 2", "announced 1", "round <nil>"})
}
