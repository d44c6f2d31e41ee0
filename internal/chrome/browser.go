package chrome

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"
)

// browser is one Chrome with one tab, which prints one document at a time. It is
// never repaired: after anything unexpected it is killed, and dead for good.
type browser struct {
	proc    *process
	client  *cdp.Client
	events  sync.WaitGroup
	session proto.TargetSessionID
	frame   proto.PageFrameID
	product string
	limits  *Options

	started time.Time
	// The engine's, guarded by its lock.
	prints  int
	maxUses int
	worn    string // why it should be replaced; empty while it should not

	// cause is why it was killed, when that is known better here than from the
	// way it died.
	cause atomic.Pointer[error]
}

// endTimeout bounds the wait for a browser that closes its tab to end.
const endTimeout = time.Second

// open waits until the browser answers.
func (b *browser) open(ctx context.Context) (string, error) {
	version, err := proto.BrowserGetVersion{}.Call(caller{b.client, ctx, ""})
	if err != nil {
		return "waiting for its first answer", err
	}
	b.product = version.Product
	return "", nil
}

// openTab makes the tab, with nothing set up in it.
func (b *browser) openTab(ctx context.Context) (string, error) {
	if doing, err := b.open(ctx); err != nil {
		return doing, err
	}
	root := caller{b.client, ctx, ""}
	target, err := proto.TargetCreateTarget{URL: "about:blank"}.Call(root)
	if err != nil {
		return "opening a tab", err
	}
	attached, err := proto.TargetAttachToTarget{TargetID: target.TargetID, Flatten: true}.Call(root)
	if err != nil {
		return "attaching to the tab", err
	}
	// Tells when the tab's process dies, and of what.
	err = proto.TargetSetDiscoverTargets{Discover: true, Filter: proto.TargetTargetFilter{{Type: "page"}}}.Call(root)
	if err != nil {
		return "watching the tab", err
	}
	b.session = attached.SessionID
	b.frame = proto.PageFrameID(target.TargetID) // a tab's main frame bears its name
	return "", nil
}

// setUp makes the tab and prints a first page.
func (b *browser) setUp(ctx context.Context) (string, error) {
	if doing, err := b.openTab(ctx); err != nil {
		return doing, err
	}
	tab := caller{b.client, ctx, b.session}
	// Tells when the tab is taken away.
	if err := (proto.InspectorEnable{}).Call(tab); err != nil {
		return "preparing the tab", err
	}
	for _, layer := range b.layers() {
		if err := layer.request.Call(tab); err != nil {
			return "preparing the tab", err
		}
	}
	if _, err := b.print(ctx, warmUp()); err != nil {
		return "printing a first page", err
	}
	return "", nil
}

// layer is one of the things that keep a document in its tab.
type layer struct {
	name    string
	request interface{ Call(proto.Client) error }
}

// layers are those that are set up in the tab. Each holds alone, without the others
// and without those of the process.
func (b *browser) layers() []layer {
	return []layer{
		{"scripts are off", proto.EmulationSetScriptExecutionDisabled{Value: true}},
		// Holds every request for us to refuse.
		{"requests are refused", proto.FetchEnable{Patterns: []*proto.FetchRequestPattern{{URLPattern: "*"}}}},
		{"the policy", proto.PageSetDocumentContent{FrameID: b.frame, HTML: policy}},
	}
}

// warmUp is the page a new browser prints before it is used: it loads the print
// code and the usual font families.
func warmUp() Document {
	d := Document{Tagged: true, HTML: []byte(`<!doctype html><p>warm <b>up</b> <i>page</i><p style="font-family:serif">serif<p style="font-family:sans-serif">sans <b>bold</b><p style="font-family:monospace">mono`)}
	d.Paper = A4()
	return d
}

// print writes the document into the tab, prints it or takes its picture, and
// empties the tab again. After an error other than the caller's own the browser is
// dead.
func (b *browser) print(ctx context.Context, d Document) ([]byte, error) {
	err := b.stage(ctx, "content", b.limits.ContentTimeout, func(tab caller) error {
		if err := d.setWindow(tab); err != nil {
			return err
		}
		return proto.PageSetDocumentContent{FrameID: b.frame, HTML: string(d.HTML)}.Call(tab)
	})
	if err != nil {
		return nil, err
	}
	var file []byte
	if d.PictureWidth > 0 {
		file, err = b.picture(ctx, d)
	} else {
		file, err = b.pdf(ctx, d)
	}
	if err != nil {
		return nil, err
	}
	// The file is there already, so a failure to clean up costs the browser only. It
	// is no part of the document's time.
	err = b.stage(context.WithoutCancel(ctx), "reset", b.limits.ContentTimeout, func(tab caller) error {
		if err := b.reset(tab, d.HTML); err != nil {
			return err
		}
		return d.resetWindow(tab)
	})
	if err != nil {
		b.limits.Logger.Warn("a tab could not be emptied; its browser is replaced", "browser_pid", b.proc.pid(), "error", err)
	}
	return file, nil
}

