package main

import (
	"fmt"
	"io/fs"
	"runtime"

	"github.com/letrazapp/letraz-export/internal/cgroup"
)

// Memory for the default of --slots, in bytes: of a slot with its browser, and of a process
// without slots, including the standby browser.
const (
	slotMemory = 250 << 20
	baseMemory = 300 << 20
)

// slotRange returns the number of slots when idle and at most. The default depends on the
// processors and the memory that this process may use; GOMAXPROCS respects a container's quota.
func (f workFlags) slotRange(root fs.FS) (least, most int) {
	most = f.Slots
	if most == 0 {
		most = runtime.GOMAXPROCS(0)
		if memory, ok := cgroup.MemoryLimit(root); ok {
			most = min(most, int((memory-baseMemory)/slotMemory))
		}
		most = max(most, f.SlotsMin, 1)
	}
	return min(f.SlotsMin, most), most
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
