package worker

import (
	"log/slog"
	"sync"
)

// uncompacted counts the PDFs that could not be compacted, because the browser wrote them
// in an unknown form. The zero value is ready to use.
type uncompacted struct {
	mu    sync.Mutex
	files map[string]int // by the producer in the file, which names the browser and its version
}

// count counts a file. It logs the first one of each browser version, then the 10th,
// the 100th and so on.
func (u *uncompacted) count(log *slog.Logger, producer string, reason error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.files == nil {
		u.files = map[string]int{}
	}
	u.files[producer]++
	n := u.files[producer]
	for power := 1; power <= n; power *= 10 {
		if n == power {
			log.Warn("PDFs are larger than necessary: this version of the browser writes them in an unknown form. Use an earlier version of the browser or a later one of this program",
				"producer", producer, "files", n, "error", reason)
		}
	}
}
