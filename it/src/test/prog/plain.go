package main

import (
	"context"
	"fmt"
	"net"
	"sort"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
)

const calls = 100

// An ordinary server: whatever is between it and its clients is none of its business.
func serve(address, name string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Printf("listening at %s\n", listener.Addr())
	return newServer(name).Serve(listener)
}

// An ordinary client: calls at once on one connection, a call that is given up, and one to nobody.
func call(address, authority string) error {
	client, err := newClient("passthrough:///"+address, grpc.WithAuthority(authority))
	if err != nil {
		return err
	}
	fmt.Println("answers: " + atOnce(client))
	brief, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	who, answer := "go", ""
	fmt.Printf("late: %s\n", status.Code(client.Invoke(brief, "/culvert.Greeter/Hang", &who, &answer)))
	nobody, err := newClient("passthrough:///"+address, grpc.WithAuthority("nobody."+authority))
	if err != nil {
		return err
	}
	fmt.Printf("nobody: %v\n", nobody.Invoke(context.Background(), "/culvert.Greeter/Hello", &who, &answer))
	return nil
}

// How many answers came from whom.
func atOnce(client *grpc.ClientConn) string {
	answers := make(chan string, calls)
	for i := 0; i < calls; i++ {
		go func() {
			who, answer := "go", ""
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			defer cancel()
			if err := client.Invoke(ctx, "/culvert.Greeter/Hello", &who, &answer); err != nil {
				answer = err.Error()
			}
			answers <- answer
		}()
	}
	counts := map[string]int{}
	for i := 0; i < calls; i++ {
		counts[<-answers]++
	}
	var lines []string
	for answer, count := range counts {
		lines = append(lines, fmt.Sprintf("%d %s", count, answer))
	}
	sort.Strings(lines)
	return strings.Join(lines, ", ")
}
