package main

import (
	"fmt"
	"os"
	"strings"
	"sync"
)

// Complaints keeps what the library logs as an error: it notices breaches of its rules that do not end the session, such
// as a second acknowledgement or frames for a stream that it does not know.
type complaints struct {
	mutex sync.Mutex
	lines []string
}

// What happens in the normal course of a session's end.
var harmless = []string{"Failed to read header", "Failed to write", "frame for missing stream: Vsn:0 Type:1 Flags:0",
	"backlog exceeded", "keepalive failed: session shutdown", "failed to send ping reply: session shutdown"}

func (c *complaints) Write(line []byte) (int, error) {
	text := strings.TrimSpace(string(line))
	fmt.Fprintln(os.Stderr, text)
	for _, known := range harmless {
		if strings.Contains(text, known) {
			return len(line), nil
		}
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.lines = append(c.lines, text)
	return len(line), nil
}

func (c *complaints) check() error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if len(c.lines) == 0 {
		return nil
	}
	return fmt.Errorf("the library complained %d times, first: %s", len(c.lines), c.lines[0])
}
