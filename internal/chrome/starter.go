package chrome

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/utils"
)

// starter starts an engine's browsers, all in the same way.
type starter struct {
	o    Options
	home *home
	// ownNetwork puts each browser into a network namespace of its own.
	ownNetwork bool
	// wholeMessages leaves printed files in the messages; see pipe.
	wholeMessages bool
}

// setUp makes a browser that answers ready for use. It returns what it was doing
// when it failed.
type setUp func(*browser, context.Context) (string, error)

// newStarter fills in the options and prepares a place for browsers, which the
// caller removes.
func newStarter(o Options) (*starter, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	o.Binary, err = Find(o.Binary)
	if err != nil {
		return nil, err
	}
	as, err := runAs(o.User)
	if err != nil {
		return nil, &StartError{Binary: o.Binary, Doing: "choosing its account", Err: err}
	}
	h, err := newHome(o.TempDir, as, o.Logger)
	if err != nil {
		return nil, &StartError{Binary: o.Binary, Doing: "preparing", Err: err}
	}
	return &starter{o: o, home: h}, nil
}

// first starts the first browser, and finds out whether the kernel lets us take
// the network away from it. Where it does not, the other layers have to do.
func (s *starter) first(ctx context.Context, ready setUp) (*browser, error) {
	s.ownNetwork = true
	b, err := s.start(ctx, ready)
	failed, ok := errors.AsType[*StartError](err)
	if ok && (refusesOwnNetwork(failed.Err) || strings.Contains(failed.Stderr, noSandboxSign)) {
		s.ownNetwork = false
		b, err = s.start(ctx, ready)
		if err == nil {
			s.o.Logger.Info("browsers run without a network namespace of their own", "reason", failed.Err)
		}
	}
	return b, err
}

// lastWords is how long a browser that hung up may take to end.
const lastWords = 2 * time.Second

// start returns a browser that is ready. On failure nothing of it is left, and the
// error is a [*StartError].
func (s *starter) start(ctx context.Context, ready setUp) (*browser, error) {
	limit := s.o.StartTimeout
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("no answer within %s", limit))
	defer cancel()
	profile, err := s.home.profile()
	if err != nil {
		return nil, s.failed("preparing", err, "")
	}
	proc, err := startProcess(launch{
		binary:     s.o.Binary,
		args:       flags(profile, s.o.NoSandbox),
		env:        environ(profile, s.o.FontConfig),
		profile:    profile,
		account:    s.home.as,
		ownNetwork: s.ownNetwork,
		maxData:    s.o.MaxPDF,
		whole:      s.wholeMessages,
	})
	if err != nil {
		return nil, s.failed("running it", err, "")
	}
	b := &browser{proc: proc, limits: &s.o, started: time.Now()}
	// Its own logger, because the default one can be told by an environment
	// variable to print every message.
	b.client = cdp.New().Logger(utils.LoggerQuiet).Start(proc.pipe)
	b.events.Go(b.consumeEvents)

	// A browser that does not answer in time is killed, which ends every call.
	stop := context.AfterFunc(ctx, b.kill)
	defer stop()
	doing, err := ready(b, ctx)
	if err == nil {
		return b, nil
	}
	broken := proc.pipe.failure()
	hungUp := errors.Is(broken, errPipeClosed)
	if hungUp {
		// Most likely it ends by itself; how is the better error.
		select {
		case <-proc.done:
		case <-time.After(lastWords):
		}
	}
	b.kill()
	b.wait()
	switch {
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	case hungUp:
		err = fmt.Errorf("it ended: %w", proc.exitError())
	case broken != nil:
		err = broken
	}
	return nil, s.failed(doing, err, proc.stderr.String())
}

func (s *starter) failed(doing string, err error, said string) error {
	return &StartError{Binary: s.o.Binary, Doing: doing, Err: err, Stderr: said, Hint: startHint(err, said)}
}
