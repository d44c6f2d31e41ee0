package chrome

import (
	"context"
	"slices"
	"sync"
)

// permits is a first-in, first-out semaphore whose size can change. Shrinking it below
// the number of taken permits revokes none; it takes effect as they are released.
type permits struct {
	mu      sync.Mutex
	size    int
	taken   int
	waiting []chan struct{} // closed when the waiter has its permit
}

// acquire waits for a permit, or until ctx or closed ends; then it returns false.
func (p *permits) acquire(ctx context.Context, closed <-chan struct{}) bool {
	p.mu.Lock()
	turn := make(chan struct{})
	p.waiting = append(p.waiting, turn)
	p.serve()
	p.mu.Unlock()
	select {
	case <-turn:
		return true
	default:
	}
	select {
	case <-turn:
		return true
	case <-ctx.Done():
	case <-closed:
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.waiting, turn); i >= 0 {
		p.waiting = slices.Delete(p.waiting, i, i+1)
		return false
	}
	p.taken-- // it got a permit meanwhile
	p.serve()
	return false
}

// release gives a permit back.
func (p *permits) release() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken--
	p.serve()
}

// resize changes the number of permits.
func (p *permits) resize(size int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.size = size
	p.serve()
}

// serve gives free permits to waiters. The lock is held.
func (p *permits) serve() {
	for p.taken < p.size && len(p.waiting) > 0 {
		close(p.waiting[0])
		p.waiting = slices.Delete(p.waiting, 0, 1)
		p.taken++
	}
}

// counts returns the number of permits and how many are taken.
func (p *permits) counts() (size, taken int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.size, p.taken
}
