package main

import "sync"

// closersGroup collects the closers of servers that are started concurrently. The index of a
// closer determines its order: the last is called first.
type closersGroup struct {
	mu      sync.Mutex
	byIndex [4]func() error
}

func (g *closersGroup) set(index int, f func() error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.byIndex[index] = f
}

// appendTo appends the closers to c.
func (g *closersGroup) appendTo(c *closers) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, f := range g.byIndex {
		if f != nil {
			c.add(f)
		}
	}
}
