package main

import (
	"errors"
	"net"
	"sync"
	"time"
)

const (
	openLimit   = 8192
	replyLimit  = 4096
	openTimeout = 10 * time.Second

	codeUnknownService = 4
)

// dial opens a stream to a service; what it returns carries bytes end to end. [OPEN-1] [OPEN-2]
func (l *link) dial(service, target string) (net.Conn, error) {
	stream, err := l.session.Open()
	if err != nil {
		return nil, err
	}
	open := message{}.text(1, service).text(2, target).varint(6, uint64(openTimeout.Milliseconds()))
	if err := writeDelimited(stream, open); err != nil {
		return nil, err
	}
	stream.SetReadDeadline(time.Now().Add(openTimeout))
	reply, err := readDelimited(stream, replyLimit)
	if err != nil {
		return nil, err
	}
	stream.SetReadDeadline(time.Time{})
	if code := reply.number(1); code != 0 {
		stream.Close()
		return nil, refused{code, reply.text(2), reply.text(3), reply.number(5) != 0}
	}
	return stream, nil
}

// listener gives the streams that the relay opens for one service, so that any server of net.Listener's can serve them.
type listener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newListener() *listener {
	return &listener{conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *listener) Addr() net.Addr { return &net.UnixAddr{Name: "culvert", Net: "culvert"} }

// serve answers the streams that the relay opens until the session ends.
func (l *link) serve(name string, listeners map[string]*listener) error {
	for {
		stream, err := l.session.Accept()
		if err != nil {
			return err
		}
		go answer(stream, name, listeners)
	}
}

// answer reads one StreamOpen and replies in the same turn. A refusal is a reply and a FIN. [OPEN-3]
func answer(stream net.Conn, name string, listeners map[string]*listener) {
	stream.SetReadDeadline(time.Now().Add(openTimeout))
	open, err := readDelimited(stream, openLimit)
	if err != nil {
		stream.Close()
		return
	}
	stream.SetReadDeadline(time.Time{})
	target, ok := listeners[open.text(1)]
	if !ok {
		refusal := message{}.varint(1, codeUnknownService).
			text(2, "service "+open.text(1)+" is not offered here").text(3, name).varint(4, 1)
		err = errors.Join(writeDelimited(stream, refusal), stream.Close())
		return
	}
	if err := writeDelimited(stream, message{}); err != nil {
		stream.Close()
		return
	}
	target.conns <- stream
}
