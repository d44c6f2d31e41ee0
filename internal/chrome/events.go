package chrome

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"
)

var errTabGone = errors.New("the tab went away")

// consumeEvents handles what Chrome reports on its own, until the connection
// ends. It must not make a call and wait: the answer would be behind the next
// event.
func (b *browser) consumeEvents() {
	for e := range b.client.Event() {
		switch e.Method {
		case proto.FetchRequestPaused{}.ProtoEvent():
			b.refuse(e)
		case proto.TargetTargetCrashed{}.ProtoEvent():
			b.fail(tabDeath(e))
		case proto.InspectorDetached{}.ProtoEvent():
			b.events.Go(func() {
				if !b.endsItself(context.Background()) {
					b.fail(errTabGone)
				}
			})
		}
	}
}

// tabDeath tells how the tab's process died: by a fault of its own, such as a bad
// access or a lack of memory for what it was asked to do, or by somebody's signal.
func tabDeath(e *cdp.Event) error {
	var crashed proto.TargetTargetCrashed
	if err := json.Unmarshal(e.Params, &crashed); err != nil {
		return fmt.Errorf("reading an event: %w", err)
	}
	died := fmt.Errorf("the tab's process died: %s, code %d", crashed.Status, crashed.ErrorCode)
	if crashed.Status == "killed" {
		return fmt.Errorf("%w: %w", errKilled, died)
	}
	return died
}

// fail kills the browser for a reason it cannot tell itself.
func (b *browser) fail(cause error) {
	b.cause.CompareAndSwap(nil, &cause)
	b.kill()
}

// refuse answers a request of the document: it is aborted, which for a navigation
// also means that the document stays.
func (b *browser) refuse(e *cdp.Event) {
	var paused proto.FetchRequestPaused
	if err := json.Unmarshal(e.Params, &paused); err != nil {
		b.fail(fmt.Errorf("reading an event: %w", err))
		return
	}
	msg, err := json.Marshal(cdp.Request{
		ID:        unwaitedID,
		SessionID: e.SessionID,
		Method:    proto.FetchFailRequest{}.ProtoReq(),
		Params:    proto.FetchFailRequest{RequestID: paused.RequestID, ErrorReason: proto.NetworkErrorReasonAborted},
	})
	if err == nil {
		err = b.proc.pipe.Send(msg)
	}
	if err != nil {
		b.fail(fmt.Errorf("refusing a request: %w", err))
	}
}

// unwaitedID marks calls whose answer nobody waits for; rod's client counts its
// own up from one.
const unwaitedID = 1 << 30
