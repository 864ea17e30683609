package main

import (
	"io"
	"net"

	"github.com/hashicorp/yamux"
)

// The smallest chain of processes on yamux, to see what a relay costs: a relay takes one agent, and callers either as TCP
// connections or as the streams of one caller; an agent dials its target for every stream.

func chainRelay(o options) {
	agents := listen(o.link)
	var callers net.Listener
	if o.callers != "" {
		callers = listen(o.callers)
	}
	agent := session(yamux.Server, accept(agents))
	if callers == nil {
		forward(listen(o.listen), agent)
		return
	}
	caller := session(yamux.Server, accept(callers))
	for {
		near, err := caller.Accept()
		check(err)
		go func() {
			far, err := agent.Open()
			check(err)
			join(near, far)
		}()
	}
}

func chainAgent(o options) {
	relay := session(yamux.Client, reach(o.link))
	for {
		near, err := relay.Accept()
		check(err)
		go func() {
			far, err := net.Dial("tcp", o.target)
			if err != nil {
				_ = near.Close()
				return
			}
			join(near, far)
		}()
	}
}

func chainCaller(o options) {
	forward(listen(o.listen), session(yamux.Client, reach(o.callers)))
}

func forward(from net.Listener, to *yamux.Session) {
	for {
		near := accept(from)
		go func() {
			far, err := to.Open()
			check(err)
			join(near, far)
		}()
	}
}

func session(side func(io.ReadWriteCloser, *yamux.Config) (*yamux.Session, error), conn net.Conn) *yamux.Session {
	config := yamux.DefaultConfig()
	config.LogOutput = io.Discard
	session, err := side(conn, config)
	check(err)
	return session
}

func listen(address string) net.Listener {
	listener, err := net.Listen("tcp", address)
	check(err)
	return listener
}

func accept(listener net.Listener) net.Conn {
	conn, err := listener.Accept()
	check(err)
	return conn
}

// reach tries again until somebody listens.
func reach(address string) net.Conn {
	for {
		if conn, err := net.Dial("tcp", address); err == nil {
			return conn
		}
	}
}

func join(a, b net.Conn) {
	done := make(chan struct{})
	go func() {
		copyAll(a, b)
		close(done)
	}()
	copyAll(b, a)
	<-done
	_ = a.Close()
	_ = b.Close()
}

// copyAll copies to the end and passes it on. An error ends both directions' copies soon, as the connections are closed.
func copyAll(to, from net.Conn) {
	_, _ = io.Copy(struct{ io.Writer }{to}, struct{ io.Reader }{from})
	if half, ok := to.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	} else {
		_ = to.Close()
	}
}
