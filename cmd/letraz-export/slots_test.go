package main

import (
	"runtime"
	"testing"
	"testing/fstest"
)

func TestTheDefaultOfSlotsFitsMemoryAndCores(t *testing.T) {
	t.Parallel()
	cores := runtime.GOMAXPROCS(0)
	const machine = "MemFree: 12 kB\nMemTotal:       64000000 kB\n"
	for name, test := range map[string]struct {
		files map[string]string
		flags workFlags
		least int
		most  int
	}{
		"plenty":             {map[string]string{"proc/meminfo": machine}, workFlags{SlotsMin: 1}, 1, cores},
		"nothing is known":   {nil, workFlags{SlotsMin: 1}, 1, cores},
		"a small machine":    {map[string]string{"proc/meminfo": "MemTotal: 600000 kB\n"}, workFlags{SlotsMin: 1}, 1, 1},
		"a tiny machine":     {map[string]string{"proc/meminfo": "MemTotal: 100000 kB\n"}, workFlags{SlotsMin: 1}, 1, 1},
		"version 2":          {map[string]string{"proc/meminfo": machine, "sys/fs/cgroup/memory.max": "600000000\n"}, workFlags{SlotsMin: 1}, 1, 1},
		"no limit":           {map[string]string{"proc/meminfo": machine, "sys/fs/cgroup/memory.max": "max\n"}, workFlags{SlotsMin: 1}, 1, cores},
		"version 1":          {map[string]string{"proc/meminfo": machine, "sys/fs/cgroup/memory/memory.limit_in_bytes": "600000000\n"}, workFlags{SlotsMin: 1}, 1, 1},
		"version 1, none":    {map[string]string{"proc/meminfo": machine, "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, workFlags{SlotsMin: 1}, 1, cores},
		"its group":          {map[string]string{"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/memory.max": "600000000\n"}, workFlags{SlotsMin: 1}, 1, 1},
		"the group above":    {map[string]string{"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/memory.max": "600000000\n"}, workFlags{SlotsMin: 1}, 1, 1},
		"its group, 1":       {map[string]string{"proc/self/cgroup": "3:cpu:/x\n2:memory:/a\n", "sys/fs/cgroup/memory/a/memory.limit_in_bytes": "600000000\n"}, workFlags{SlotsMin: 1}, 1, 1},
		"told":               {map[string]string{"proc/meminfo": "MemTotal: 600000 kB\n"}, workFlags{SlotsMin: 2, Slots: 9}, 2, 9},
		"a least of its own": {map[string]string{"proc/meminfo": "MemTotal: 600000 kB\n"}, workFlags{SlotsMin: 300}, 300, 300},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := fstest.MapFS{}
			for file, text := range test.files {
				root[file] = &fstest.MapFile{Data: []byte(text)}
			}
			if least, most := test.flags.slotRange(root); least != test.least || most != test.most {
				t.Errorf("%d to %d slots, want %d to %d", least, most, test.least, test.most)
			}
		})
	}
}
