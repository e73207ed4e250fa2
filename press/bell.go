package press

import (
	"sync"
	"time"
)

// bell tells many watchers that something changed, now and then.
type bell struct {
	every time.Duration
	mu    sync.Mutex
	next  chan struct{} // closed at the next ring
	last  time.Time
	due   bool // the timer runs
	timer *time.Timer
}

func (b *bell) init(every time.Duration) {
	b.every, b.next = every, make(chan struct{})
	b.timer = time.AfterFunc(time.Hour, b.strike)
	b.timer.Stop()
}

// ring rings at once, or as soon as it may again.
func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.due {
		b.due = true
		b.timer.Reset(max(b.every-time.Since(b.last), 0))
	}
}

func (b *bell) strike() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.next)
	b.next, b.last, b.due = make(chan struct{}), time.Now(), false
}

func (b *bell) wait() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.next
}

func (b *bell) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.timer.Stop()
	b.due = true // no later ring starts it
}
