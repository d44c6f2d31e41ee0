package chrome

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// The errors that callers can test for with [errors.Is]. The types below carry the
// details.
var (
	// ErrTimeout: the document did not finish within a deadline of [Options].
	// The same document will most likely time out again.
	ErrTimeout = errors.New("chrome: timed out")
	// ErrCrashed: two browsers crashed, or sent invalid answers, while they printed
	// this document. Another attempt would most likely fail too.
	ErrCrashed = errors.New("chrome: browser crashed")
	// ErrKilled: two browsers were killed by a signal of another process or of the
	// kernel (out of memory) while they printed this document. The document is not
	// the cause.
	ErrKilled = errors.New("chrome: browser was killed")
	// ErrTooLarge: the HTML, the PDF or the picture is over its limit.
	ErrTooLarge = errors.New("chrome: too large")
	// ErrInvalid: the [Document] asks for something that cannot be printed.
	ErrInvalid = errors.New("chrome: invalid document")
	// ErrClosed: the engine is closed, or the slot was released.
	ErrClosed = errors.New("chrome: closed")
	// ErrStart: no browser could be started.
	ErrStart = errors.New("chrome: cannot start")
)

// errKilled marks a browser's exit by a signal that this package did not send.
var errKilled = errors.New("signal from another process")

// TimeoutError says which stage of a document timed out. It is an [ErrTimeout].
type TimeoutError struct {
	Stage string        // "content", "print" or "total"
	After time.Duration // the time it was given
}

// Error names the stage and the time it was given.
func (e *TimeoutError) Error() string {
	return fmt.Sprintf("chrome: %s did not finish within %s", e.Stage, e.After)
}

// Is makes the error match [ErrTimeout].
func (e *TimeoutError) Is(target error) bool { return target == ErrTimeout }

// TooLargeError says what was too large. It is an [ErrTooLarge].
type TooLargeError struct {
	What  string // "html", "pdf" or "picture"
	Limit int    // bytes
}

// Error says what was too large and the limit.
func (e *TooLargeError) Error() string {
	return fmt.Sprintf("chrome: %s is larger than %d bytes", e.What, e.Limit)
}

// Is makes the error match [ErrTooLarge].
func (e *TooLargeError) Is(target error) bool { return target == ErrTooLarge }

// StartError says why a browser did not start and what to do about it. It is an
// [ErrStart].
type StartError struct {
	Binary string // the browser's path; empty if none was found
	Doing  string // the step that failed, such as "waiting for its first answer"
	Err    error
	Stderr string // the last lines Chrome wrote
	Hint   string // what to do; empty if the cause is unknown
}

// Error names the browser, the failed step and its cause, followed by lines with the
// hint and Chrome's last output.
func (e *StartError) Error() string {
	var b strings.Builder
	b.WriteString("chrome: ")
	if e.Binary != "" {
		fmt.Fprintf(&b, "starting %s: ", e.Binary)
	}
	fmt.Fprintf(&b, "%s: %v", e.Doing, e.Err)
	if e.Hint != "" {
		fmt.Fprintf(&b, "\n  hint: %s", e.Hint)
	}
	if e.Stderr != "" {
		fmt.Fprintf(&b, "\n  its last output:\n    %s", strings.ReplaceAll(e.Stderr, "\n", "\n    "))
	}
	return b.String()
}

// Is makes the error match [ErrStart].
func (e *StartError) Is(target error) bool { return target == ErrStart }

// Unwrap returns the cause.
func (e *StartError) Unwrap() error { return e.Err }

// noSandboxSign is part of Chrome's message when the kernel denies it a sandbox.
const noSandboxSign = "No usable sandbox"

// startHint returns advice for the operator, chosen by the error and by Chrome's output.
func startHint(err error, stderr string) string {
	for _, h := range []struct{ said, sign, hint string }{
		{stderr, noSandboxSign, "the kernel forbids unprivileged user namespaces here: allow them (sysctl kernel.apparmor_restrict_unprivileged_userns=0, or a container seccomp profile that permits them), or turn the sandbox off explicitly"},
		{stderr, "without --no-sandbox", "Chrome refuses to run its sandbox as root: name an unprivileged account to run it under"},
		{stderr, "error while loading shared libraries", "a library of Chrome is missing: install Chrome from the distribution's packages (Debian: apt-get install chromium-headless-shell)"},
		{err.Error(), "no such file or directory", installHint},
		{err.Error(), "exec format error", "the file is not a program for this machine: " + installHint},
		{err.Error(), "permission denied", "the account Chrome runs under must be able to run the binary and to enter the temporary directory"},
		{err.Error(), "operation not permitted", "this process may not switch to the account Chrome should run under: run it without root, or give it CAP_SETUID and CAP_SETGID"},
	} {
		if strings.Contains(h.said, h.sign) {
			return h.hint
		}
	}
	return ""
}
