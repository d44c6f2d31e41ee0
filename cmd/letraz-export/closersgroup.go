package main

import "sync"

// closersGroup collects closers from goroutines that start things side by side,
// each at its own place in the order.
type closersGroup struct {
	mu     sync.Mutex
	places [4]func() error
}

func (g *closersGroup) add(place int, f func() error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.places[place] = f
}

// into hands everything over in the order of places.
func (g *closersGroup) into(c *closers) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, f := range g.places {
		if f != nil {
			c.add(f)
		}
	}
}
