package main

import (
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/letrazapp/letraz-export/internal/filename"
)

// fileNames gives each download a name of its own in one directory.
type fileNames struct {
	dir   string
	mu    sync.Mutex
	taken map[string]bool
}

// choose returns a path for name: its last element only, since the name comes
// from a server, and with a number when another download of this run has it.
func (f *fileNames) choose(name string) string {
	name = filename.Safe(path.Base(strings.ReplaceAll(name, "\\", "/")), "export")
	f.mu.Lock()
	defer f.mu.Unlock()
	ext := filepath.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	for n := 2; f.taken[strings.ToLower(name)]; n++ { // some file systems ignore case
		name = stem + " (" + strconv.Itoa(n) + ")" + ext
	}
	f.taken[strings.ToLower(name)] = true
	return filepath.Join(f.dir, name)
}
