package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strings"
)

// relay is where to link and the identity key that the relay must prove. [LINK-30] [LINK-31]
type relay struct {
	address string
	key     ed25519.PublicKey
}

// joinString is culvert://HOST:PORT,HOST:PORT/KEYS/TOKEN.
type joinString struct {
	relays []relay
	token  string
}

func parseJoinString(text string) (joinString, error) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), "culvert://")
	parts := strings.SplitN(rest, "/", 3)
	if !ok || len(parts) != 3 {
		return joinString{}, fmt.Errorf("join string (expected: culvert://HOST:PORT/KEY/TOKEN)")
	}
	addresses, keys := strings.Split(parts[0], ","), strings.Split(parts[1], ",")
	if len(addresses) != len(keys) {
		return joinString{}, fmt.Errorf("join string with %d addresses and %d keys (expected: one key each)", len(addresses), len(keys))
	}
	join := joinString{token: parts[2]}
	for i, address := range addresses {
		key, err := base64.RawURLEncoding.DecodeString(keys[i])
		if err != nil || len(key) != ed25519.PublicKeySize {
			return joinString{}, fmt.Errorf("key %d of the join string (expected: 32 bytes, base64url)", i+1)
		}
		join.relays = append(join.relays, relay{address, key})
	}
	return join, nil
}
