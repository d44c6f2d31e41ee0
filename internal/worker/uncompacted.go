package worker

import (
	"log/slog"
	"sync"
)

// uncompacted counts the PDFs that stay larger than they have to be, because the
// browser has written them in a form that is not known. The zero value is ready.
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
			log.Warn("PDFs are larger than necessary: this version of the browser writes a form that is not known. Use an earlier one, or a later version of this program",
				"producer", producer, "files", n, "error", reason)
		}
	}
}
