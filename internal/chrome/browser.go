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

// browser is one Chrome process with one tab, which prints one document at a time. It
// is never repaired: after any unexpected event it is killed and replaced.
type browser struct {
	proc    *process
	client  *cdp.Client
	events  sync.WaitGroup
	session proto.TargetSessionID
	frame   proto.PageFrameID
	product string
	limits  *Options

	started time.Time
	// Guarded by the engine's lock.
	prints        int
	maxUses       int
	recycleReason string // why it must be replaced; empty while it need not be
	memory        int64  // when it was measured last, in bytes
	measured      int    // prints before it was measured last, and one; 0: never

	// cause is why this package killed the browser, when the exit status does not
	// tell; nil otherwise.
	cause atomic.Pointer[error]
}

// exitTimeout is how long a browser that closed its tab may take to exit.
const exitTimeout = time.Second

// open waits until the browser answers.
func (b *browser) open(ctx context.Context) (string, error) {
	version, err := proto.BrowserGetVersion{}.Call(caller{b.client, ctx, ""})
	if err != nil {
		return "waiting for its first answer", err
	}
	b.product = version.Product
	return "", nil
}

// openTab opens the tab and configures nothing in it.
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
	// Reports when the tab's process dies, and why.
	err = proto.TargetSetDiscoverTargets{Discover: true, Filter: proto.TargetTargetFilter{{Type: "page"}}}.Call(root)
	if err != nil {
		return "watching the tab", err
	}
	b.session = attached.SessionID
	b.frame = proto.PageFrameID(target.TargetID) // a tab's main frame has the same ID
	return "", nil
}

// setUp opens the tab, configures its isolation and prints a first page.
func (b *browser) setUp(ctx context.Context) (string, error) {
	if doing, err := b.openTab(ctx); err != nil {
		return doing, err
	}
	tab := caller{b.client, ctx, b.session}
	// Reports when the tab is closed or detached.
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

// layer is one of the isolation measures that are set up in a tab.
type layer struct {
	name    string
	request interface{ Call(proto.Client) error }
}

// layers returns the isolation measures of a tab. Each works alone, without the others
// and without those of the process.
func (b *browser) layers() []layer {
	return []layer{
		{"scripts are off", proto.EmulationSetScriptExecutionDisabled{Value: true}},
		// Pauses every request, so that consumeEvents can refuse it.
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
// empties the tab again. When it fails, the browser has been killed.
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
	// The file is complete, so a failed reset costs only the browser. The reset does
	// not count towards the document's deadline.
	err = b.stage(context.WithoutCancel(ctx), "reset", b.limits.ContentTimeout, func(tab caller) error {
		if err := b.reset(tab, d.HTML); err != nil {
			return err
		}
		return d.resetWindow(tab)
	})
	if err != nil {
		b.limits.Logger.Warn("resetting a tab failed; its browser is replaced", "browser_pid", b.proc.pid(), "error", err)
	}
	return file, nil
}

// pdf prints the content of the tab.
func (b *browser) pdf(ctx context.Context, d Document) ([]byte, error) {
	var pdf []byte
	err := b.stage(ctx, "print", b.limits.PrintTimeout, func(tab caller) error {
		answer, err := tab.Call(tab.ctx, string(tab.session), proto.PagePrintToPDF{}.ProtoReq(), d.printParams())
		if pdf = b.proc.pipe.takeData(); pdf == nil && err == nil {
			pdf, err = readPDF(answer) // in a form that pipe.cutData does not recognise
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

// reset removes the document from the tab. Writing an empty document replaces it,
// unless it may have changed the window too: then the tab navigates to a new window.
// See mayAlterWindow.
func (b *browser) reset(tab caller, html []byte) error {
	if !mayAlterWindow(html) {
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

// stage runs one step with a deadline. When the deadline or ctx ends first, the
// browser is killed, which makes the step return; a request to stop might not be
// answered.
func (b *browser) stage(ctx context.Context, name string, limit time.Duration, step func(caller) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, &TimeoutError{Stage: name, After: limit})
	defer cancel()
	stop := context.AfterFunc(ctx, b.kill)
	defer stop()
	err := step(caller{b.client, ctx, b.session})
	if err == nil {
		return nil
	}
	ended := errors.Is(err, cdp.ErrSessionNotFound) && b.waitForExit(ctx)
	broken := b.proc.pipe.failure() // read before the kill, which also breaks the pipe
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
		// The browser closed the pipe, so it has exited or is about to.
		<-b.proc.done
		err = b.proc.exitCause()
	} else if broken != nil {
		err = broken
	}
	if errors.Is(err, errKilled) {
		return fmt.Errorf("%w during %s: %w", ErrKilled, name, err)
	}
	return fmt.Errorf("%w during %s: %w", ErrCrashed, name, err)
}

// waitForExit waits up to exitTimeout for a browser whose tab is gone to exit, and
// reports whether it did. A browser that receives SIGTERM closes its tab first; only
// its exit status shows the signal.
func (b *browser) waitForExit(ctx context.Context) bool {
	select {
	case <-b.proc.done:
		return true
	case <-ctx.Done():
	case <-time.After(exitTimeout):
	}
	return false
}

// readPDF decodes an answer that still contains the file.
func readPDF(answer []byte) ([]byte, error) {
	var printed proto.PagePrintToPDFResult
	if err := json.Unmarshal(answer, &printed); err != nil {
		return nil, fmt.Errorf("reading the PDF: %w", err)
	}
	return printed.Data, nil
}

// completePDF reports whether the file has a PDF header and an end-of-file marker.
func completePDF(pdf []byte) bool {
	return bytes.HasPrefix(pdf, []byte("%PDF-")) && bytes.Contains(pdf[max(0, len(pdf)-1024):], []byte("%%EOF"))
}

// kill ends the browser without waiting.
func (b *browser) kill() { b.proc.kill() }

// wait returns when all processes and goroutines of a killed browser have ended.
func (b *browser) wait() {
	<-b.proc.done
	b.events.Wait()
}

// caller implements the client interfaces of rod's protocol bindings: it carries the
// context and the session of a call. The empty session is the browser itself.
type caller struct {
	*cdp.Client
	ctx     context.Context
	session proto.TargetSessionID
}

func (c caller) GetContext() context.Context         { return c.ctx }
func (c caller) GetSessionID() proto.TargetSessionID { return c.session }
