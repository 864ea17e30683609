package main

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

// The service of the Java side, whose messages are texts: no generated code.

type texts struct{}

func (texts) Marshal(v any) ([]byte, error) { return []byte(*v.(*string)), nil }

func (texts) Unmarshal(data []byte, v any) error {
	*v.(*string) = string(data)
	return nil
}

func (texts) Name() string { return "proto" }

func newServer(name string) *grpc.Server {
	hello := func(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
		var who string
		if err := decode(&who); err != nil {
			return nil, err
		}
		answer := "hello " + who + " from " + name
		return &answer, nil
	}
	hang := func(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
		var who string
		if err := decode(&who); err != nil {
			return nil, err
		}
		<-ctx.Done()
		return nil, ctx.Err()
	}
	server := grpc.NewServer(grpc.ForceServerCodec(texts{}))
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "culvert.Greeter",
		HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{
			{MethodName: "Hello", Handler: hello},
			{MethodName: "Hang", Handler: hang},
		},
	}, struct{}{})
	return server
}

func newClient(target string, options ...grpc.DialOption) (*grpc.ClientConn, error) {
	options = append(options,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(texts{})))
	return grpc.NewClient(target, options...)
}

// Calls again and again, and prints what comes back; a call in between never ends by itself.
func callForEver(client *grpc.ClientConn) {
	go func() {
		for {
			who, answer := "cloud", ""
			err := client.Invoke(context.Background(), "/culvert.Greeter/Hang", &who, &answer)
			fmt.Printf("hanging call ended: %s\n", status.Code(err))
			time.Sleep(100 * time.Millisecond)
		}
	}()
	for {
		who, answer := "cloud", ""
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		if err := client.Invoke(ctx, "/culvert.Greeter/Hello", &who, &answer, grpc.WaitForReady(true)); err != nil {
			fmt.Printf("failed: %s\n", status.Code(err))
		} else {
			fmt.Printf("got: %s\n", answer)
		}
		cancel()
		time.Sleep(100 * time.Millisecond)
	}
}
