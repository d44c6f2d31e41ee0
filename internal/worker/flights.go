package worker

import "sync"

// content is what is printed for one owner; see render.Draft.Content.
type content struct {
	userID string
	hash   [32]byte
}

// flights are the contents that slots of this process are printing, so that equal
// requests at the same time are printed once. A flight passes on neither bytes nor
// errors: when it has ended, the attempts that waited look for a ready export with the
// same content, as always, and print if there is none. The zero value is ready to use.
type flights struct {
	mu     sync.Mutex
	ending map[content]chan struct{} // closed when the flight ends
}

// join begins a flight for c; the caller ends it with end. If there is one already,
// end is nil, and over is closed when that flight ends.
func (f *flights) join(c content) (end func(), over <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if ending, ok := f.ending[c]; ok {
		return nil, ending
	}
	ending := make(chan struct{})
	if f.ending == nil {
		f.ending = map[content]chan struct{}{}
	}
	f.ending[c] = ending
	return sync.OnceFunc(func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.ending, c)
		close(ending)
	}), ending
}
