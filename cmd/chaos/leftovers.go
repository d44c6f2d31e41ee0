package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// witness records what the roles' processes use: all their descendants, and the number of
// their file handles after the warm-up.
type witness struct {
	*rig
	mu      sync.Mutex
	below   map[procID]string // all descendants seen, with their commands
	handles map[procID]int    // of each role's process, after the warm-up
}

const (
	warmUp = 8 * time.Second
	// moreHandles is how many more file handles a process may have than after the warm-up. The
	// number of connections varies; a leak of one handle per export exceeds it.
	moreHandles = 24
)

func newWitness(r *rig) *witness {
	return &witness{rig: r, below: map[procID]string{}, handles: map[procID]int{}}
}

// watch records every second until ctx ends.
func (w *witness) watch(ctx context.Context) {
	for checker.Pause(ctx, time.Second) {
		w.look()
	}
}

func (w *witness) look() {
	for _, p := range w.roles {
		pid := p.pid()
		if pid == 0 {
			continue
		}
		found := descendants(pid)
		id, handles := identify(pid), openFiles(pid)
		w.mu.Lock()
		for _, child := range found {
			w.below[child.procID] = child.command + " of " + p.name
		}
		if _, known := w.handles[id]; !known && p.age() > warmUp {
			w.handles[id] = handles
		}
		w.mu.Unlock()
	}
}

// growth returns the processes that have many more file handles than after the warm-up.
func (w *witness) growth() []checker.Violation {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []checker.Violation
	for _, p := range w.roles {
		pid := p.pid()
		warm, known := w.handles[identify(pid)]
		now := openFiles(pid)
		if !known || pid == 0 {
			continue
		}
		w.journal.Say("%s holds %d file handles, %d when warm, after %s", p.name, now, warm, p.age().Round(time.Second))
		if now > warm+moreHandles {
			list = append(list, violation("leaked", "", fmt.Sprintf("%s holds %d file handles, and held %d when it was warm", p.name, now, warm)))
		}
	}
	return list
}

// leftovers returns what is left after everything was stopped.
func (w *witness) leftovers(ctx context.Context) []checker.Violation {
	var list []checker.Violation
	for id, what := range w.seen() {
		gone := false
		for range 30 { // the kernel needs a moment
			if gone = !id.alive(); gone || !checker.Pause(ctx, 100*time.Millisecond) {
				break
			}
		}
		if !gone {
			list = append(list, violation("leaked", "", fmt.Sprintf("process %d (%s) outlived everything", id.pid, what)))
		}
	}
	return append(list, w.temporary(ctx)...)
}

func (w *witness) seen() map[procID]string {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := map[procID]string{}
	for id, what := range w.below {
		all[id] = what
	}
	for _, p := range w.roles {
		for _, id := range p.lives {
			all[id] = p.name
		}
	}
	return all
}

// temporary returns the temporary files that remain. A killed worker leaves its browsers'
// profiles, which the next engine deletes if they are old; so they are made old, and an engine
// is started once more.
func (w *witness) temporary(ctx context.Context) []checker.Violation {
	dir := filepath.Join(w.dir, "tmp")
	old := time.Now().Add(-time.Hour)
	paths, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, path := range paths {
		_ = os.Chtimes(path, old, old)
	}
	resumes, _ := filepath.Glob(filepath.Join(w.dir, "resumes", "*.json"))
	if len(resumes) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	out := filepath.Join(w.dir, "last.pdf")
	if _, err := once(ctx, w.program, w.environment("sweep"), "render", resumes[0], "-o", out); err != nil {
		return []checker.Violation{violation("leaked", "", fmt.Sprintf("a last start of the engine failed: %v", err))}
	}
	var list []checker.Violation
	paths, _ = filepath.Glob(filepath.Join(dir, "*"))
	for _, path := range paths {
		list = append(list, violation("leaked", "", "a temporary file stays: "+path))
	}
	return list
}
