package main

import (
	"context"
	"net"
	"sync"
	"time"
)

// link is a TCP proxy between one group of processes and one server. It can be slow, have
// little bandwidth, be silent or be cut.
type link struct {
	name     string
	listener net.Listener
	dial     func(context.Context) (net.Conn, error)

	mu         sync.Mutex
	conditions conditions
	changed    chan struct{} // closed and replaced at each change
	conns      map[net.Conn]bool
	running    sync.WaitGroup
}

// conditions are the properties of a link; the zero value passes everything on at once.
type conditions struct {
	delay  time.Duration // delay of each piece of data
	rate   int           // bytes per second; 0: no limit
	silent bool          // connections are accepted, but nothing is passed on
	cut    bool          // connections are reset
}

func newLink(ctx context.Context, name, network, address string) (*link, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	l := &link{name: name, listener: listener, changed: make(chan struct{}), conns: map[net.Conn]bool{}}
	l.dial = func(ctx context.Context) (net.Conn, error) {
		return (&net.Dialer{Timeout: time.Second}).DialContext(ctx, network, address)
	}
	l.running.Go(l.accept)
	return l, nil
}

func (l *link) address() string { return l.listener.Addr().String() }

// set changes the conditions. Cutting resets the connections.
func (l *link) set(w conditions) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conditions = w
	close(l.changed)
	l.changed = make(chan struct{})
	if w.cut {
		for c := range l.conns {
			reset(c)
		}
	}
}

func (l *link) now() (conditions, chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.conditions, l.changed
}

// close closes the link and all its connections.
func (l *link) close() {
	_ = l.listener.Close()
	l.set(conditions{cut: true})
	l.running.Wait()
}

func (l *link) accept() {
	for {
		client, err := l.listener.Accept()
		if err != nil {
			return
		}
		l.running.Go(func() { l.carry(client) })
	}
}

// carry connects a client to the server until one of them closes the connection.
func (l *link) carry(client net.Conn) {
	defer func() { _ = client.Close() }()
	if w, _ := l.now(); w.cut {
		reset(client)
		return
	}
	server, err := l.dial(context.Background())
	if err != nil {
		reset(client)
		return
	}
	defer func() { _ = server.Close() }()
	l.track(true, client, server)
	defer l.track(false, client, server)
	gone := make(chan struct{})
	var both sync.WaitGroup
	end := sync.OnceFunc(func() {
		close(gone)
		_, _ = client.Close(), server.Close()
	})
	both.Go(func() { defer end(); l.pump(server, client, gone) })
	both.Go(func() { defer end(); l.pump(client, server, gone) })
	both.Wait()
}

func (l *link) track(on bool, conns ...net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range conns {
		if !on {
			delete(l.conns, c)
			continue
		}
		l.conns[c] = true
		if l.conditions.cut { // the connection was made after the cut
			reset(c)
		}
	}
}

// pump copies data in one direction, subject to the conditions.
func (l *link) pump(to, from net.Conn, gone chan struct{}) {
	buffer := make([]byte, 16<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			if !l.hold(n, gone) {
				return
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// hold waits for as long as the conditions delay n bytes. It reports false if the connection
// was closed.
func (l *link) hold(n int, gone chan struct{}) bool {
	for {
		w, changed := l.now()
		wait := w.delay
		if w.rate > 0 {
			wait += time.Duration(n) * time.Second / time.Duration(w.rate)
		}
		if !w.silent && wait == 0 {
			return true
		}
		timer := time.NewTimer(wait)
		if w.silent {
			timer.Stop()
		}
		select {
		case <-timer.C:
			return true
		case <-changed:
			timer.Stop()
		case <-gone:
			timer.Stop()
			return false
		}
	}
}

// reset closes a connection with a TCP reset.
func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}
