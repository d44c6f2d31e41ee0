package main

import (
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/letrazapp/letraz-export/internal/filename"
)

// fileNames chooses a different name for each download in one directory.
type fileNames struct {
	dir   string
	mu    sync.Mutex
	taken map[string]bool
}

// choose returns the path of a download. It uses only the last element of name, which comes
// from a server, and appends a number if another download of this run has the name.
func (f *fileNames) choose(name string) string {
	name = filename.Safe(path.Base(strings.ReplaceAll(name, "\\", "/")), "export")
	f.mu.Lock()
	defer f.mu.Unlock()
	ext := filepath.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	for n := 2; f.taken[strings.ToLower(name)]; n++ { // some file systems are case-insensitive
		name = stem + " (" + strconv.Itoa(n) + ")" + ext
	}
	f.taken[strings.ToLower(name)] = true
	return filepath.Join(f.dir, name)
}
