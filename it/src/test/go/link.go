package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/hashicorp/yamux"
)

const (
	handshakeLimit  = 65536
	controlLimit    = 4096
	keepAlive       = 10 * time.Second
	protocolVersion = 1
	codeClockSkew   = 20
)

// node is this process: its key, its name, and the instance that tells one start from the next. [LINK-14]
type node struct {
	name     string
	key      ed25519.PrivateKey
	instance []byte
	attempt  uint64
	skew     int64 // milliseconds that a relay's clock is ahead of ours [LINK-22]
}

func newNode(name string) (*node, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	instance := make([]byte, 16)
	_, err = rand.Read(instance)
	return &node{name: name, key: key, instance: instance}, err
}

// refused is the relay's or an agent's no, with what it said about trying again.
type refused struct {
	code       uint64
	text       string
	hop        string
	retryHelps bool
}

func (r refused) Error() string {
	return fmt.Sprintf("refused with code %d at %q: %s", r.code, r.hop, r.text)
}

// clockSkew is a proved answer that the relay's clock is ahead of ours by so much.
type clockSkew struct{ millis int64 }

func (c clockSkew) Error() string { return fmt.Sprintf("the relay's clock is %d ms ahead", c.millis) }

// link is one authenticated session.
type link struct {
	session   *yamux.Session
	control   net.Conn
	principal string
}

func (l *link) close() { l.session.Close() }

// connect links to the first relay of the join string that answers.
func (n *node) connect(join joinString, services []string) (*link, error) {
	var failures []error
	for _, r := range join.relays {
		l, err := n.connectTo(r, join.token, services)
		var late clockSkew
		if errors.As(err, &late) {
			n.skew += late.millis
			l, err = n.connectTo(r, join.token, services)
		}
		if err == nil {
			return l, nil
		}
		failures = append(failures, fmt.Errorf("%s: %w", r.address, err))
	}
	return nil, errors.Join(failures...)
}

func (n *node) connectTo(r relay, token string, services []string) (*link, error) {
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	conn, err := tls.DialWithDialer(dialer, "tcp", r.address, &tls.Config{
		MinVersion: tls.VersionTLS13,
		NextProtos: []string{"culvert/1"},
		// Names and authorities are looked at only where the chain does not end in the pinned key. [LINK-3]
		InsecureSkipVerify: true,
		VerifyConnection:   func(state tls.ConnectionState) error { return verifyChain(state, r.key) },
	})
	if err != nil {
		return nil, err
	}
	config := yamux.DefaultConfig()
	config.KeepAliveInterval = keepAlive
	config.LogOutput = os.Stderr
	session, err := yamux.Client(conn, config)
	if err != nil {
		return nil, err
	}
	l, err := n.handshake(session, r.key, token, services)
	if err != nil {
		session.Close()
	}
	return l, err
}

// verifyChain accepts a chain that ends in the relay's identity key, and any other as browsers do. [LINK-3]
func verifyChain(state tls.ConnectionState, identity ed25519.PublicKey) error {
	chain := state.PeerCertificates
	root := chain[len(chain)-1]
	if key, ok := root.PublicKey.(ed25519.PublicKey); !ok || !key.Equal(identity) {
		intermediates := x509.NewCertPool()
		for _, certificate := range chain[1:] {
			intermediates.AddCert(certificate)
		}
		_, err := chain[0].Verify(x509.VerifyOptions{DNSName: state.ServerName, Intermediates: intermediates})
		if err != nil {
			return fmt.Errorf("the relay's certificate does not end in the key that the join string pins: %w", err)
		}
		return nil
	}
	for i := range chain {
		issuer := chain[min(i+1, len(chain)-1)]
		if err := chain[i].CheckSignatureFrom(issuer); err != nil {
			return fmt.Errorf("certificate %d of the relay: %w", i, err)
		}
	}
	return nil
}

