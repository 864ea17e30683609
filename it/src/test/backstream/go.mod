module culvert.dev/it/backstream

go 1.24.0

require github.com/grepplabs/backstream v0.0.2

require (
	github.com/google/uuid v1.5.0 // indirect
	github.com/gorilla/websocket v1.5.1 // indirect
	golang.org/x/net v0.19.0 // indirect
	google.golang.org/protobuf v1.31.0 // indirect
)
