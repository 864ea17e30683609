package main

import (
	"fmt"
	"io"
	"net"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/yamux"
)

// counter counts what happens after the warm-up.
type counter struct {
	start, end time.Time
	count      int64
}

func newCounter(o options) *counter {
	start := time.Now().Add(o.warmUp())
	return &counter{start: start, end: start.Add(o.duration())}
}

// add reports whether the run goes on.
func (c *counter) add(amount int) bool {
	now := time.Now()
	if now.After(c.start) && now.Before(c.end) {
		atomic.AddInt64(&c.count, int64(amount))
	}
	return now.Before(c.end)
}

func (c *counter) perSecond() float64 {
	return float64(atomic.LoadInt64(&c.count)) / c.end.Sub(c.start).Seconds()
}

func bulk(o options) {
	var session *yamux.Session
	if !o.raw {
		session = dial(o)
	}
	c := newCounter(o)
	var all sync.WaitGroup
	for i := 0; i < o.n; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			var to net.Conn
			if o.raw {
				to = connect(o)
			} else {
				to = open(session, 'S')
			}
			pour(to, o, c)
			to.Close()
		}()
	}
	all.Wait()
	fmt.Printf("result MBps=%.1f\n", c.perSecond()/1e6)
}

func pour(to net.Conn, o options, c *counter) int64 {
	buffer := make([]byte, o.write)
	var own int64
	for {
		k, err := to.Write(buffer)
		check(err)
		own += int64(k)
		if !c.add(k) {
			return own
		}
	}
}

func rate(o options) {
	session := dial(o)
	c := newCounter(o)
	times := newTimes()
	var all sync.WaitGroup
	for i := 0; i < o.n; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			message := make([]byte, 65)
			message[0] = 'E'
			answer := make([]byte, 64)
			for {
				start := time.Now()
				stream, err := session.OpenStream()
				check(err)
				_, err = stream.Write(message)
				check(err)
				_, err = io.ReadFull(stream, answer)
				check(err)
				check(stream.Close())
				if start.After(c.start) {
					times.add(time.Since(start))
				}
				if !c.add(1) {
					return
				}
			}
		}()
	}
	all.Wait()
	fmt.Printf("result perSecond=%.1f %s\n", c.perSecond(), times.figures(""))
}

// ping measures round trips of 64 bytes on one stream; beside bulk streams also on a connection of its own.
func ping(o options) {
	session := dial(o)
	var stop int32
	for i := 0; i < o.bulk; i++ {
		stream := open(session, 'S')
		go func() {
			buffer := make([]byte, o.write)
			for atomic.LoadInt32(&stop) == 0 {
				if _, err := stream.Write(buffer); err != nil {
					check(err)
				}
			}
		}()
	}
	c := newCounter(o)
	shared, own := newTimes(), newTimes()
	var all sync.WaitGroup
	all.Add(1)
	go probe(open(session, 'E'), o, c, shared, &all)
	if o.bulk > 0 {
		all.Add(1)
		go probe(open(dial(o), 'E'), o, c, own, &all)
	}
	all.Wait()
	atomic.StoreInt32(&stop, 1)
	fmt.Printf("result %s %s\n", shared.figures(""), own.figures("own_"))
}

func probe(stream net.Conn, o options, c *counter, times *times, all *sync.WaitGroup) {
	defer all.Done()
	message := make([]byte, 64)
	for {
		start := time.Now()
		_, err := stream.Write(message)
		check(err)
		_, err = io.ReadFull(stream, message)
		check(err)
		if start.After(c.start) {
			times.add(time.Since(start))
		}
		if !c.add(1) {
			return
		}
		if o.bulk > 0 {
			time.Sleep(time.Millisecond)
		}
	}
}

// fair has n writers share the link and reports Jain's index of what each of them got.
func fair(o options) {
	session := dial(o)
	c := newCounter(o)
	got := make([]int64, o.n)
	var all sync.WaitGroup
	for i := 0; i < o.n; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			got[i] = pour(open(session, 'S'), o, c)
		}(i)
	}
	all.Wait()
	var sum, squares float64
	for _, bytes := range got {
		sum += float64(bytes)
		squares += float64(bytes) * float64(bytes)
	}
	fmt.Printf("result jain=%.5f MBps=%.1f\n", sum*sum/(float64(o.n)*squares), c.perSecond()/1e6)
}

// times collects latencies from many goroutines.
type times struct {
	mutex sync.Mutex
	all   []time.Duration
}

func newTimes() *times { return &times{} }

func (t *times) add(d time.Duration) {
	t.mutex.Lock()
	t.all = append(t.all, d)
	t.mutex.Unlock()
}

func (t *times) figures(prefix string) string {
	sort.Slice(t.all, func(i, j int) bool { return t.all[i] < t.all[j] })
	at := func(share float64) float64 {
		if len(t.all) == 0 {
			return 0
		}
		i := int(share * float64(len(t.all)))
		if i >= len(t.all) {
			i = len(t.all) - 1
		}
		return float64(t.all[i].Nanoseconds()) / 1e3
	}
	return fmt.Sprintf("%sn=%d %sp50us=%.1f %sp99us=%.1f %smaxus=%.1f",
		prefix, len(t.all), prefix, at(.5), prefix, at(.99), prefix, at(1))
}
