package main

import (
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"
)

// echo starts a server that sends back what it receives.
func echo(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = c.Close() }()
				_, _ = io.Copy(c, c)
			}()
		}
	}()
	return listener.Addr().String()
}

func connect(t *testing.T, l *link) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", l.address())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// echoed sends a word and waits for some time until it comes back.
func echoed(t *testing.T, c net.Conn, patience time.Duration) error {
	t.Helper()
	if _, err := c.Write([]byte("word")); err != nil {
		return err
	}
	return heard(t, c, patience)
}

func heard(t *testing.T, c net.Conn, patience time.Duration) error {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	_, err := io.ReadFull(c, make([]byte, 4))
	return err
}

func TestLink(t *testing.T) {
	const ample = 10 * time.Second
	l, err := newLink(t.Context(), "test", "tcp", echo(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.close)
	c := connect(t, l)
	if err := echoed(t, c, ample); err != nil {
		t.Fatalf("in fair conditions: %v", err)
	}

	l.set(conditions{delay: 30 * time.Millisecond})
	start := time.Now()
	if err := echoed(t, c, ample); err != nil || time.Since(start) < 60*time.Millisecond {
		t.Errorf("delayed both ways by 30ms: %v after %s", err, time.Since(start))
	}

	l.set(conditions{silent: true})
	if err := echoed(t, c, 50*time.Millisecond); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("silent: %v", err)
	}
	l.set(conditions{})
	if err := heard(t, c, ample); err != nil {
		t.Errorf("what was held back in the silence: %v", err)
	}

	l.set(conditions{cut: true})
	if err := heard(t, c, ample); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("cut: the connection gave %v", err)
	}
	// A new connection is reset, too, possibly while it is being made.
	if c, err := net.Dial("tcp", l.address()); err == nil {
		err = echoed(t, c, ample)
		if err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("cut: a new connection gave %v", err)
		}
		_ = c.Close()
	}
	l.set(conditions{})
	if err := echoed(t, connect(t, l), ample); err != nil {
		t.Errorf("after the cut: %v", err)
	}
}
