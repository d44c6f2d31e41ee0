package main

import (
	"runtime"
	"testing"
	"testing/fstest"
)

func TestSlotRange(t *testing.T) {
	t.Parallel()
	cores := runtime.GOMAXPROCS(0)
	const machine = "MemFree: 12 kB\nMemTotal:       64000000 kB\n"
	for name, test := range map[string]struct {
		files map[string]string
		flags workFlags
		least int
		most  int
	}{
		"plenty":           {map[string]string{"proc/meminfo": machine}, workFlags{SlotsMin: 1}, 1, cores},
		"nothing is known": {nil, workFlags{SlotsMin: 1}, 1, cores},
		"a small machine":  {map[string]string{"proc/meminfo": "MemTotal: 600000 kB\n"}, workFlags{SlotsMin: 1}, 1, 1},
		"a tiny machine":   {map[string]string{"proc/meminfo": "MemTotal: 100000 kB\n"}, workFlags{SlotsMin: 1}, 1, 1},
		"a limited group":  {map[string]string{"proc/meminfo": machine, "sys/fs/cgroup/memory.max": "600000000\n"}, workFlags{SlotsMin: 1}, 1, 1},
		"set":              {map[string]string{"proc/meminfo": "MemTotal: 600000 kB\n"}, workFlags{SlotsMin: 2, Slots: 9}, 2, 9},
		"a larger minimum": {map[string]string{"proc/meminfo": "MemTotal: 600000 kB\n"}, workFlags{SlotsMin: 300}, 300, 300},
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
