// A service on backstream's own module, unmodified: it dials a relay and is called through it. It says how each request came.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/grepplabs/backstream/handler"
	"github.com/grepplabs/backstream/ws"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: backstream URL ID protobuf|json")
		os.Exit(2)
	}
	codec := handler.NewHttpProtoCodec()
	if os.Args[3] == "json" {
		codec = handler.NewHttpJsonCodec()
	}
	logger := slog.New(slog.NewTextHandler(os.Stderr, nil))
	service := handler.NewRecoveryHandler(handler.NewHTTPHandler(routes().ServeHTTP, codec), logger)
	ws.NewClient(context.Background(), os.Args[1], service, codec.MessageCodec(),
		ws.WithClientLogger(logger), ws.WithClientID(os.Args[2])).Start()
	select {}
}

func routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/panic", func(http.ResponseWriter, *http.Request) { panic("as asked") })
	mux.HandleFunc("/slow", func(_ http.ResponseWriter, r *http.Request) {
		begin := time.Now()
		<-r.Context().Done()
		fmt.Printf("cancelled after %s: %v\n", time.Since(begin).Round(100*time.Millisecond), r.Context().Err())
	})
	mux.HandleFunc("/hang", func(http.ResponseWriter, *http.Request) {
		fmt.Println("hanging")
		select {}
	})
	mux.HandleFunc("/large", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("x", 11<<20))
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Add("X-Twice", "1")
		w.Header().Add("X-Twice", "2")
		w.WriteHeader(http.StatusAccepted)
		fmt.Fprintf(w, "%s %s?%s %s %s %d", r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Get("X-Custom-Field"),
			r.Header.Get("X-Forwarded-Proto"), len(body))
	})
	return mux
}
