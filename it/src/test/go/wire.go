package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The protobuf wire format, as much of it as culvert.proto uses: varints and length-delimited fields.

const (
	wireVarint = 0
	wireFixed8 = 1
	wireBytes  = 2
	wireFixed4 = 5
)

// message is an encoded protobuf message under construction.
type message []byte

func (m message) varint(field int, value uint64) message {
	if value == 0 {
		return m
	}
	m = binary.AppendUvarint(m, uint64(field)<<3|wireVarint)
	return binary.AppendUvarint(m, value)
}

// bytes appends even an empty value: a present, empty submessage differs from an absent one.
func (m message) bytes(field int, value []byte) message {
	m = binary.AppendUvarint(m, uint64(field)<<3|wireBytes)
	m = binary.AppendUvarint(m, uint64(len(value)))
	return append(m, value...)
}

func (m message) text(field int, value string) message {
	if value == "" {
		return m
	}
	return m.bytes(field, []byte(value))
}

// fields is a decoded message: the last scalar and all length-delimited values of each field.
type fields struct {
	numbers map[int]uint64
	values  map[int][][]byte
}

func (f fields) number(field int) uint64 { return f.numbers[field] }

func (f fields) bytes(field int) []byte {
	if all := f.values[field]; len(all) > 0 {
		return all[len(all)-1]
	}
	return nil
}

func (f fields) has(field int) bool { return len(f.values[field]) > 0 }

func (f fields) text(field int) string { return string(f.bytes(field)) }

var errTruncated = errors.New("message ends within a field")

func decode(data []byte) (fields, error) {
	f := fields{map[int]uint64{}, map[int][][]byte{}}
	for len(data) > 0 {
		key, n := binary.Uvarint(data)
		if n <= 0 {
			return f, errTruncated
		}
		data = data[n:]
		field, size := int(key>>3), 0
		switch key & 7 {
		case wireVarint:
			value, n := binary.Uvarint(data)
			if n <= 0 {
				return f, errTruncated
			}
			f.numbers[field] = value
			size = n
		case wireBytes:
			length, n := binary.Uvarint(data)
			if n <= 0 || uint64(len(data)-n) < length {
				return f, errTruncated
			}
			f.values[field] = append(f.values[field], data[n:n+int(length)])
			size = n + int(length)
		case wireFixed8:
			size = 8
		case wireFixed4:
			size = 4
		default:
			return f, fmt.Errorf("field %d has wire type %d", field, key&7)
		}
		if len(data) < size {
			return f, errTruncated
		}
		data = data[size:]
	}
	return f, nil
}

// writeDelimited writes a message behind its length as a varint.
func writeDelimited(w io.Writer, m message) error {
	_, err := w.Write(append(binary.AppendUvarint(nil, uint64(len(m))), m...))
	return err
}

// readDelimited reads one message and not one byte more.
func readDelimited(r io.Reader, limit uint64) (fields, error) {
	length, err := binary.ReadUvarint(byteReader{r})
	if err != nil {
		return fields{}, err
	}
	if length > limit {
		return fields{}, fmt.Errorf("message of %d bytes (expected: at most %d)", length, limit)
	}
	data := make([]byte, length)
	if _, err := io.ReadFull(r, data); err != nil {
		return fields{}, err
	}
	return decode(data)
}

type byteReader struct{ io.Reader }

func (r byteReader) ReadByte() (byte, error) {
	var one [1]byte
	_, err := io.ReadFull(r.Reader, one[:])
	return one[0], err
}
