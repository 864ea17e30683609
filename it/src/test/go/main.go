// Command foreign is a Culvert node that shares no code with Culvert: written from docs/protocol.md and culvert.proto alone, on
// Go's standard library and hashicorp/yamux. It proves that the document is sufficient.
//
//	foreign serve NODE        offers the services NODE-http and NODE-echo, reconnecting for as long as it may
//	foreign dial NAME         standard input to the service, the service to standard output; ends when both have ended
//	foreign get  NAME PATH    one HTTP request to the service; prints the body
//
// The join string is read from CULVERT_JOIN.
package main

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "foreign:", err)
		var no refused
		if errors.As(err, &no) {
			os.Exit(10)
		}
		os.Exit(1)
	}
}

func run(args []string) error {
	join, err := parseJoinString(os.Getenv("CULVERT_JOIN"))
	if err != nil {
		return err
	}
	switch {
	case len(args) == 2 && args[0] == "serve":
		return serve(join, args[1])
	case len(args) == 2 && args[0] == "dial":
		return withStream(join, args[1], pipe)
	case len(args) == 3 && args[0] == "get":
		return withStream(join, args[1], func(stream net.Conn) error { return get(stream, args[2]) })
	}
	return errors.New("usage: foreign serve NODE | dial NAME | get NAME PATH")
}

// serve offers two services and comes back after each loss of the link. [LINK-24]
func serve(join joinString, name string) error {
	self, err := newNode(name)
	if err != nil {
		return err
	}
	services := []string{name + "-http", name + "-echo"}
	listeners := map[string]*listener{services[0]: newListener(), services[1]: newListener()}
	go http.Serve(listeners[services[0]], http.HandlerFunc(handle))
	go echo(listeners[services[1]])
	for {
		l, err := self.connect(join, services)
		var no refused
		if errors.As(err, &no) && !no.retryHelps {
			return err
		}
		if err == nil {
			fmt.Println("serving as", l.principal)
			go l.readControl(func(fields) {})
			err = l.serve(name, listeners)
			l.close()
		}
		fmt.Println("lost:", err)
		time.Sleep(rand.N(2 * time.Second))
	}
}

// handle answers GET with the path, and anything with a body with the body's length and digest.
func handle(w http.ResponseWriter, r *http.Request) {
	digest := sha256.New()
	count, err := io.Copy(digest, r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	fmt.Fprintf(w, "%s %s %d %x\n", r.Method, r.URL.Path, count, digest.Sum(nil))
}

func echo(l *listener) {
	for {
		stream, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer stream.Close()
			io.Copy(stream, stream)
		}()
	}
}

// withStream links, dials NAME or NODE.NAME, and hands the stream over.
func withStream(join joinString, address string, use func(net.Conn) error) error {
	self, err := newNode("go-caller")
	if err != nil {
		return err
	}
	l, err := self.connect(join, nil)
	if err != nil {
		return err
	}
	defer l.close()
	go l.readControl(func(fields) {})
	target, service, found := strings.Cut(address, ".")
	if !found {
		target, service = "", address
	}
	stream, err := l.dial(service, target)
	if err != nil {
		return err
	}
	return use(stream)
}

func pipe(stream net.Conn) error {
	sent := make(chan error, 1)
	go func() {
		_, err := io.Copy(stream, os.Stdin)
		sent <- errors.Join(err, stream.Close()) // yamux: Close is a FIN, reading goes on
	}()
	_, err := io.Copy(os.Stdout, stream)
	return errors.Join(err, <-sent)
}

func get(stream net.Conn, path string) error {
	request, err := http.NewRequest(http.MethodGet, "http://foreign"+path, nil)
	if err != nil {
		return err
	}
	request.Close = true
	if err := request.Write(stream); err != nil {
		return err
	}
	response, err := http.ReadResponse(bufio.NewReader(stream), request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("status %s", response.Status)
	}
	_, err = io.Copy(os.Stdout, response.Body)
	return err
}
