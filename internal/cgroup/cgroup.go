// Package cgroup reads how much memory this process may use.
package cgroup

import (
	"bytes"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// MemoryLimit returns the smallest of the machine's memory and the limits of the process's
// control group and of those above it. root is the root of the file system. The limit is known
// on Linux only.
func MemoryLimit(root fs.FS) (bytes int64, known bool) {
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

// limitFiles returns the files that may contain a limit of this process, in versions 2 and 1
// of control groups; see cgroups(7).
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
