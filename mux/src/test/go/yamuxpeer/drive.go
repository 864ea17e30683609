package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"sync"
	"time"

	"github.com/hashicorp/yamux"
)

// Parallel runs task 0..count-1, at most width at a time, and returns the first error.
func parallel(count, width int, task func(int) error) error {
	var group sync.WaitGroup
	var mutex sync.Mutex
	var first error
	next := 0
	take := func() int {
		mutex.Lock()
		defer mutex.Unlock()
		if first != nil || next == count {
			return -1
		}
		next++
		return next - 1
	}
	for worker := 0; worker < width; worker++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := take(); i >= 0; i = take() {
				if err := task(i); err != nil {
					mutex.Lock()
					if first == nil {
						first = fmt.Errorf("task %d: %w", i, err)
					}
					mutex.Unlock()
				}
			}
		}()
	}
	group.Wait()
	return first
}

func bulk(session *yamux.Session, size int) error {
	stream, err := session.Open()
	if err != nil {
		return err
	}
	defer stream.Close()
	if _, err := stream.Write(binary.BigEndian.AppendUint64([]byte{'B'}, uint64(size))); err != nil {
		return err
	}
	sent := make(chan error, 1)
	go func() { sent <- sendPayload(stream, size) }()
	if err := receivePayload(stream, size); err != nil {
		return err
	}
	if err := <-sent; err != nil {
		return err
	}
	rest, err := io.ReadAll(stream)
	if err != nil || string(rest) != "k" {
		return fmt.Errorf("verdict %q, %v (expected: k)", rest, err)
	}
	return nil
}

func echo(session *yamux.Session, i int) error {
	stream, err := session.Open()
	if err != nil {
		return err
	}
	message := bytes.Repeat([]byte{byte(i)}, 64)
	if _, err := stream.Write(append([]byte{'E'}, message...)); err != nil {
		return err
	}
	reply := make([]byte, 64)
	if _, err := io.ReadFull(stream, reply); err != nil {
		return err
	}
	if !bytes.Equal(reply, message) {
		return fmt.Errorf("echo differs: %v", reply)
	}
	if err := stream.Close(); err != nil {
		return err
	}
	rest, err := io.ReadAll(stream)
	if err != nil || len(rest) != 0 {
		return fmt.Errorf("after the echo: %d bytes, %v", len(rest), err)
	}
	return nil
}

// Opens makes count streams before it writes to any: a peer that acknowledges late would block it for ever.
func opens(session *yamux.Session, count int) error {
	streams := make([]*yamux.Stream, 0, count)
	opened := make(chan error, 1)
	go func() {
		for i := 0; i < count; i++ {
			stream, err := session.OpenStream()
			if err != nil {
				opened <- err
				return
			}
			streams = append(streams, stream)
		}
		opened <- nil
	}()
	select {
	case err := <-opened:
		if err != nil {
			return err
		}
	case <-time.After(20 * time.Second):
		return fmt.Errorf("opens are blocked")
	}
	for i, stream := range streams {
		if _, err := stream.Write([]byte{'E', byte(i)}); err != nil {
			return err
		}
	}
	for i, stream := range streams {
		var reply [1]byte
		if _, err := io.ReadFull(stream, reply[:]); err != nil || reply[0] != byte(i) {
			return fmt.Errorf("stream %d: %v, %v", i, reply, err)
		}
		if err := stream.Close(); err != nil {
			return err
		}
	}
	return gone(session)
}

// Half finishes its half first and reads the answer afterwards.
func half(session *yamux.Session, size int) error {
	stream, err := session.Open()
	if err != nil {
		return err
	}
	if _, err := stream.Write([]byte{'C'}); err != nil {
		return err
	}
	if err := sendPayload(stream, size); err != nil {
		return err
	}
	if err := stream.Close(); err != nil {
		return err
	}
	reply, err := io.ReadAll(stream)
	if err != nil || len(reply) != 12 {
		return fmt.Errorf("reply of %d bytes, %v (expected: 12)", len(reply), err)
	}
	sum := crc32.NewIEEE()
	if err := sendPayload(sum, size); err != nil {
		return err
	}
	if binary.BigEndian.Uint64(reply) != uint64(size) || binary.BigEndian.Uint32(reply[8:]) != sum.Sum32() {
		return fmt.Errorf("count or checksum differs: %x", reply)
	}
	return nil
}

// Reset has a stream reset by the peer and then shows that the session lives on.
func reset(session *yamux.Session) error {
	stream, err := session.Open()
	if err != nil {
		return err
	}
	if _, err := stream.Write([]byte{'X'}); err != nil {
		return err
	}
	if _, err := stream.Read(make([]byte, 1)); !errors.Is(err, yamux.ErrConnectionReset) {
		return fmt.Errorf("read after the peer's reset: %v", err)
	}
	if err := gone(session); err != nil {
		return err
	}
	return echo(session, 1)
}

func idle(session *yamux.Session, length time.Duration) error {
	if err := echo(session, 1); err != nil {
		return err
	}
	select {
	case <-session.CloseChan():
		return fmt.Errorf("the session ended while idle")
	case <-time.After(length):
	}
	for i := 0; i < 100; i++ {
		if _, err := session.Ping(); err != nil {
			return err
		}
	}
	return echo(session, 2)
}

// Gone waits until the library has forgotten all streams.
func gone(session *yamux.Session) error {
	for i := 0; i < 500; i++ {
		if session.NumStreams() == 0 {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return fmt.Errorf("%d streams were left behind", session.NumStreams())
}
