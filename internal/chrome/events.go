package chrome

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"
)

var errTabGone = errors.New("the tab was closed")

// consumeEvents handles Chrome's events until the connection ends. It must not make a
// call and wait for the answer: rod's client delivers answers and events in order.
func (b *browser) consumeEvents() {
	for e := range b.client.Event() {
		switch e.Method {
		case proto.FetchRequestPaused{}.ProtoEvent():
			b.refuse(e)
		case proto.TargetTargetCrashed{}.ProtoEvent():
			b.fail(tabDeath(e))
		case proto.InspectorDetached{}.ProtoEvent():
			b.events.Go(func() {
				if !b.waitForExit(context.Background()) {
					b.fail(errTabGone)
				}
			})
		}
	}
}

// tabDeath returns why the tab's process died. It is an errKilled if the process was
// killed by a signal, and another error if it crashed or could not allocate memory.
func tabDeath(e *cdp.Event) error {
	var crashed proto.TargetTargetCrashed
	if err := json.Unmarshal(e.Params, &crashed); err != nil {
		return fmt.Errorf("reading the event of a crashed tab: %w", err)
	}
	died := fmt.Errorf("the tab's process died: %s, code %d", crashed.Status, crashed.ErrorCode)
	if crashed.Status == "killed" {
		return fmt.Errorf("%w: %w", errKilled, died)
	}
	return died
}

// fail kills the browser and records the cause, unless one is recorded already.
func (b *browser) fail(cause error) {
	b.cause.CompareAndSwap(nil, &cause)
	b.kill()
}

// refuse aborts a request made by the document. An aborted navigation leaves the
// document in place.
func (b *browser) refuse(e *cdp.Event) {
	var paused proto.FetchRequestPaused
	if err := json.Unmarshal(e.Params, &paused); err != nil {
		b.fail(fmt.Errorf("reading the event of a request: %w", err))
		return
	}
	msg, err := json.Marshal(cdp.Request{
		ID:        ignoredID,
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

// ignoredID is the ID of calls whose answer is ignored. It is far above the IDs of
// rod's client, which count up from one.
const ignoredID = 1 << 30
