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

// starter starts the browsers of an engine.
type starter struct {
	o    Options
	home *home
	// ownNetwork starts each browser in a new network namespace.
	ownNetwork bool
	// wholeMessages leaves printed files in the messages; see pipe.whole.
	wholeMessages bool
}

// setUp prepares a started browser for use. If it fails, it also returns the step that
// failed.
type setUp func(*browser, context.Context) (string, error)

// newStarter applies the defaults of the options and creates the directory of the
// browsers, which the caller removes.
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

// first starts the first browser, with a new network namespace if the system permits
// it. Otherwise all browsers run without one, isolated by the other layers only.
func (s *starter) first(ctx context.Context, ready setUp) (*browser, error) {
	s.ownNetwork = true
	b, err := s.start(ctx, ready)
	failed, ok := errors.AsType[*StartError](err)
	if ok && (refusesOwnNetwork(failed.Err) || strings.Contains(failed.Stderr, noSandboxSign)) {
		s.ownNetwork = false
		b, err = s.start(ctx, ready)
		if err == nil {
			s.o.Logger.Info("browsers run without a separate network namespace", "reason", failed.Err)
		}
	}
	return b, err
}

// exitWait is how long a browser that closed its pipe may take to exit.
const exitWait = 2 * time.Second

// start starts a browser and calls ready for it. On failure the browser has ended and
// its files are removed; the error is a [*StartError].
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
	// Not the default logger, because an environment variable can make it print every
	// message.
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
		// Most likely it is about to exit; its exit status is the better error.
		select {
		case <-proc.done:
		case <-time.After(exitWait):
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

// failed returns the [*StartError] of a step, with Chrome's output and a hint.
func (s *starter) failed(doing string, err error, said string) error {
	return &StartError{Binary: s.o.Binary, Doing: doing, Err: err, Stderr: said, Hint: startHint(err, said)}
}
