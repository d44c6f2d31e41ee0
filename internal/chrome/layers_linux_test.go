package chrome

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-rod/rod/lib/proto"
)

// reaching is a document that loads a picture, a style sheet, a frame and a script from
// a server, and navigates to it.
const reaching = `<!doctype html><p>visible<script>document.write('RAN')</script>
<link rel=dns-prefetch href="//hint.example"><link rel=preconnect href="U"><img src="U/a.png"><img src="http://name.example/f.png">
<iframe src="U/e"></iframe><script src="U/g.js"></script><link rel=stylesheet href="U/b.css"><style>@import "U/c.css";body{background:url(U/d.png)}</style>`

// TestNetworkLayers tests each layer alone. Without any layer the test's document
// connects and runs its script, so the test fails for a layer without effect.
func TestNetworkLayers(t *testing.T) {
	addr, connections := counter(t)
	d := Document{HTML: []byte(strings.ReplaceAll(reaching, "U", "http://"+addr)), Paper: A4()}
	bare := launcher(t, `case $a in --proxy-*|--host-resolver-rules=*) ;; *) set -- "$@" "$a";; esac`, "")
	flagged := launcher(t, `set -- "$@" "$a"`, "")
	var names []string
	for _, l := range (&browser{}).layers() {
		names = append(names, l.name)
	}
	if want := []string{"scripts are off", "requests are refused", "the policy"}; !slices.Equal(names, want) {
		t.Fatalf("the layers are %q: say here what each is for", names)
	}
	for _, c := range []struct {
		layer, binary string
		connects      bool
		runs          bool
	}{
		{"none", bare, true, true},
		{"flags", flagged, false, true},
		{"scripts are off", bare, true, false},
		{"requests are refused", bare, false, true},
		{"network namespace", bare, false, true},
		{"the policy", bare, false, false},
	} {
		t.Run(c.layer, func(t *testing.T) {
			from, err := newStarter(Options{Binary: c.binary, TempDir: tempDir(t), Logger: logger(t)})
			if err != nil {
				t.Fatal(err)
			}
			from.ownNetwork = c.layer == "network namespace"
			b, err := from.start(t.Context(), func(b *browser, ctx context.Context) (string, error) {
				doing, err := b.openTab(ctx)
				for _, l := range b.layers() {
					if l.name == c.layer && err == nil {
						err = l.request.Call(caller{b.client, ctx, b.session})
					}
				}
				return doing, err
			})
			if failed, ok := errors.AsType[*StartError](err); ok && from.ownNetwork && refusesOwnNetwork(failed.Err) {
				t.Log("there are no network namespaces here:", err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			before := connections.Load()
			pdf, err := b.print(t.Context(), d)
			if c.layer == "the policy" && err == nil {
				// The document has left traces: the tab has a new window, to be as the old one.
				pdf, err = b.print(t.Context(), d)
			}
			b.kill()
			b.wait()
			if err := errors.Join(err, from.home.remove()); err != nil {
				t.Fatal(err)
			}
			if n := connections.Load() - before; (n > 0) != c.connects {
				t.Errorf("%d connections came in", n)
			}
			if from.ownNetwork {
				return // what is printed depends on when the browser gives up
			}
			got := text(t, pdf)
			if strings.Contains(got, "RAN") != c.runs || !strings.Contains(got, "visible") {
				t.Errorf("the PDF says %q", got)
			}
		})
	}
}

// launcher returns a program that runs a browser and passes each command line argument $a
// through a shell statement. The file must be written before parallel tests run; see
// TestStart_Errors.
func launcher(t *testing.T, each, more string) string {
	t.Helper()
	found, err := Find("")
	if err != nil {
		t.Fatal(err)
	}
	return script(t, "#!/bin/sh\nfor a; do shift; "+each+"; done\nexec "+found+` "$@" `+more+"\n")
}

// TestNetworkLayers_NoLookup reads the network log of the browser: it looks up no name
// and connects no socket for any document.
func TestNetworkLayers_NoLookup(t *testing.T) {
	log := filepath.Join(tempDir(t), "net.json")
	if err := os.Chmod(filepath.Dir(log), 0o777); err != nil {
		t.Fatal(err)
	}
	binary := launcher(t, `set -- "$@" "$a"`, "--log-net-log="+log)
	bare := launcher(t, `case $a in --proxy-*|--host-resolver-rules=*) ;; *) set -- "$@" "$a";; esac`, "--log-net-log="+log)
	documents := []Document{{HTML: []byte(strings.ReplaceAll(reaching, "U", "http://name.example"))}}
	for _, body := range hostile() {
		documents = append(documents, html(strings.NewReplacer("U", "http://name.example:81", "F", "file:///etc/passwd").Replace(body)))
	}
	for name, c := range map[string]struct {
		binary string
		setUp  setUp
		want   bool
	}{
		"without any layer": {bare, (*browser).openTab, true},
		"with all":          {binary, (*browser).setUp, false},
	} {
		from, err := newStarter(Options{Binary: c.binary, TempDir: tempDir(t), Logger: logger(t)})
		if err != nil {
			t.Fatal(err)
		}
		b, err := from.start(t.Context(), c.setUp)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range documents {
			d.Paper = A4()
			if _, err := b.print(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			if c.want {
				break
			}
		}
		// Asked to end, it writes its notes to the end.
		_ = proto.BrowserClose{}.Call(caller{b.client, t.Context(), ""})
		b.wait()
		if err := from.home.remove(); err != nil {
			t.Error(err)
		}
		if got := noted(t, log); (len(got) > 0) != c.want {
			t.Errorf("%s: the browser notes %q", name, got)
		}
		if err := os.Remove(log); err != nil {
			t.Fatal(err)
		}
	}
}

// noted lists the look-ups and connections in a browser's network log. Every line is an
// event; the first line explains the numbers of their types.
func noted(t *testing.T, log string) (found []string) {
	t.Helper()
	notes, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	for _, event := range []string{"HOST_RESOLVER_SYSTEM_TASK", "HOST_RESOLVER_DNS_TASK", "TCP_CONNECT", "UDP_CONNECT"} {
		number := regexp.MustCompile(fmt.Sprintf(`"%s":(\d+)`, event)).FindSubmatch(notes)
		if number == nil {
			t.Fatalf("the notes explain no %s", event)
		}
		for line := range strings.Lines(string(notes)) {
			if strings.Contains(line, fmt.Sprintf(`"type":%s}`, number[1])) {
				found = append(found, event+" "+strings.TrimSpace(line))
			}
		}
	}
	return found
}
