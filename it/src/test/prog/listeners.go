package main

import (
	"bytes"
	"io"
	"net"
	"sync"
	"time"
)

const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

// Accepts by dialling out. Without a name, again when the connection ends; with one, also when it is used.
type dialListener struct {
	address, name string
	next          chan struct{}
}

func newDialListener(address, name string) *dialListener {
	l := &dialListener{address: address, name: name, next: make(chan struct{}, 1000)}
	l.next <- struct{}{}
	return l
}

func (l *dialListener) Accept() (net.Conn, error) {
	<-l.next
	for {
		conn, err := net.Dial("tcp", l.address)
		if err == nil {
			_, err = conn.Write([]byte(l.name))
		}
		if err == nil {
			return &dialledConn{Conn: conn, listener: l}, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func (l *dialListener) Close() error   { return nil }
func (l *dialListener) Addr() net.Addr { return &net.TCPAddr{} }

type dialledConn struct {
	net.Conn
	listener *dialListener
	once     sync.Once
}

func (c *dialledConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err != nil || c.listener.name != "" {
		c.once.Do(func() { c.listener.next <- struct{}{} })
	}
	return n, err
}

func (c *dialledConn) Close() error {
	c.once.Do(func() { c.listener.next <- struct{}{} })
	return c.Conn.Close()
}

// Accepts clients, and keeps the last reversed connection to be dialled. As its model it reads in the accept loop.
type prefaceListener struct {
	net.Listener
	name     string
	reversed chan net.Conn
}

func (l *prefaceListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		said, isClient := l.begins(conn)
		if isClient {
			return &replayingConn{conn, io.MultiReader(bytes.NewReader(said), conn)}, nil
		}
		if l.name == "" {
			conn = &replayingConn{conn, io.MultiReader(bytes.NewReader(said), conn)}
		}
		select {
		case old := <-l.reversed:
			_ = old.Close()
		default:
		}
		l.reversed <- conn
	}
}

func (l *prefaceListener) begins(conn net.Conn) ([]byte, bool) {
	if l.name != "" {
		said := make([]byte, len(l.name))
		n, _ := io.ReadFull(conn, said)
		return said[:n], string(said[:n]) != l.name
	}
	var said []byte
	one := make([]byte, 1)
	for i := range preface {
		if _, err := conn.Read(one); err != nil {
			return said, false
		}
		said = append(said, one[0])
		if one[0] != preface[i] {
			return said, false
		}
	}
	return said, true
}

type replayingConn struct {
	net.Conn
	reader io.Reader
}

func (c *replayingConn) Read(p []byte) (int, error) { return c.reader.Read(p) }
