// Both sides of Prog's role reversal as its documents describe them, on Go's own gRPC: a listener that accepts by dialling
// out, and one that tells clients from reversed connections. In its first form a reversed connection is known by what is not
// the preface of HTTP/2; in its later form it says a name of three bytes first.
package main

import (
	"context"
	"fmt"
	"net"
	"os"

	"google.golang.org/grpc"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) >= 2 && args[0] == "edge":
		return edge(args[1], optional(args, 2))
	case len(args) >= 1 && args[0] == "cloud":
		return cloud(optional(args, 1))
	case len(args) == 3 && args[0] == "serve":
		return serve(args[1], args[2])
	case len(args) == 3 && args[0] == "call":
		return call(args[1], args[2])
	}
	return fmt.Errorf("%q (expected: edge ADDRESS [NAME], cloud [NAME], serve ADDRESS NAME, or call ADDRESS AUTHORITY)", args)
}

func optional(args []string, at int) string {
	if len(args) > at {
		return args[at]
	}
	return ""
}

// Serves what it dials, and calls the other side over an ordinary connection.
func edge(address, name string) error {
	client, err := newClient("passthrough:///" + address)
	if err != nil {
		return err
	}
	go callForEver(client)
	fmt.Println("serving")
	return newServer("go edge").Serve(newDialListener(address, name))
}

// Serves clients at a port, and calls whoever dialled in.
func cloud(name string) error {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	listener := &prefaceListener{Listener: inner, name: name, reversed: make(chan net.Conn, 1)}
	client, err := newClient("passthrough:///edge", grpc.WithContextDialer(
		func(ctx context.Context, _ string) (net.Conn, error) {
			select {
			case conn := <-listener.reversed:
				return conn, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}))
	if err != nil {
		return err
	}
	go callForEver(client)
	fmt.Printf("listening at %s\n", inner.Addr())
	return newServer("go cloud").Serve(listener)
}