// pdf prints what is in the tab.
func (b *browser) pdf(ctx context.Context, d Document) ([]byte, error) {
	var pdf []byte
	err := b.stage(ctx, "print", b.limits.PrintTimeout, func(tab caller) error {
		answer, err := tab.Call(tab.ctx, string(tab.session), proto.PagePrintToPDF{}.ProtoReq(), d.printParams())
		if pdf = b.proc.pipe.takeData(); pdf == nil && err == nil {
			pdf, err = readPDF(answer) // spelled in a way that the pipe does not know
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(pdf) > b.limits.MaxPDF {
		b.kill()
		return nil, &TooLargeError{What: "pdf", Limit: b.limits.MaxPDF}
	}
	if !completePDF(pdf) {
		b.kill()
		return nil, fmt.Errorf("%w: the PDF is cut off", ErrCrashed)
	}
	return pdf, nil
}

// reset leaves nothing of the document in the tab. Writing a new document replaces
// the old one, unless that one had a way to the window around it; see
// leavesTraces.
func (b *browser) reset(tab caller, html []byte) error {
	if !leavesTraces(html) {
		return proto.PageSetDocumentContent{FrameID: b.frame}.Call(tab)
	}
	moved, err := proto.PageNavigate{URL: "about:blank"}.Call(tab)
	if err != nil {
		return err
	}
	if moved.ErrorText != "" {
		return errors.New(moved.ErrorText)
	}
	return proto.PageSetDocumentContent{FrameID: b.frame, HTML: policy}.Call(tab)
}

// stage runs one step under its deadline. When the deadline, or ctx, ends first
// the browser is killed, which is what makes the step return: nothing softer can
// be relied on.
func (b *browser) stage(ctx context.Context, name string, limit time.Duration, step func(caller) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, &TimeoutError{Stage: name, After: limit})
	defer cancel()
	stop := context.AfterFunc(ctx, b.kill)
	defer stop()
	err := step(caller{b.client, ctx, b.session})
	if err == nil {
		return nil
	}
	ended := errors.Is(err, cdp.ErrSessionNotFound) && b.endsItself(ctx)
	broken := b.proc.pipe.failure() // before the kill, which breaks it as well
	b.kill()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if errors.Is(broken, errMessageTooLarge) {
		return &TooLargeError{What: "pdf", Limit: b.limits.MaxPDF}
	}
	if cause := b.cause.Load(); cause != nil {
		err = *cause
	} else if ended || errors.Is(broken, errPipeClosed) {
		// It has ended, or is about to; its last act was to hang up.
		<-b.proc.done
		err = b.proc.death()
	} else if broken != nil {
		err = broken
	}
	if errors.Is(err, errKilled) {
		return fmt.Errorf("%w during %s: %w", ErrKilled, name, err)
	}
	return fmt.Errorf("%w during %s: %w", ErrCrashed, name, err)
}

// endsItself gives a browser whose tab has gone the time to end, and reports
// whether it did. One that was asked to end from outside closes its tab first,
// and only how it ends tells that.
func (b *browser) endsItself(ctx context.Context) bool {
	select {
	case <-b.proc.done:
		return true
	case <-ctx.Done():
	case <-time.After(endTimeout):
	}
	return false
}

// readPDF decodes an answer that has the file in it.
func readPDF(answer []byte) ([]byte, error) {
	var printed proto.PagePrintToPDFResult
	if err := json.Unmarshal(answer, &printed); err != nil {
		return nil, fmt.Errorf("reading the PDF: %w", err)
	}
	return printed.Data, nil
}

// completePDF reports whether the file has its first and last line.
func completePDF(pdf []byte) bool {
	return bytes.HasPrefix(pdf, []byte("%PDF-")) && bytes.Contains(pdf[max(0, len(pdf)-1024):], []byte("%%EOF"))
}

// kill ends the browser without waiting.
func (b *browser) kill() { b.proc.kill() }

// wait returns when nothing of a killed browser is left.
func (b *browser) wait() {
	<-b.proc.done
	b.events.Wait()
}

// caller is the tab, or the browser itself, as rod's protocol bindings want it:
// with the context and the session of a call.
type caller struct {
	*cdp.Client
	ctx     context.Context
	session proto.TargetSessionID
}

func (c caller) GetContext() context.Context         { return c.ctx }
func (c caller) GetSessionID() proto.TargetSessionID { return c.session }
