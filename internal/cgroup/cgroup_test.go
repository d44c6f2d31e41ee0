package cgroup

import (
	"testing"
	"testing/fstest"
)

func TestMemoryLimit(t *testing.T) {
	t.Parallel()
	const machine = "MemFree: 12 kB\nMemTotal:       64000000 kB\n"
	for name, test := range map[string]struct {
		files map[string]string
		want  int64 // 0: not known
	}{
		"no files":              {nil, 0},
		"machine":               {map[string]string{"proc/meminfo": machine}, 64000000 << 10},
		"version 2":             {map[string]string{"proc/meminfo": machine, "sys/fs/cgroup/memory.max": "600000000\n"}, 600000000},
		"version 2, no limit":   {map[string]string{"proc/meminfo": machine, "sys/fs/cgroup/memory.max": "max\n"}, 64000000 << 10},
		"version 2, own group":  {map[string]string{"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/memory.max": "600000000\n"}, 600000000},
		"version 2, its parent": {map[string]string{"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/memory.max": "600000000\n"}, 600000000},
		"version 1":             {map[string]string{"proc/meminfo": machine, "sys/fs/cgroup/memory/memory.limit_in_bytes": "600000000\n"}, 600000000},
		"version 1, no limit":   {map[string]string{"proc/meminfo": machine, "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, 64000000 << 10},
		"version 1, own group":  {map[string]string{"proc/self/cgroup": "3:cpu:/x\n2:memory:/a\n", "sys/fs/cgroup/memory/a/memory.limit_in_bytes": "600000000\n"}, 600000000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := fstest.MapFS{}
			for file, text := range test.files {
				root[file] = &fstest.MapFile{Data: []byte(text)}
			}
			if got, known := MemoryLimit(root); got != test.want || known != (test.want > 0) {
				t.Errorf("%d, known: %t; want %d", got, known, test.want)
			}
		})
	}
}
