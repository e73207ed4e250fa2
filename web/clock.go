package web

import (
	"sync"
	"time"
)

// A wall clock further than this from the room's own was corrected.
const clockSlack = 2 * time.Second

// clockface reads the room's time of day off the room's own clock. The distance
// between the two stays the same for a whole run, so that a countdown is the
// same number on every page; only a corrected wall clock moves it.
type clockface struct {
	ticks func() int64
	wall  func() time.Time
	mu    sync.Mutex
	zero  time.Time // the time of day at ticks 0
}

func newClockface(ticks func() int64, wall func() time.Time) *clockface {
	return &clockface{ticks: ticks, wall: wall}
}

// read gives both: the time of day and the room's clock in milliseconds.
func (c *clockface) read() (time.Time, int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ticks, wall := c.ticks(), c.wall()
	now := c.zero.Add(time.Duration(ticks) * time.Millisecond)
	if d := wall.Sub(now); c.zero.IsZero() || d > clockSlack || d < -clockSlack {
		c.zero = wall.Add(-time.Duration(ticks) * time.Millisecond).Truncate(time.Millisecond)
		now = c.zero.Add(time.Duration(ticks) * time.Millisecond)
	}
	return now, ticks
}
