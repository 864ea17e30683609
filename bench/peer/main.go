// Command peer is the yardstick of the benchmarks: hashicorp/yamux on one TCP connection, as server and as client.
//
// The first byte of a stream is a command to the server: S sinks until the end, E echoes until the end, I answers one
// byte and idles, Z is accepted and never read, M collects garbage and answers one line of memory figures.
//
// A process talks to whoever started it in lines. It prints "ready port=N ..." when it listens, "at PHASE k=v ..." when it
// waits for a line on its standard input, and "result k=v ..." at its end. A server takes the lines "mem" and "drop". The
// end of the standard input ends the process, so nothing is left behind by a starter that died.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"time"
)

type options struct {
	port    int
	tls     bool
	raw     bool
	n       int
	bulk    int
	seconds float64
	warm    float64
	window  int
	write   int
	link    string
	callers string
	listen  string
	target  string
}

func (o options) duration() time.Duration { return time.Duration(o.seconds * float64(time.Second)) }
func (o options) warmUp() time.Duration   { return time.Duration(o.warm * float64(time.Second)) }

func main() {
	if len(os.Args) < 2 {
		fail(fmt.Errorf("usage: peer serve|bulk|rate|ping|idle|links|stalled|fair|chain-relay|chain-agent|chain-caller|version [flags]"))
	}
	var o options
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	flags.IntVar(&o.port, "port", 0, "port of the server on 127.0.0.1")
	flags.BoolVar(&o.tls, "tls", false, "TLS 1.3")
	flags.BoolVar(&o.raw, "raw", false, "plain TCP without a multiplexer (serve, bulk)")
	flags.IntVar(&o.n, "n", 1, "streams, or operations at a time")
	flags.IntVar(&o.bulk, "bulk", 0, "bulk streams beside the ping")
	flags.Float64Var(&o.seconds, "secs", 5, "seconds that are measured")
	flags.Float64Var(&o.warm, "warm", 1, "seconds before them that are not")
	flags.IntVar(&o.window, "window", 262144, "receive window of a stream, bytes")
	flags.IntVar(&o.write, "write", 65536, "bytes per write of a bulk stream")
	flags.StringVar(&o.link, "link", "", "address of a relay for its agent (chain-relay, chain-agent)")
	flags.StringVar(&o.callers, "callers", "", "address of a relay for its caller (chain-relay, chain-caller)")
	flags.StringVar(&o.listen, "listen", "", "address for TCP connections (chain-relay, chain-caller)")
	flags.StringVar(&o.target, "target", "", "where an agent leads to (chain-agent)")
	check(flags.Parse(os.Args[2:]))
	commands := map[string]func(options){
		"serve": serve, "bulk": bulk, "rate": rate, "ping": ping, "idle": idle,
		"links": links, "stalled": stalled, "fair": fair, "version": version,
		"chain-relay": chainRelay, "chain-agent": chainAgent, "chain-caller": chainCaller,
	}
	command, known := commands[os.Args[1]]
	if !known {
		fail(fmt.Errorf("unknown command: %s", os.Args[1]))
	}
	command(o)
}

func version(options) {
	yamux := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dependency := range info.Deps {
			if dependency.Path == "github.com/hashicorp/yamux" {
				yamux = dependency.Version
			}
		}
	}
	fmt.Printf("result yamux=%s go=%s\n", yamux, runtime.Version())
}

func check(err error) {
	if err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "error:", err)
	os.Exit(1)
}

var input = bufio.NewScanner(os.Stdin)

// at reports a phase with this process's memory and waits until the starter has looked.
func at(phase string) {
	fmt.Printf("at %s %s\n", phase, memory())
	if !input.Scan() {
		os.Exit(1)
	}
}
