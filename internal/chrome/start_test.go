package chrome

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestFind(t *testing.T) {
	t.Parallel()
	found, err := Find("")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Find(found); again != found || err != nil {
		t.Errorf("finding %s again: %s, %v", found, again, err)
	}
	for _, explicit := range []string{"/nonexistent/chrome", "no-such-browser", t.TempDir(), "/etc/passwd"} {
		if got, err := Find(explicit); !errors.Is(err, ErrStart) || !strings.Contains(err.Error(), "apt-get install") {
			t.Errorf("finding %s: %s, %v", explicit, got, err)
		}
	}
}

// TestStart_Errors: for a binary that does not answer, Start returns a specific error in
// time and leaves no process or file behind.
func TestStart_Errors(t *testing.T) {
	for _, c := range []struct {
		name, script string
		change       func(*Options)
		want         []string
	}{
		{"exits at once", "#!/bin/sh\necho first words >&2; echo last words >&2; exit 7\n", nil,
			[]string{"its first answer", "exit status 7", "first words\n    last words"}},
		{"without a word", "#!/bin/sh\n", nil, []string{"its first answer", "exit status 0"}},
		{"leaves a child", "#!/bin/sh\nsleep 1000 </dev/null >/dev/null 2>&1 3<&- 4>&- & exit 7\n", nil, []string{"exit status 7"}},
		{"killed", "#!/bin/sh\nkill -9 $$\n", nil, []string{"signal: killed"}},
		{"hangs", "#!/bin/sh\necho thinking >&2; sleep 1000 & exec sleep 1000\n", func(o *Options) { o.StartTimeout = 500 * time.Millisecond },
			[]string{"no answer within 500ms", "thinking"}},
		{"answers nonsense", "#!/bin/sh\nprintf 'hello\\0' >&4; exec sleep 1000\n", nil, []string{"message from chrome", "invalid character"}},
		{"answers the wrong thing", "#!/bin/sh\nprintf '{\"id\":\"one\"}\\0' >&4; exec sleep 1000\n", nil, []string{"message from chrome"}},
		{"answers too much", "#!/bin/sh\nexec cat /dev/zero >&4 | tr '\\\\0' x >&4\n", nil, nil},
		{"never stops talking", "#!/bin/sh\ntr '\\0' x </dev/zero >&4\n", nil, []string{"too large"}},
		{"no sandbox", "#!/bin/sh\necho 'FATAL: No usable sandbox! If you are' >&2; exit 1\n", nil, []string{"hint: ", "user namespaces"}},
		{"missing library", "#!/bin/sh\necho 'x: error while loading shared libraries: libnss3.so' >&2; exit 127\n", nil, []string{"hint: ", "libnss3.so"}},
		{"no program", "no program\n", nil, []string{"exec format error", "hint: "}},
		{"no interpreter", "#!/nonexistent/sh\n", nil, []string{"no such file", "hint: "}},
		{"no account", "#!/bin/sh\n", func(o *Options) { o.User = "no-such-account" }, []string{"no-such-account"}},
		{"account is root", "#!/bin/sh\n", func(o *Options) { o.User = "root" }, []string{"must not run as root"}},
		{"no directory", "#!/bin/sh\n", func(o *Options) { o.TempDir = "/nonexistent" }, []string{"/nonexistent"}},
	} {
		// Written before anything runs in parallel: a program forked meanwhile would
		// hold the file open for writing, and then it cannot be run.
		binary := script(t, c.script)
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if strings.Contains(c.name, "account") && os.Geteuid() != 0 {
				t.Skip("only root changes accounts")
			}
			o := Options{Binary: binary, TempDir: tempDir(t), StartTimeout: patience, MaxPDF: minPDF}
			if c.change != nil {
				c.change(&o)
			}
			began := time.Now()
			e, err := Start(t.Context(), o)
			if err == nil {
				_ = e.Close()
			}
			if !errors.Is(err, ErrStart) {
				t.Fatalf("error is %v", err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in the error: %v", want, err)
				}
			}
			if took := time.Since(began); took > patience {
				t.Errorf("it took %s", took)
			}
			if filepath.Dir(o.TempDir) != "/" {
				checkNothingLeft(t, o.TempDir)
			}
		})
	}
}

// script writes a shell script and returns its path.
func script(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(tempDir(t), "browser")
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestStart_Canceled(t *testing.T) {
	t.Parallel()
	for _, after := range []time.Duration{0, 20 * time.Millisecond, 100 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		defer cancel()
		o := Options{TempDir: tempDir(t)}
		if _, err := Start(ctx, o); !errors.Is(err, ErrStart) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error after %s is %v", after, err)
		}
		checkNothingLeft(t, o.TempDir)
	}
}

// TestEnterable: the error for a directory that the account cannot enter differs from
// that for a broken browser.
func TestEnterable(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root changes accounts")
	}
	_, err := Start(t.Context(), Options{TempDir: t.TempDir()})
	if !errors.Is(err, ErrStart) || !strings.Contains(err.Error(), "temporary directory") {
		t.Errorf("error is %v", err)
	}
}

// TestStart_AfterFailures: when browsers can start again after failures, the engine
// resumes by itself.
func TestStart_AfterFailures(t *testing.T) {
	found, err := Find("")
	if err != nil {
		t.Fatal(err)
	}
	link := script(t, "#!/bin/sh\nexec "+found+` "$@"`+"\n")
	t.Parallel()
	e := setup(t, func(o *Options) { o.Binary = link })
	full(t, e)
	if err := os.Rename(link, link+".away"); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	for _, b := range browsers(e) {
		b.kill()
		<-b.proc.done
	}
	eventually(t, "starts fail", func() bool { return e.Stats().StartFailures >= 5 })
	// Two at once, then one after .2, .4 and .8 seconds.
	if took := time.Since(began); took < time.Second {
		t.Errorf("five starts failed in %s", took)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := e.Acquire(ctx); !errors.Is(err, ErrStart) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error without a browser is %v", err)
	}
	eventually(t, "the check fails", func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		return errors.Is(e.Check(ctx), ErrStart) // not while a page was printed a moment ago
	})
	if s := e.Stats(); s.Busy != 0 {
		t.Errorf("a slot is lost: %+v", s)
	}
	if err := os.Rename(link+".away", link); err != nil {
		t.Fatal(err)
	}
	mustPrint(t, e, html("x"))
}

func TestOptions_Invalid(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{{Slots: -1}, {MaxHTML: maxHTML + 1}, {MaxHTML: -1}, {MaxPDF: 1}, {PrintTimeout: -1}} {
		if _, err := Start(t.Context(), o); err == nil {
			t.Errorf("%+v is accepted", o)
		}
	}
}
