package worker

import "sync"

// ownedContent identifies a file's content and its owner; see render.Draft.ContentHash.
type ownedContent struct {
	userID string
	hash   [32]byte
}

// flights has the contents that slots of this process are printing, so that equal
// requests at the same time are printed once. A flight passes on neither bytes nor
// errors: when it has ended, the attempts that waited look for a ready export with the
// same content, as always, and print if there is none. The zero value is ready to use.
type flights struct {
	mu   sync.Mutex
	done map[ownedContent]chan struct{} // closed when the flight ends
}

// begin begins a flight for c and returns the function that ends it. If there already is
// a flight for c, end is nil, and other is closed when that flight ends.
func (f *flights) begin(c ownedContent) (end func(), other <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if done, ok := f.done[c]; ok {
		return nil, done
	}
	done := make(chan struct{})
	if f.done == nil {
		f.done = map[ownedContent]chan struct{}{}
	}
	f.done[c] = done
	return sync.OnceFunc(func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.done, c)
		close(done)
	}), nil
}
