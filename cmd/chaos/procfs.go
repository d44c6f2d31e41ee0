package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// procID identifies a process, also after its number is used again.
type procID struct {
	pid     int
	started string // in the kernel's clock ticks
}

// proc has the fields of a process in /proc.
type proc struct {
	procID
	parent  int
	state   string
	command string
}

func identify(pid int) procID {
	p, err := readProc(pid)
	if err != nil {
		return procID{pid: pid}
	}
	return p.procID
}

func readProc(pid int) (proc, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return proc{}, err
	}
	// The command is in parentheses and may contain any character.
	open, end := strings.IndexByte(string(data), '('), strings.LastIndexByte(string(data), ')')
	if open < 0 || end < open {
		return proc{}, fmt.Errorf("reading /proc/%d/stat: it has no command", pid)
	}
	fields := strings.Fields(string(data)[end+1:])
	if len(fields) < 20 {
		return proc{}, fmt.Errorf("reading /proc/%d/stat: it has %d fields", pid, len(fields))
	}
	parent, err := strconv.Atoi(fields[1])
	return proc{procID: procID{pid, fields[19]}, parent: parent, state: fields[0], command: string(data)[open+1 : end]}, err
}

// alive reports whether this process still runs.
func (id procID) alive() bool {
	p, err := readProc(id.pid)
	return err == nil && p.started == id.started && p.state != "Z"
}

// descendants returns all descendants of pid.
func descendants(pid int) []proc {
	children := map[int][]proc{}
	paths, _ := filepath.Glob("/proc/[0-9]*")
	for _, path := range paths {
		n, err := strconv.Atoi(filepath.Base(path))
		if err != nil {
			continue
		}
		if p, err := readProc(n); err == nil {
			children[p.parent] = append(children[p.parent], p)
		}
	}
	var all []proc
	next := children[pid]
	for len(next) > 0 {
		p := next[0]
		next = append(next[1:], children[p.pid]...)
		all = append(all, p)
	}
	return all
}

// openFiles returns the number of a process's file handles, or -1 if it cannot be read.
func openFiles(pid int) int {
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		return -1
	}
	return len(entries)
}
