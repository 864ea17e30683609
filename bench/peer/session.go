package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/hashicorp/yamux"
)

func config(o options) *yamux.Config {
	c := yamux.DefaultConfig()
	c.LogOutput = io.Discard
	c.MaxStreamWindowSize = uint32(o.window)
	c.ConnectionWriteTimeout = 60 * time.Second
	return c
}

func connect(o options) net.Conn {
	c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", o.port))
	check(err)
	if o.tls {
		c = tls.Client(c, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13})
	}
	return c
}

func dial(o options) *yamux.Session {
	session, err := yamux.Client(connect(o), config(o))
	check(err)
	return session
}

// open opens a stream and writes the command that says what the server shall do with it.
func open(session *yamux.Session, command byte) *yamux.Stream {
	stream, err := session.OpenStream()
	check(err)
	_, err = stream.Write([]byte{command})
	check(err)
	return stream
}

func certificate() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	check(err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// memory collects garbage, gives free pages back and reports what is left.
func memory() string {
	runtime.GC()
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	resident := "0"
	status, err := os.ReadFile("/proc/self/status")
	check(err)
	for _, line := range strings.Split(string(status), "\n") {
		if strings.HasPrefix(line, "VmRSS") {
			resident = strings.Fields(line)[1]
		}
	}
	return fmt.Sprintf("residentKiB=%s heap=%d", resident, m.HeapInuse+m.StackInuse)
}
