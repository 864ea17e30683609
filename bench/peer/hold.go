package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/hashicorp/yamux"
)

// idle opens n streams that have each carried one byte both ways, holds them and lets go.
func idle(o options) {
	session := dial(o)
	closeAll(openIdle(session, 10000)) // the runtime's own growth is not the streams'
	at("warm")
	at("base")
	start := time.Now()
	streams := openIdle(session, o.n)
	elapsed := time.Since(start)
	at("open")
	closeAll(streams)
	streams = nil
	at("closed")
	fmt.Printf("result streams=%d openSeconds=%.2f\n", o.n, elapsed.Seconds())
}

func closeAll(streams []*yamux.Stream) {
	for _, stream := range streams {
		stream.Close()
	}
}

func openIdle(session *yamux.Session, n int) []*yamux.Stream {
	streams := make([]*yamux.Stream, n)
	var all sync.WaitGroup
	next := make(chan int, 64)
	for worker := 0; worker < 64; worker++ {
		all.Add(1)
		go func() {
			defer all.Done()
			var answer [1]byte
			for i := range next {
				streams[i] = open(session, 'I')
				_, err := io.ReadFull(streams[i], answer[:])
				check(err)
			}
		}()
	}
	for i := 0; i < n; i++ {
		next <- i
	}
	close(next)
	all.Wait()
	return streams
}

// links holds n idle sessions, each on a connection of its own.
func links(o options) {
	closeLinks(openLinks(o, 500))
	at("warm")
	at("base")
	sessions := openLinks(o, o.n)
	at("open")
	closeLinks(sessions)
	fmt.Printf("result links=%d\n", o.n)
}

func openLinks(o options, n int) []*yamux.Session {
	sessions := make([]*yamux.Session, n)
	for i := range sessions {
		sessions[i] = dial(o)
		_, err := sessions[i].Ping()
		check(err)
	}
	return sessions
}

func closeLinks(sessions []*yamux.Session) {
	for _, session := range sessions {
		session.Close()
	}
}

// stalled measures bulk streams alone, then beside n streams that nobody reads and whose windows are full.
func stalled(o options) {
	session := dial(o)
	alone := beside(session, o)
	buffer := make([]byte, o.window)
	for i := 0; i < o.n; i++ {
		stream := open(session, 'Z')
		go func() { _, _ = stream.Write(buffer) }()
	}
	time.Sleep(time.Second)
	loaded := beside(session, o)
	fmt.Printf("result alone=%.1f beside=%.1f ratio=%.4f\n", alone, loaded, loaded/alone)
}

func beside(session *yamux.Session, o options) float64 {
	c := newCounter(o)
	var all sync.WaitGroup
	for i := 0; i < o.bulk; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			stream := open(session, 'S')
			pour(stream, o, c)
			stream.Close()
		}()
	}
	all.Wait()
	return c.perSecond() / 1e6
}