// handshake opens stream 1, sends Hello and waits for Welcome. [LINK-10]
func (n *node) handshake(session *yamux.Session, relayKey ed25519.PublicKey, token string, services []string) (*link, error) {
	control, err := session.Open()
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, 32)
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	n.attempt++
	hello := n.hello(token, services)
	control.SetDeadline(time.Now().Add(15 * time.Second))
	if err := writeDelimited(control, message{}.bytes(controlHello, n.sign(hello, relayKey, nonce))); err != nil {
		return nil, err
	}
	answer, err := readDelimited(control, handshakeLimit)
	if err != nil {
		return nil, fmt.Errorf("waiting for Welcome: %w", err)
	}
	control.SetDeadline(time.Time{})
	welcome, err := n.verifyWelcome(answer, relayKey, nonce)
	if err != nil {
		return nil, err
	}
	return &link{session, control, welcome.text(welcomePrincipal)}, nil
}

// Numbers of culvert.proto.
const (
	controlHello, controlWelcome, controlRefusal = 1, 2, 3

	welcomePrincipal, welcomeResults = 4, 6
)

func (n *node) hello(token string, services []string) message {
	parameters := message{}.varint(5, uint64(keepAlive.Milliseconds()))
	hello := message{}.
		varint(1, protocolVersion).
		text(2, n.name).
		bytes(3, n.instance).
		varint(4, n.attempt).
		bytes(7, parameters)
	for i, service := range services {
		hello = hello.bytes(8, message{}.varint(1, uint64(i+1)).text(2, service))
	}
	return hello.text(9, "culvert foreign test node (Go)").bytes(10, message{}.text(1, token))
}

// sign makes a SignedHello. [LINK-20] [LINK-21]
func (n *node) sign(hello message, relayKey ed25519.PublicKey, nonce []byte) message {
	millis := uint64(time.Now().UnixMilli() + n.skew)
	signed := append([]byte("culvert/1 hello\x00"), relayKey...)
	signed = append(signed, nonce...)
	signed = binary.BigEndian.AppendUint64(signed, millis)
	signed = append(signed, hello...)
	return message{}.
		bytes(1, hello).
		bytes(2, n.key.Public().(ed25519.PublicKey)).
		bytes(3, nonce).
		varint(4, millis).
		bytes(5, ed25519.Sign(n.key, signed))
}

// verifyWelcome checks the relay's signature and that every service was taken. [LINK-23] [CTRL-2]
func (n *node) verifyWelcome(answer fields, relayKey ed25519.PublicKey, nonce []byte) (fields, error) {
	if answer.has(controlRefusal) {
		return fields{}, n.refusal(answer.bytes(controlRefusal), relayKey, nonce)
	}
	signed, err := decode(answer.bytes(controlWelcome))
	if err != nil {
		return fields{}, err
	}
	body := signed.bytes(1)
	covered := bytes.Join([][]byte{[]byte("culvert/1 welcome\x00"), nonce, body}, nil)
	if !bytes.Equal(signed.bytes(2), relayKey) || !ed25519.Verify(relayKey, covered, signed.bytes(3)) {
		return fields{}, errors.New("Welcome is not signed by the key that the join string pins")
	}
	welcome, err := decode(body)
	if err != nil {
		return fields{}, err
	}
	for _, encoded := range welcome.values[welcomeResults] {
		result, err := decode(encoded)
		if err != nil {
			return fields{}, err
		}
		if code := result.number(2); code != 0 {
			return fields{}, refused{code, result.text(3), "relay", false}
		}
	}
	return welcome, nil
}

// refusal reads a Refusal; one for the clock counts only with the relay's signature. [LINK-22]
func (n *node) refusal(encoded []byte, relayKey ed25519.PublicKey, nonce []byte) error {
	refusal, err := decode(encoded)
	if err != nil {
		return err
	}
	theirs := refusal.number(6)
	covered := binary.BigEndian.AppendUint64(append([]byte("culvert/1 clock\x00"), nonce...), theirs)
	if refusal.number(1) == codeClockSkew && ed25519.Verify(relayKey, covered, refusal.bytes(7)) {
		return clockSkew{int64(theirs) - time.Now().UnixMilli() - n.skew}
	}
	return refused{refusal.number(1), refusal.text(2), "relay", refusal.number(3) != 0}
}

// readControl reads stream 1 until the session ends: a node must not leave control unread. [CTRL-1]
func (l *link) readControl(onMessage func(fields)) error {
	for {
		control, err := readDelimited(l.control, controlLimit)
		if err != nil {
			if errors.Is(err, io.EOF) {
				return errors.New("the relay ended the session")
			}
			return err
		}
		onMessage(control)
	}
}
