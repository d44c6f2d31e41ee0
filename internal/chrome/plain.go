package chrome

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"
)

// Plain prints in the two usual ways, with a new tab for each document or with a new
// browser for each document. Benchmarks compare an [Engine] with it: it uses the same
// browser, flags, account and print options. It does not isolate documents from each
// other and does not recover from crashes. All methods may be called concurrently.
type Plain struct {
	starter *starter
	tabs    *browser // the browser of PrintInTab
}

// StartPlain starts the browser of PrintInTab and prints a page in it, so that
// benchmarks do not measure its start. It ignores the slots and limits of Options.
func StartPlain(ctx context.Context, o Options) (*Plain, error) {
	from, err := newStarter(o)
	if err != nil {
		return nil, err
	}
	// Messages stay whole: with several tabs the pipe could not tell which of them a
	// printed file belongs to.
	from.wholeMessages = true
	b, err := from.first(ctx, (*browser).open)
	if err != nil {
		return nil, errors.Join(err, from.home.remove())
	}
	p := &Plain{starter: from, tabs: b}
	if _, err := p.PrintInTab(ctx, warmUp()); err != nil {
		return nil, errors.Join(fmt.Errorf("printing a first page: %w", err), p.Close())
	}
	return p, nil
}

// Close ends the browser and removes its files. No print may be under way.
func (p *Plain) Close() error {
	p.tabs.kill()
	p.tabs.wait()
	return p.starter.home.remove()
}

// PrintInTab opens a tab in the running browser, prints the document in it and
// closes it.
func (p *Plain) PrintInTab(ctx context.Context, d Document) ([]byte, error) {
	return printInNewTab(ctx, p.tabs.client, d)
}

// PrintInProcess starts a browser, prints the document in its only tab and ends the
// browser, waiting until its processes have ended.
func (p *Plain) PrintInProcess(ctx context.Context, d Document) ([]byte, error) {
	b, err := p.starter.start(ctx, (*browser).open)
	if err != nil {
		return nil, err
	}
	pdf, err := printInNewTab(ctx, b.client, d)
	b.kill() // faster than an orderly exit
	b.wait()
	return pdf, err
}

func printInNewTab(ctx context.Context, client *cdp.Client, d Document) ([]byte, error) {
	if err := d.check(maxHTML); err != nil {
		return nil, err
	}
	root := caller{client, ctx, ""}
	target, err := proto.TargetCreateTarget{URL: "about:blank"}.Call(root)
	if err != nil {
		return nil, fmt.Errorf("opening a tab: %w", err)
	}
	attached, err := proto.TargetAttachToTarget{TargetID: target.TargetID, Flatten: true}.Call(root)
	if err != nil {
		return nil, fmt.Errorf("attaching to the tab: %w", err)
	}
	tab := caller{client, ctx, attached.SessionID}
	frame := proto.PageFrameID(target.TargetID) // a tab's main frame has the same ID
	if err := (proto.PageSetDocumentContent{FrameID: frame, HTML: string(d.HTML)}).Call(tab); err != nil {
		return nil, fmt.Errorf("writing the document: %w", err)
	}
	pdf, err := printWhole(tab, d)
	if err != nil {
		return nil, err
	}
	if _, err := (proto.TargetCloseTarget{TargetID: target.TargetID}).Call(root); err != nil {
		return nil, fmt.Errorf("closing the tab: %w", err)
	}
	return pdf, nil
}

// printWhole prints the content of the tab, over a connection with wholeMessages.
func printWhole(tab caller, d Document) ([]byte, error) {
	answer, err := tab.Call(tab.ctx, string(tab.session), proto.PagePrintToPDF{}.ProtoReq(), d.printParams())
	if err != nil {
		return nil, fmt.Errorf("printing: %w", err)
	}
	pdf, err := readPDF(answer)
	if err == nil && !completePDF(pdf) {
		err = errors.New("the PDF is cut off")
	}
	return pdf, err
}
