package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"sync"

	"github.com/hashicorp/yamux"
)

type server struct {
	mutex    sync.Mutex
	sessions map[*yamux.Session]struct{}
	idle     []net.Conn
}

func serve(o options) {
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", o.port))
	check(err)
	fmt.Printf("ready port=%d window=%d\n", listener.Addr().(*net.TCPAddr).Port, o.window)
	s := &server{sessions: map[*yamux.Session]struct{}{}}
	go s.obey()
	var tlsConfig *tls.Config
	if o.tls {
		tlsConfig = &tls.Config{Certificates: []tls.Certificate{certificate()}, MinVersion: tls.VersionTLS13}
	}
	for {
		connection, err := listener.Accept()
		check(err)
		if o.raw {
			go drain(connection)
			continue
		}
		if tlsConfig != nil {
			connection = tls.Server(connection, tlsConfig)
		}
		go s.run(connection, o)
	}
}

// obey answers the starter's lines until the input ends.
func (s *server) obey() {
	for input.Scan() {
		switch input.Text() {
		case "drop":
			s.mutex.Lock()
			for _, stream := range s.idle {
				stream.Close()
			}
			s.idle = nil
			s.mutex.Unlock()
			fmt.Println("dropped")
		case "mem":
			fmt.Println("mem", s.figures())
		}
	}
	os.Exit(0)
}

func (s *server) figures() string {
	s.mutex.Lock()
	streams, links := 0, 0
	for session := range s.sessions {
		streams += session.NumStreams()
		links++
	}
	s.mutex.Unlock()
	return fmt.Sprintf("%s streams=%d links=%d", memory(), streams, links)
}

func (s *server) run(connection net.Conn, o options) {
	session, err := yamux.Server(connection, config(o))
	check(err)
	s.mutex.Lock()
	s.sessions[session] = struct{}{}
	s.mutex.Unlock()
	for {
		stream, err := session.AcceptStream()
		if err != nil {
			break
		}
		go s.handle(stream)
	}
	s.mutex.Lock()
	delete(s.sessions, session)
	s.mutex.Unlock()
}

func (s *server) handle(stream net.Conn) {
	var command [1]byte
	if _, err := io.ReadFull(stream, command[:]); err != nil {
		stream.Close()
		return
	}
	switch command[0] {
	case 'S':
		drain(stream)
	case 'E':
		echo(stream)
	case 'I':
		if _, err := stream.Write(command[:]); err == nil {
			s.hold(stream)
			return
		}
	case 'Z':
		s.hold(stream)
		return
	case 'M':
		fmt.Fprintln(stream, s.figures())
	}
	stream.Close()
}

func (s *server) hold(stream net.Conn) {
	s.mutex.Lock()
	s.idle = append(s.idle, stream)
	s.mutex.Unlock()
}

func drain(from net.Conn) {
	buffer := make([]byte, 131072)
	for {
		if _, err := from.Read(buffer); err != nil {
			break
		}
	}
	from.Close()
}

func echo(stream net.Conn) {
	buffer := make([]byte, 4096)
	for {
		k, err := stream.Read(buffer)
		if err != nil {
			return
		}
		if _, err := stream.Write(buffer[:k]); err != nil {
			return
		}
	}
}
