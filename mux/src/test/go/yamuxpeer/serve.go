package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"net"

	"github.com/hashicorp/yamux"
)

// Serve answers streams until the session ends. It pings first, since a yamux acceptor can say nothing before the client's
// first frame has told it the version. The first byte of a stream says what to do:
//
//	B n:8  send n bytes of payload and receive as many, then one byte 'k'; both sides finish
//	C      read to the end, then answer count:8 crc32:4 and finish
//	E      echo to the end
//	H      hold: neither read nor write until the session ends
//	X      close at once without reading; with a short close timeout this ends in a reset
func serve(session *yamux.Session) error {
	if _, err := session.Ping(); err != nil {
		return err
	}
	failures := make(chan error, 1)
	for {
		stream, err := session.Accept()
		if err != nil {
			break
		}
		go func() {
			if err := answer(session, stream); err != nil {
				select {
				case failures <- err:
				default:
				}
			}
		}()
	}
	select {
	case err := <-failures:
		return err
	default:
		return nil
	}
}

func answer(session *yamux.Session, stream net.Conn) error {
	input := bufio.NewReaderSize(stream, 16)
	command, err := input.ReadByte()
	if err != nil {
		return ignoreReset(err)
	}
	switch command {
	case 'B':
		defer stream.Close()
		return answerBulk(input, stream)
	case 'C':
		defer stream.Close()
		return answerCount(input, stream)
	case 'E':
		defer stream.Close()
		_, err := io.Copy(stream, input)
		return ignoreReset(err)
	case 'H':
		<-session.CloseChan()
		return nil
	case 'X':
		return stream.Close()
	}
	return fmt.Errorf("unknown command %q", command)
}

func answerBulk(input io.Reader, stream net.Conn) error {
	var length [8]byte
	if _, err := io.ReadFull(input, length[:]); err != nil {
		return err
	}
	bytes := int(binary.BigEndian.Uint64(length[:]))
	received := make(chan error, 1)
	go func() { received <- receivePayload(input, bytes) }()
	if err := sendPayload(stream, bytes); err != nil {
		return err
	}
	if err := <-received; err != nil {
		return err
	}
	_, err := stream.Write([]byte{'k'})
	return err
}

func answerCount(input io.Reader, stream net.Conn) error {
	sum := crc32.NewIEEE()
	count, err := io.Copy(sum, input)
	if err != nil {
		return err
	}
	reply := binary.BigEndian.AppendUint64(nil, uint64(count))
	_, err = stream.Write(binary.BigEndian.AppendUint32(reply, sum.Sum32()))
	return err
}

func ignoreReset(err error) error {
	if err == yamux.ErrConnectionReset || err == io.EOF {
		return nil
	}
	return err
}
