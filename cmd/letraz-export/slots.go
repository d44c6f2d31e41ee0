package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"strconv"
	"strings"
)

// What a slot takes, for the default of --slots: a browser with its share of
// everything else, and what there is without any slot, the standby among it.
const (
	slotMemory = 250 << 20
	baseMemory = 300 << 20
)

// slotRange is how many slots there are without work and at most. It depends on
// what this process may use, of processors (Go knows the container's quota) and memory.
func (f workFlags) slotRange(root fs.FS) (least, most int) {
	most = f.Slots
	if most == 0 {
		most = runtime.GOMAXPROCS(0)
		if memory, ok := memoryLimit(root); ok {
			most = min(most, int((memory-baseMemory)/slotMemory))
		}
		most = max(most, f.SlotsMin, 1)
	}
	return min(f.SlotsMin, most), most
}

// memoryLimit is the machine's memory or what the process's control group, or one
// above it, may use of it, whichever is less. It is not known outside Linux.
func memoryLimit(root fs.FS) (bytes int64, known bool) {
	var limits []int64
	if kb, ok := field(root, "proc/meminfo", "MemTotal:"); ok {
		limits = append(limits, kb<<10)
	}
	for _, file := range limitFiles(root) {
		// Without a limit it says "max" or a number larger than any memory.
		data, err := fs.ReadFile(root, file)
		if err != nil {
			continue
		}
		if n, err := strconv.ParseInt(strings.TrimSpace(string(data)), 10, 64); err == nil {
			limits = append(limits, n)
		}
	}
	for _, n := range limits {
		if !known || n < bytes {
			bytes, known = n, true
		}
	}
	return bytes, known
}

// limitFiles are the files that may hold a limit of this process, in version 2 and
// version 1 of control groups; see cgroups(7).
func limitFiles(root fs.FS) []string {
	const v2, v1 = "sys/fs/cgroup", "sys/fs/cgroup/memory"
	groups, _ := fs.ReadFile(root, "proc/self/cgroup") // in a container often only "/"
	files := []string{v2 + "/memory.max", v1 + "/memory.limit_in_bytes"}
	for line := range strings.Lines(string(groups)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		for group := path.Clean("/" + parts[2]); group != "/"; group = path.Dir(group) {
			switch parts[1] {
			case "":
				files = append(files, v2+group+"/memory.max")
			case "memory":
				files = append(files, v1+group+"/memory.limit_in_bytes")
			}
		}
	}
	return files
}

// field reads a number behind a key at the start of a line.
func field(root fs.FS, file, key string) (int64, bool) {
	data, err := fs.ReadFile(root, file)
	if err != nil {
		return 0, false
	}
	for line := range bytes.Lines(data) {
		rest, ok := bytes.CutPrefix(line, []byte(key))
		if words := bytes.Fields(rest); ok && len(words) > 0 {
			n, err := strconv.ParseInt(string(words[0]), 10, 64)
			return n, err == nil
		}
	}
	return 0, false
}

// checkSlots is part of workFlags.check.
func (f workFlags) checkSlots() error {
	switch {
	case f.Slots < 0 || f.Slots > 256:
		return fmt.Errorf("--slots must be between 0 and 256")
	case f.SlotsMin < 1 || f.SlotsMin > 256:
		return fmt.Errorf("--slots-min must be between 1 and 256")
	case f.Slots > 0 && f.SlotsMin > f.Slots:
		return fmt.Errorf("--slots-min %d is more than --slots %d", f.SlotsMin, f.Slots)
	}
	return nil
}
