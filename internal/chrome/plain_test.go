package chrome

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/go-rod/rod/lib/proto"
)

// TestPlain_SameAsEngine: benchmarks may compare the ways to print only if their output
// is the same.
func TestPlain_SameAsEngine(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	e := setup(t, nil)
	p, err := StartPlain(t.Context(), Options{TempDir: dir, Logger: logger(t)})
	if err != nil {
		t.Fatal(err)
	}
	d := Document{HTML: resume(), Tagged: true, Outline: true, Paper: Paper{Width: 5, Height: 8}}
	want := mustPrint(t, e, d)
	for name, print := range map[string]func() ([]byte, error){
		"tab":     func() ([]byte, error) { return p.PrintInTab(t.Context(), d) },
		"process": func() ([]byte, error) { return p.PrintInProcess(t.Context(), d) },
	} {
		pdf, err := print()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, key := range []string{"Pages", "Page size", "Tagged"} {
			if got := info(t, pdf, key); got != info(t, want, key) {
				t.Errorf("%s: %s is %s", name, key, got)
			}
		}
		if text(t, pdf) != text(t, want) || len(pdf) != len(want) {
			t.Errorf("%s: another document, of %d bytes for %d", name, len(pdf), len(want))
		}
	}
	var together sync.WaitGroup
	var pdfs [20][]byte
	for i := range pdfs {
		together.Go(func() {
			var err error
			if pdfs[i], err = p.PrintInTab(t.Context(), html(fmt.Sprintf("<p>mine %d", i))); err != nil {
				t.Errorf("printing: %v", err)
			}
		})
	}
	together.Wait()
	for i, pdf := range pdfs {
		if got := text(t, pdf); !strings.Contains(got, fmt.Sprintf("mine %d\n", i)) {
			t.Errorf("document %d says %q", i, got)
		}
	}
	if n := tabs(t, p.tabs); n != 0 {
		t.Errorf("%d tabs are left", n)
	}
	if _, err := p.PrintInTab(t.Context(), Document{Paper: Paper{Width: -1}}); !errors.Is(err, ErrInvalid) {
		t.Errorf("error is %v", err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	checkNothingLeft(t, dir)
}

func tabs(t *testing.T, b *browser) int {
	t.Helper()
	targets, err := proto.TargetGetTargets{}.Call(caller{b.client, t.Context(), ""})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, target := range targets.TargetInfos {
		if target.Type == proto.TargetTargetInfoTypePage {
			n++
		}
	}
	return n
}
