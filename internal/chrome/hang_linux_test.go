package chrome

import (
	"errors"
	"strings"
	"testing"
)

// TestPrint_BrowserHangs: a document fails if its browser hangs while it sends the file,
// and succeeds if the browser hangs after that. Hangs of the
// other stages are in TestPrint_BrowserStopped and TestPrint_TimeoutSparesNeighbours.
func TestPrint_BrowserHangs(t *testing.T) {
	for name, c := range map[string]struct {
		hang string
		want string // the stage that ran out of time, or none
	}{
		"transfer": {"if (length > 100000) { print substr($_, 0, 50000); sleep 1000 }", "print"},
		"reset":    {"sleep 1000 if $sent; $sent = length > 100000", ""},
	} {
		binary := filtered(t, c.hang)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := setup(t, func(o *Options) {
				o.Binary = binary
				o.ContentTimeout = soon
				o.PrintTimeout = soon
			})
			full(t, e)
			hung := next(e)
			_, err := e.Print(t.Context(), html(strings.Repeat("<p style='break-after:page'>A page of its own.", 200)))
			timeout, ok := errors.AsType[*TimeoutError](err)
			if c.want == "" && err != nil || c.want != "" && (!ok || timeout.Stage != c.want) {
				t.Errorf("error is %v", err)
			}
			if hung.proc.alive() {
				t.Error("the browser lives on")
			}
			mustPrint(t, e, html("next"))
			eventually(t, "its processes are gone", func() bool { return !groupRuns(hung.proc.pid()) })
		})
	}
}

// next returns the browser that prints the next document.
func next(e *Engine) *browser {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.ready[len(e.ready)-1]
}
