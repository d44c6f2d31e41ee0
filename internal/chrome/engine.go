package chrome

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
)

// Engine keeps a started browser for each slot and one more as a standby, and lends
// them out. It replaces a dead browser at once, and recycles a browser (because of
// its number of documents, age or memory) when a new one is ready, so that no document
// waits for a browser to start. All methods may be called concurrently.
type Engine struct {
	o       Options
	log     *slog.Logger
	starter *starter
	permits permits // one per slot in effect

	// ctx ends when Close is called; goroutines counts all goroutines of the engine.
	ctx        context.Context
	cancel     context.CancelFunc
	goroutines sync.WaitGroup
	closed     chan struct{} // Close has finished
	closeErr   error         // read after closed
	wake       chan struct{} // makes maintain check the browsers now

	mu       sync.Mutex
	slots    int                   // the number asked for
	live     map[*browser]struct{} // started and not known to be dead
	ready    []*browser            // of those, the idle ones; the last is used next
	starting int
	changed  chan struct{} // closed and replaced when ready, startErr or closing change
	closing  bool
	startErr error // of the last start, nil if it succeeded
	failures int   // consecutive failed starts
	product  string
	lastGood time.Time // when a page was last printed
	stats    Stats
}

// Start starts an engine. It returns when the first browser has printed a page and
// can be used; the others start in the background. The engine runs until
// [Engine.Close]; ctx only bounds the start.
func Start(ctx context.Context, o Options) (*Engine, error) {
	from, err := newStarter(o)
	if err != nil {
		return nil, err
	}
	b, err := from.first(ctx, (*browser).setUp)
	if err != nil {
		return nil, errors.Join(err, from.home.remove())
	}
	e := &Engine{
		o:       from.o,
		log:     from.o.Logger,
		starter: from,
		slots:   from.o.Slots,
		closed:  make(chan struct{}),
		wake:    make(chan struct{}, 1),
		live:    make(map[*browser]struct{}),
		changed: make(chan struct{}),
	}
	e.ctx, e.cancel = context.WithCancel(context.Background())
	e.mu.Lock()
	e.product = b.product
	e.add(b)
	e.mu.Unlock()
	e.goroutines.Go(e.maintain)
	return e, nil
}

// Version returns the browser's product and version, like "HeadlessChrome/156.0.8078.79".
func (e *Engine) Version() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.product
}

// Print waits for a slot, prints the document and gives the slot back. See
// [Slot.Print].
func (e *Engine) Print(ctx context.Context, d Document) ([]byte, error) {
	s, err := e.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer s.Release()
	return s.Print(ctx, d)
}

// checkFresh is how recent a printed page must be to prove that printing works.
const checkFresh = 5 * time.Second

// Check returns nil if a page was printed within the last seconds or can be printed
// now. It waits for a browser but not for a slot: while all slots print long
// documents, it uses the standby.
func (e *Engine) Check(ctx context.Context) error {
	e.mu.Lock()
	fresh := !e.closing && time.Since(e.lastGood) < checkFresh
	e.mu.Unlock()
	if fresh {
		return nil
	}
	_, err := e.print(ctx, warmUp())
	return err
}

// closeTimeout bounds Close. It is longer than a killed process takes to end.
const closeTimeout = 2*goneTimeout + 2*time.Second

// Close kills every browser, waits until all their processes have ended, and removes
// the engine's directory. Documents being printed fail with [ErrClosed]; a caller that
// wants them to finish waits for its slots first. Later calls wait for the first one
// and return its error.
func (e *Engine) Close() error {
	e.mu.Lock()
	first := !e.closing
	e.closing = true
	browsers := make([]*browser, 0, len(e.live))
	for b := range e.live {
		browsers = append(browsers, b)
	}
	e.signal()
	e.mu.Unlock()
	if !first {
		<-e.closed
		return e.closeErr
	}
	defer close(e.closed)
	e.cancel()
	for _, b := range browsers {
		b.kill()
	}
	done := make(chan struct{})
	go func() {
		e.goroutines.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(closeTimeout):
		e.closeErr = fmt.Errorf("chrome: closing: browsers did not end within %s", closeTimeout)
	}
	if err := e.starter.home.remove(); err != nil {
		e.closeErr = errors.Join(e.closeErr, fmt.Errorf("chrome: closing: %w", err))
	}
	return e.closeErr
}

// signal wakes maintain and the callers that wait for a browser. The lock is held.
func (e *Engine) signal() {
	close(e.changed)
	e.changed = make(chan struct{})
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// add makes a started browser available. The lock is held.
func (e *Engine) add(b *browser) {
	// Browsers started together should not be recycled together.
	b.maxUses = e.o.RecycleAfter - rand.IntN(max(1, e.o.RecycleAfter/8))
	e.live[b] = struct{}{}
	e.ready = append([]*browser{b}, e.ready...) // used last: the others have warmer caches
	e.lastGood = time.Now()
	e.applySlots()
	e.goroutines.Go(func() { e.watch(b) })
	e.signal()
}

// watch waits until a browser has ended and removes it.
func (e *Engine) watch(b *browser) {
	b.wait()
	e.mu.Lock()
	idle := e.remove(b)
	e.mu.Unlock()
	if idle && e.ctx.Err() == nil {
		e.log.Warn("an idle browser died", "browser_pid", b.proc.pid(), "error", b.proc.err)
	}
}
