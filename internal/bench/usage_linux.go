package bench

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// clockTick is USER_HZ, the unit of /proc, which is 100 on every Linux that Go runs on.
const clockTick = 100

// cpuTimes returns this process and its descendants with the processor time of each.
func cpuTimes() processes {
	times := processes{}
	for _, p := range tree(os.Getpid()) {
		times[p.pid] = p
	}
	return times
}

// memoryUsage returns the memory of the process and its descendants in MB, with shared pages
// counted once.
func memoryUsage(root int) Usage {
	used := Usage{}
	for _, p := range tree(root) {
		data, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.pid), "smaps_rollup"))
		if err != nil {
			continue // it has ended meanwhile
		}
		for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
			fields := strings.Fields(lines.Text())
			if len(fields) < 2 || fields[0] != "Pss:" {
				continue
			}
			if kb, err := strconv.ParseFloat(fields[1], 64); err == nil {
				used[p.name] += kb / 1024
			}
		}
	}
	return used
}

// openFiles returns the number of the process's open files.
func openFiles(pid int) int {
	open, _ := os.ReadDir(filepath.Join("/proc", strconv.Itoa(pid), "fd")) // none when it has ended
	return len(open)
}

// alive reports whether the process runs. One that has ended and only waits for
// its parent to notice does not.
func alive(pid int) bool {
	data, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	return err == nil && !strings.Contains(string(data), ") Z ")
}

// tree returns the process and its descendants.
func tree(root int) []process {
	files, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is right
	children := map[int][]process{}
	var list []process
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended meanwhile
		}
		p, ok := parseStat(string(data))
		if !ok {
			continue
		}
		if p.pid == root {
			p.name = "go"
			list = append(list, p)
		}
		children[p.parent] = append(children[p.parent], p)
	}
	for next := list; len(next) > 0; {
		var below []process
		for _, p := range next {
			below = append(below, children[p.pid]...)
		}
		list = append(list, below...)
		next = below
	}
	return list
}

// ownName returns the name of this program's processes as /proc has it.
func ownName() string {
	name, _ := os.ReadFile("/proc/self/comm") // Linux always has it
	return strings.TrimSpace(string(name))
}

// parseStat reads /proc/PID/stat, see proc(5).
func parseStat(stat string) (process, bool) {
	head, rest, ok := strings.Cut(stat, " (")
	end := strings.LastIndexByte(rest, ')')
	if !ok || end < 0 {
		return process{}, false
	}
	p := process{name: "postgres"}
	switch name := rest[:end]; {
	case strings.Contains(name, "chrom"):
		p.name = "chrome"
	case name == ownName():
		p.name = "go"
	}
	fields := strings.Fields(rest[end+1:])
	if len(fields) < 15 {
		return process{}, false
	}
	numbers := make([]int, 0, 6)
	for _, text := range []string{head, fields[1], fields[11], fields[12], fields[13], fields[14]} {
		n, err := strconv.Atoi(text)
		if err != nil {
			return process{}, false
		}
		numbers = append(numbers, n)
	}
	p.pid, p.parent = numbers[0], numbers[1]
	ticks := numbers[2] + numbers[3] // user and system
	if p.pid != os.Getpid() {
		ticks += numbers[4] + numbers[5] // of children that have ended
	}
	p.cpuMS = float64(ticks) * 1000 / clockTick
	return p, true
}
