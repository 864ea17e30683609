// Yamuxpeer speaks hashicorp/yamux to the multiplexer under test, in either role. It connects to a port of 127.0.0.1 and
// then either serves streams or drives a scenario; it prints "ok ..." or "FAIL ..." and exits 0 or 1.
//
// A stream begins with one byte that says what to do with it (see serve.go); both sides understand the same commands.
package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/hashicorp/yamux"
)

func main() {
	role := flag.String("role", "client", "client or server of yamux")
	port := flag.Int("port", 0, "port on 127.0.0.1 to connect to")
	keepAlive := flag.Duration("keepalive", 30*time.Second, "interval of pings")
	closeTimeout := flag.Duration("close-timeout", 5*time.Minute, "after which a half-closed stream is reset")
	backlog := flag.Int("backlog", 256, "opens that may be unacknowledged or not accepted")
	flag.Parse()

	config := yamux.DefaultConfig()
	config.KeepAliveInterval = *keepAlive
	config.StreamCloseTimeout = *closeTimeout
	config.AcceptBacklog = *backlog
	session, complaints, err := connect(*role, *port, config)
	if err == nil {
		err = run(session, flag.Args())
	}
	if err == nil {
		err = complaints.check()
	}
	if err != nil {
		fmt.Println("FAIL", err)
		os.Exit(1)
	}
	fmt.Println("ok", flag.Args())
}

func connect(role string, port int, config *yamux.Config) (*yamux.Session, *complaints, error) {
	heard := &complaints{}
	config.LogOutput = heard
	conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, heard, err
	}
	if role == "client" {
		session, err := yamux.Client(conn, config)
		return session, heard, err
	}
	session, err := yamux.Server(conn, config)
	return session, heard, err
}

func run(session *yamux.Session, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("no scenario (expected: serve, bulk, echo, opens, half, reset or idle)")
	}
	numbers := make([]int, 0, 2)
	for _, text := range args[1:] {
		number, err := strconv.Atoi(text)
		if err != nil {
			return err
		}
		numbers = append(numbers, number)
	}
	numbers = append(numbers, 0, 0)
	if args[0] == "serve" {
		return serve(session)
	}
	defer session.Close()
	switch args[0] {
	case "bulk":
		return parallel(numbers[0], numbers[0], func(int) error { return bulk(session, numbers[1]) })
	case "echo":
		return parallel(numbers[0], numbers[1], func(i int) error { return echo(session, i) })
	case "opens":
		return opens(session, numbers[0])
	case "half":
		return parallel(numbers[0], 4, func(int) error { return half(session, numbers[1]) })
	case "reset":
		return reset(session)
	case "idle":
		return idle(session, time.Duration(numbers[0])*time.Millisecond)
	}
	return fmt.Errorf("unknown scenario %q", args[0])
}

// Payload is what both sides generate and check: byte i is a function of i.
type payload struct{ at int }

func (p *payload) fill(b []byte) {
	for i := range b {
		b[i] = patternAt(p.at + i)
	}
	p.at += len(b)
}

func (p *payload) check(b []byte) error {
	for i := range b {
		if b[i] != patternAt(p.at+i) {
			return fmt.Errorf("byte %d is %d, expected %d", p.at+i, b[i], patternAt(p.at+i))
		}
	}
	p.at += len(b)
	return nil
}

func patternAt(i int) byte { return byte(i*7 + i>>8) }

func sendPayload(w io.Writer, bytes int) error {
	source := payload{}
	buffer := make([]byte, 64*1024)
	for source.at < bytes {
		piece := buffer[:min(len(buffer), bytes-source.at)]
		source.fill(piece)
		if _, err := w.Write(piece); err != nil {
			return err
		}
	}
	return nil
}

func receivePayload(r io.Reader, bytes int) error {
	expected := payload{}
	buffer := make([]byte, 64*1024)
	for expected.at < bytes {
		n, err := r.Read(buffer[:min(len(buffer), bytes-expected.at)])
		if n > 0 {
			if wrong := expected.check(buffer[:n]); wrong != nil {
				return wrong
			}
		}
		if err != nil {
			return fmt.Errorf("after %d of %d bytes: %w", expected.at, bytes, err)
		}
	}
	return nil
}
